import type {
  ByteChannel,
  Connection,
  UploadOutcome,
  UploadRequest,
} from '../../src/ports/dialer.js';
import type { Random, RandomStream } from '../../src/ports/random.js';
import { cut, Pipe, SimChannel } from './in-process-channel.js';
import { UploadRun } from './in-process-upload.js';
import { Keepalive } from './keepalive.js';
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
  readonly keepaliveMs: number;
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
  /** Shells that are asked for and have not come yet. */
  private readonly asked = new Set<(channel: ByteChannel | undefined) => void>();
  private readonly disconnect: () => void;
  private readonly toDevice: Pipe;
  private readonly toController: Pipe;
  private readonly sinceMs: number;
  /** Set once the device went without a word and the controller does not know. */
  private keepalive: Keepalive | undefined;
  private state: 'open' | 'ended' | 'killed' = 'open';

  constructor(parts: ConnectionParts) {
    this.parts = parts;
    this.hostKey = parts.hostKey;
    const { scheduler } = parts.model;
    const oneWayMs = parts.roundTripMs / 2;
    this.sinceMs = scheduler.nowMs();
    this.toDevice = new Pipe(scheduler, `to ${parts.device.id}`, oneWayMs);
    this.toController = new Pipe(scheduler, `from ${parts.device.id}`, oneWayMs);
    this.disconnect = parts.model.connect(parts.device.id, (detail, isSilent) => {
      if (isSilent) this.cutOff();
      else this.break(detail);
    });
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  openShell(): Promise<ByteChannel | undefined> {
    return new Promise((resolve) => {
      if (this.state === 'ended') return resolve(undefined);
      const give = (channel: ByteChannel | undefined) => {
        if (this.asked.delete(give)) resolve(channel);
      };
      this.asked.add(give);
      this.transmit(() => {
        const channel = this.startShell();
        this.toController.send(() => give(channel));
      });
    });
  }

  upload(request: UploadRequest): Promise<UploadOutcome> {
    if (this.state !== 'open') {
      return Promise.resolve({ kind: 'broken', sentBytes: 0, detail: 'the connection is closed' });
    }
    return new Promise((resolve) => {
      const run = new UploadRun(this.parts, request, (outcome) => {
        this.uploads.delete(run);
        resolve(outcome);
      });
      this.uploads.add(run);
      if (this.keepalive) run.startInVain();
      else run.start();
    });
  }

  close(): void {
    if (this.state !== 'open') return;
    this.end('ended');
    for (const { channel } of this.shells) channel.end('closed by the controller');
    this.leave('closed by the controller');
  }

  /** The controller died: the device sees the connection end, the controller sees nothing. */
  kill(): void {
    if (this.state !== 'open') return;
    this.end('killed');
    this.asked.clear();
    for (const { channel } of this.shells) channel.mute();
    for (const upload of this.uploads) upload.abandon();
    this.uploads.clear();
    this.leave('the controller is gone');
  }

  /** The connection breaks; what was on its way still arrives before the news of it. */
  private break(detail: string): void {
    if (this.state !== 'open') return;
    this.end('ended');
    this.leave(detail);
    this.toController.send(() => {
      for (const { channel } of this.shells) channel.end(detail);
    });
  }

  /** The device lost its power. Nobody tells the controller, whose connection looks open for a while. */
  private cutOff(): void {
    for (const upload of this.uploads) upload.cutOff();
    for (const open of this.shells) open.name = undefined;
    const { model, device, keepaliveMs, roundTripMs } = this.parts;
    const parts = {
      scheduler: model.scheduler,
      label: `keepalive of ${device.id}`,
      intervalMs: keepaliveMs,
      roundTripMs,
      answers: () => model.isReachable(device.id),
      onLost: (detail: string) => this.break(detail),
    };
    this.keepalive = new Keepalive(parts, this.sinceMs);
  }

  private end(state: 'ended' | 'killed'): void {
    this.state = state;
    this.keepalive?.stop();
    this.disconnect();
    this.parts.onEnd(this);
  }

  /** Runs `action` at the device, if the connection still leads there by then. */
  private transmit(action: () => void): void {
    this.toDevice.send(() => {
      if (this.state !== 'open') return;
      if (this.keepalive) this.keepalive.poke();
      else action();
    });
  }

  /** Both sides let go of what the connection carried. */
  private leave(detail: string): void {
    const { model, device } = this.parts;
    for (const upload of Array.from(this.uploads)) upload.break(detail);
    for (const { name } of this.shells) {
      if (name !== undefined) model.closeShell(device.id, name);
    }
    for (const give of Array.from(this.asked)) this.toController.send(() => give(undefined));
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
    this.transmit(() => {
      if (open.name === undefined || open.isMute) return;
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
        if (open.isMute || this.state !== 'open') return;
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
