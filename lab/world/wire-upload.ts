import { createHash, type Hash } from 'node:crypto';
import { basename } from 'node:path/posix';
import type { SimFile, SimMember } from '../../src/driver/personality.js';
import type { TransferMethod } from '../../src/ports/dialer.js';
import { findFile, hashesOf } from './flash.js';
import type { LabModel } from './model.js';
import type { UploadDesk, UploadPlan } from './upload-desk.js';

/** What became of a piece of a file. `stalled`: not taken, and no answer is due. `broken`: the connection is to break. */
export type Taken = 'taken' | 'no-space' | 'stalled' | 'broken' | 'refused';

export interface IncomingOrder {
  readonly remotePath: string;
  readonly method: TransferMethod;
  /** Undefined when the client does not tell (sftp). */
  readonly sizeBytes: number | undefined;
  /** Goes on behind what is there. */
  readonly resumes: boolean;
}

interface Hashes {
  readonly sha512: Hash;
  readonly md5: Hash;
}

/** Content of which the beginning is on a device. */
interface Beginning {
  readonly hashes: Hashes;
  readonly damaged: boolean;
}

const WAITING_BYTES_MAX = 64 * 1024 * 1024;
const BEGINNINGS_MAX = 2000;
const SIZE_UNKNOWN = 256 * 1024 * 1024;

const newHashes = (): Hashes => ({ sha512: createHash('sha512'), md5: createHash('md5') });
const copyOf = ({ sha512, md5 }: Hashes): Hashes => ({ sha512: sha512.copy(), md5: md5.copy() });

/** Takes in files for the devices of a wire lab: hashes what comes and drops it. */
export class WireDesk {
  private readonly model: LabModel;
  private readonly desk: UploadDesk;
  /** How to go on with the incomplete files on the devices, by their SHA-512. */
  private readonly beginnings = new Map<string, Beginning>();

  constructor(model: LabModel, desk: UploadDesk) {
    this.model = model;
    this.desk = desk;
  }

  /** A file begins to come. Text: why it may not. */
  admit(id: string, order: IncomingOrder): IncomingFile | string {
    if (!this.model.isUp(id)) return 'the system is going down';
    const there = this.fileAt(id, order.remotePath);
    const sizeBytes = order.sizeBytes ?? this.expectedBytes(id, order.remotePath);
    const resumeFromBytes = order.resumes ? (there?.sizeBytes ?? 0) : 0;
    const { remotePath, method } = order;
    const admission = this.desk.admit(id, { remotePath, sizeBytes, method, resumeFromBytes });
    if (admission.kind === 'refused') return admission.detail;
    const beginning = resumeFromBytes > 0 ? this.beginningOf(there) : undefined;
    return new IncomingFile(admission.plan, { heldBytes: resumeFromBytes, beginning }, (file) => {
      this.remember(file.sha512, file.beginning);
      this.land(id, admission.plan.memberId, file);
    });
  }

  /** The file that a path names, if the device has it. */
  fileAt(id: string, remotePath: string): SimFile | undefined {
    const device = this.model.device(id);
    const target = this.model.personality(id).uploadTarget(device, remotePath);
    const member = device.members.find((known) => known.id === target?.memberId);
    return target && member && findFile(member, target.fileName);
  }

  /** The member whose flash a path names: the path of a file, or of the flash itself. */
  flashOf(id: string, path: string): SimMember | undefined {
    const device = this.model.device(id);
    const personality = this.model.personality(id);
    const probes = path.endsWith(':') || path.endsWith('/') ? [`${path}x`] : [`${path}/x`];
    const target = probes.map((probe) => personality.uploadTarget(device, probe)).find(Boolean);
    return device.members.find((member) => member.id === target?.memberId);
  }

  /** Shares of a file are counted by this when the protocol tells no size: the image of that name, or of that platform. */
  private expectedBytes(id: string, remotePath: string): number {
    const { images } = this.model.spec;
    const name = basename(remotePath.replace(/^.*:/, ''));
    const named = images.find((image) => basename(image.path) === name);
    const { platform } = this.model.device(id);
    const sizes = images.filter((image) => image.platform === platform).map((i) => i.sizeBytes);
    return named?.sizeBytes ?? (sizes.length > 0 ? Math.max(...sizes) : SIZE_UNKNOWN);
  }

  /** What was not received here cannot be gone on with: its content is not known. */
  private beginningOf(there: SimFile | undefined): Beginning {
    const known = this.beginnings.get(there?.sha512 ?? '');
    return known ?? { hashes: newHashes(), damaged: true };
  }

