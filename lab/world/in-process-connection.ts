import type {
  ByteChannel,
  Connection,
  UploadOutcome,
  UploadRequest,
} from '../../src/ports/dialer.js';
import type { Random, RandomStream } from '../../src/ports/random.js';
import { cut, Pipe, SimChannel } from './in-process-channel.js';
import { UploadRun } from './in-process-upload.js';
import type { LabDevice } from './lab-spec.js';
import type { LabModel, ShellSink } from './model.js';
import type { UploadDesk } from './upload-desk.js';

export interface ConnectionParts {
  readonly model: LabModel;
  readonly desk: UploadDesk;
  readonly random: Random;
  readonly device: LabDevice;
  readonly hostKey: string;
  readonly chance: RandomStream;
  readonly roundTripMs: number;
  readonly onEnd: (connection: SimConnection) => void;
}

interface OpenShell {
  readonly channel: SimChannel;
  name: string | undefined;
  isMute: boolean;
}

const NOISE = '~`^|_\u0001\u007f\u00ff';

/** Unreadable text of the same length; line ends stay, so that it still arrives as lines. */
export function garble(text: string, chance: RandomStream): string {
  return text.replace(/[^\r\n]/g, () => NOISE[chance.below(NOISE.length)] ?? '~');
}

/** One login to a simulated device. */
export class SimConnection implements Connection {
  readonly hostKey: string;
  private readonly parts: ConnectionParts;
  private readonly shells = new Set<OpenShell>();
  private readonly uploads = new Set<UploadRun>();
  private readonly disconnect: () => void;
  private readonly toDevice: Pipe;
  private readonly toController: Pipe;
  private ended = false;

  constructor(parts: ConnectionParts) {
    this.parts = parts;
    this.hostKey = parts.hostKey;
    const { scheduler } = parts.model;
    const oneWayMs = parts.roundTripMs / 2;
    this.toDevice = new Pipe(scheduler, `to ${parts.device.id}`, oneWayMs);
    this.toController = new Pipe(scheduler, `from ${parts.device.id}`, oneWayMs);
    this.disconnect = parts.model.connect(parts.device.id, (detail) => this.break(detail));
  }

  get isOpen(): boolean {
    return !this.ended;
  }

  openShell(): Promise<ByteChannel | undefined> {
    return new Promise((resolve) => {
      if (this.ended) return resolve(undefined);
      this.toDevice.send(() => {
        const channel = this.ended ? undefined : this.startShell();
        this.toController.send(() => resolve(channel));
      });
    });
  }

  upload(request: UploadRequest): Promise<UploadOutcome> {
    if (this.ended) {
      return Promise.resolve({ kind: 'broken', sentBytes: 0, detail: 'the connection is closed' });
    }
    return new Promise((resolve) => {
      const run = new UploadRun(this.parts, request, (outcome) => {
        this.uploads.delete(run);
        resolve(outcome);
      });
      this.uploads.add(run);
      run.start();
    });
  }

  close(): void {
    if (this.ended) return;
    this.end();
    for (const { channel } of this.shells) channel.end('closed by the controller');
    this.leave('closed by the controller');
  }

  /** The controller died: the device sees the connection end, the controller sees nothing. */
  kill(): void {
    if (this.ended) return;
    this.end();
    for (const { channel } of this.shells) channel.mute();
    for (const upload of this.uploads) upload.abandon();
    this.uploads.clear();
    this.leave('the controller is gone');
  }

  /** The connection breaks; what was on its way still arrives before the news of it. */
  private break(detail: string): void {
    if (this.ended) return;
    this.end();
    for (const upload of [...this.uploads]) upload.break(detail);
    this.leave(detail);
    this.toController.send(() => {
      for (const { channel } of this.shells) channel.end(detail);
    });
  }

  private end(): void {
    this.ended = true;
    this.disconnect();
    this.parts.onEnd(this);
  }

  /** The device closes its side. */
  private leave(detail: string): void {
    const { model, device } = this.parts;
    for (const upload of [...this.uploads]) upload.break(detail);
    for (const { name } of this.shells) {
      if (name !== undefined) model.closeShell(device.id, name);
    }
  }

  private startShell(): SimChannel | undefined {
    const { model, device } = this.parts;
    const channel: SimChannel = new SimChannel(
      (text) => this.type(open, text),
      () => this.toDevice.send(() => this.hangUp(open)),
    );
    const open: OpenShell = { channel, name: undefined, isMute: false };
    this.shells.add(open);
    open.name = model.openShell(device.id, this.sinkOf(open));
    return open.name === undefined ? undefined : channel;
  }

  private type(open: OpenShell, text: string): void {
    this.toDevice.send(() => {
      if (this.ended || open.name === undefined || open.isMute) return;
      this.parts.model.send(this.parts.device.id, { kind: 'input', shell: open.name, text });
    });
  }

  private hangUp(open: OpenShell): void {
    if (open.name !== undefined) this.parts.model.closeShell(this.parts.device.id, open.name);
    this.shells.delete(open);
  }

  private sinkOf(open: OpenShell): ShellSink {
    const { model, device, chance } = this.parts;
    return {
      output: (text) => {
        if (open.isMute || this.ended) return;
        const isGarbled = model.suffers(device.id, 'garble-output');
        for (const piece of cut(isGarbled ? garble(text, chance) : text, chance)) {
          this.toController.send(() => open.channel.arrive(piece), chance.below(3));
        }
      },
      closed: (detail) => this.toController.send(() => open.channel.end(detail)),
      entered: (text) => {
        const effects = model.due('command', device.id, text);
        if (effects.some(({ kind }) => kind === 'hang-session')) open.isMute = true;
        return effects;
      },
      drop: (detail) => this.break(detail),
    };
  }
}
