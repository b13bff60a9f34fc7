import type { SimFile } from '../../src/driver/personality.js';
import type { FileSource, TransferMethod } from '../../src/ports/dialer.js';
import { findFile, freeBytes, hashesOf } from './flash.js';
import type { LabModel } from './model.js';

export interface UploadOrder {
  readonly remotePath: string;
  readonly sizeBytes: number;
  readonly method: TransferMethod;
  readonly resumeFromBytes: number;
}

/** What will become of a transfer, as far as the device and the faults decide it. Offsets count from the file's start. */
export interface UploadPlan {
  readonly memberId: string;
  readonly fileName: string;
  /** More does not fit. */
  readonly roomBytes: number;
  readonly stallAtBytes?: number;
  readonly breakAtBytes?: number;
  /** The device claims success, but keeps only so much. */
  readonly keepBytes?: number;
  readonly corrupt: boolean;
  /** Goes on behind what is there. */
  readonly resumes: boolean;
}

export type UploadAdmission =
  | { readonly kind: 'open'; readonly plan: UploadPlan }
  | { readonly kind: 'refused'; readonly detail: string };

/** Content of which the device holds `sizeBytes` from the start. */
interface Held {
  readonly sha512: string;
  readonly corrupt: boolean;
}

/** Takes files in for the devices of a model, for any face. */
export class UploadDesk {
  private readonly model: LabModel;
  /** What the incomplete files on the devices are the beginning of, by their own hash. */
  private readonly beginnings = new Map<string, Held>();

  constructor(model: LabModel) {
    this.model = model;
  }

  /** May this file come, and what will happen to it? Upload faults are counted here, once a transfer. */
  admit(id: string, order: UploadOrder): UploadAdmission {
    const device = this.model.device(id);
    const target = this.model.personality(id).uploadTarget(device, order.remotePath);
    const member = device.members.find((known) => known.id === target?.memberId);
    if (!target || !member) {
      return { kind: 'refused', detail: `${order.remotePath}: no such file or directory` };
    }
    if (this.model.suffers(id, 'refuse-writes')) {
      return { kind: 'refused', detail: `${order.remotePath}: read-only file system` };
    }
    const there = findFile(member, target.fileName);
    const problem = resumeProblem(order, there);
    if (problem !== undefined) return { kind: 'refused', detail: problem };
    const roomBytes = freeBytes(member) + (there?.sizeBytes ?? 0);
    if (order.sizeBytes > roomBytes) {
      this.model.tooLarge(
        id,
        `${target.fileName} has ${order.sizeBytes} bytes, ${roomBytes} are free`,
      );
    }
    const resumes = order.resumeFromBytes > 0;
    const trouble = this.trouble(id, order.sizeBytes);
    return { kind: 'open', plan: { ...target, roomBytes, resumes, ...trouble } };
  }

  /**
   * The transfer is over, with `haveBytes` of the file on the device. A whole file has the source's identity, or a wrong
   * one if it was damaged; an incomplete one has its own.
   */
  finish(id: string, plan: UploadPlan, arrived: { source: FileSource; haveBytes: number }): void {
    const { source } = arrived;
    const haveBytes = Math.min(arrived.haveBytes, plan.keepBytes ?? Infinity);
    const corrupt = plan.corrupt || (plan.resumes && this.continuesDamage(id, plan, source));
    const file = this.fileOf(plan.fileName, { source, haveBytes, corrupt });
    this.beginnings.set(file.sha512, { sha512: source.sha512, corrupt });
    this.model.receiveFile(id, plan.memberId, file);
  }

  /** What the device holds of a file: the source's identity if it is whole, its own if it is not. */
  fileOf(
    name: string,
    arrived: { readonly source: FileSource; readonly haveBytes: number; readonly corrupt: boolean },
  ): SimFile {
    const { source, haveBytes, corrupt } = arrived;
    const isWhole = haveBytes === source.sizeBytes && !corrupt;
    const word = `${corrupt ? 'damaged' : 'part'}:${source.sha512}:${haveBytes}`;
    const identity = isWhole ? { sha512: source.sha512, md5: source.md5 } : hashesOf(word);
    const image = this.model.imageOf(identity.sha512);
    return {
      name,
      sizeBytes: haveBytes,
      ...identity,
      ...(image && { image: { platform: image.platform, version: image.version } }),
      modifiedAtMs: this.model.scheduler.nowMs(),
    };
  }

  /** Is the beginning on the device damaged already, or that of another file? */
  private continuesDamage(id: string, plan: UploadPlan, source: FileSource): boolean {
    const member = this.model.device(id).members.find((known) => known.id === plan.memberId);
    const there = member && findFile(member, plan.fileName);
    const held = this.beginnings.get(there?.sha512 ?? '');
    return held?.sha512 !== source.sha512 || held.corrupt;
  }

  /** What the faults do to a transfer of so many bytes. Each call counts as one transfer. */
  trouble(id: string, sizeBytes: number): Trouble {
    let plan: Trouble = { corrupt: false };
    const at = (share: number) => Math.floor(sizeBytes * share);
    for (const effect of this.model.due('upload', id)) {
      if (effect.kind === 'corrupt-copy') plan = { ...plan, corrupt: true };
      if (effect.kind === 'truncate-copy') plan = { ...plan, keepBytes: at(effect.atShare) };
      if (effect.kind === 'stall-copy') plan = { ...plan, stallAtBytes: at(effect.atShare) };
      if (effect.kind === 'break-copy') plan = { ...plan, breakAtBytes: at(effect.atShare) };
    }
    return plan;
  }
}

type Place = Pick<UploadPlan, 'memberId' | 'fileName' | 'roomBytes' | 'resumes'>;
export type Trouble = Omit<UploadPlan, keyof Place>;

function resumeProblem(order: UploadOrder, there: SimFile | undefined): string | undefined {
  if (order.resumeFromBytes === 0) return undefined;
  if (order.method !== 'sftp') return 'scp cannot resume a file';
  if (order.resumeFromBytes > order.sizeBytes) return 'the offset is behind the end of the file';
  if (!there || there.sizeBytes < order.resumeFromBytes) return 'the file to resume is not there';
  return undefined;
}