  private remember(sha512: string, beginning: Beginning): void {
    if (this.beginnings.size >= BEGINNINGS_MAX) {
      const [oldest] = this.beginnings.keys();
      if (oldest !== undefined) this.beginnings.delete(oldest);
    }
    this.beginnings.set(sha512, beginning);
  }

  private land(id: string, memberId: string, file: Arrived): void {
    const image = this.model.imageOf(file.sha512);
    this.model.receiveFile(id, memberId, {
      name: file.name,
      sizeBytes: file.sizeBytes,
      sha512: file.sha512,
      md5: file.md5,
      ...(image && { image: { platform: image.platform, version: image.version } }),
      modifiedAtMs: this.model.scheduler.nowMs(),
    });
  }
}

interface Arrived {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha512: string;
  readonly md5: string;
  readonly beginning: Beginning;
}

/** One file on its way in. Pieces may come in any order. */
export class IncomingFile {
  private readonly plan: UploadPlan;
  private readonly land: (file: Arrived) => void;
  private hashes: Hashes;
  private damaged: boolean;
  /** So much of the file is here, from its start. */
  private atBytes: number;
  private keptBytes: number;
  private readonly waiting = new Map<number, Buffer>();
  private waitingBytes = 0;
  private verdict: Taken = 'taken';
  private over = false;

  constructor(
    plan: UploadPlan,
    start: { readonly heldBytes: number; readonly beginning: Beginning | undefined },
    land: (file: Arrived) => void,
  ) {
    this.plan = plan;
    this.land = land;
    this.atBytes = start.heldBytes;
    this.keptBytes = start.heldBytes;
    this.hashes = start.beginning ? copyOf(start.beginning.hashes) : newHashes();
    this.damaged = start.beginning?.damaged ?? false;
  }

  get sizeBytes(): number {
    return this.keptBytes;
  }

  /** Takes the piece that belongs at `offset`; bytes before what is held are taken to be repeats. */
  write(offset: number, piece: Buffer): Taken {
    if (this.over) return 'refused';
    if (this.verdict !== 'taken') return this.verdict;
    if (offset > this.atBytes) return this.keepForLater(offset, piece);
    this.take(offset, piece);
    for (let next = this.nextWaiting(); next; next = this.nextWaiting()) {
      this.waiting.delete(next[0]);
      this.waitingBytes -= next[1].length;
      this.take(next[0], next[1]);
    }
    return this.verdict;
  }

  /** The file is complete, or as much of it as came: it is in the flash now. */
  finish(): void {
    if (this.over) return;
    this.over = true;
    if (this.waiting.size > 0) this.damaged = true;
    this.waiting.clear();
    const hashes = copyOf(this.hashes);
    const truth = { sha512: hashes.sha512.digest('hex'), md5: hashes.md5.digest('hex') };
    const isDamaged = this.damaged || this.plan.corrupt;
    const identity = isDamaged ? hashesOf(`damaged:${truth.sha512}:${this.keptBytes}`) : truth;
    this.land({
      name: this.plan.fileName,
      sizeBytes: this.keptBytes,
      ...identity,
      beginning: { hashes: this.hashes, damaged: isDamaged },
    });
  }

  private nextWaiting(): readonly [number, Buffer] | undefined {
    for (const entry of this.waiting) if (entry[0] <= this.atBytes) return entry;
    return undefined;
  }

  private keepForLater(offset: number, piece: Buffer): Taken {
    this.waitingBytes += piece.length;
    if (this.waitingBytes > WAITING_BYTES_MAX) return 'refused';
    this.waiting.set(offset, Buffer.from(piece));
    return 'taken';
  }

  /** Everything of `piece` that fits, up to where the transfer is in trouble. */
  private take(offset: number, piece: Buffer): void {
    const fresh = piece.subarray(Math.max(0, this.atBytes - offset));
    const { roomBytes, stallAtBytes = Infinity, breakAtBytes = Infinity, keepBytes } = this.plan;
    const wall = Math.min(roomBytes, stallAtBytes, breakAtBytes);
    const taken = fresh.subarray(0, Math.max(0, wall - this.atBytes));
    const kept = taken.subarray(0, Math.max(0, (keepBytes ?? Infinity) - this.atBytes));
    this.hashes.sha512.update(kept);
    this.hashes.md5.update(kept);
    this.atBytes += taken.length;
    this.keptBytes += kept.length;
    if (this.atBytes >= breakAtBytes) this.verdict = 'broken';
    else if (this.atBytes >= stallAtBytes) this.verdict = 'stalled';
    else if (taken.length < fresh.length) this.verdict = 'no-space';
  }
}
