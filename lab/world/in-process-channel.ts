import type { ByteChannel } from '../../src/ports/dialer.js';
import type { RandomStream } from '../../src/ports/random.js';
import { between } from './random.js';
import type { Scheduler } from './scheduler.js';

/** One direction of a connection: what is sent arrives later, and in order. */
export class Pipe {
  private readonly scheduler: Scheduler;
  private readonly label: string;
  private readonly latencyMs: number;
  private lastAtMs = 0;

  constructor(scheduler: Scheduler, label: string, latencyMs: number) {
    this.scheduler = scheduler;
    this.label = label;
    this.latencyMs = latencyMs;
  }

  /** Runs `action` at the far end, `extraMs` late and never before what was sent earlier. */
  send(action: () => void, extraMs = 0): void {
    const nowMs = this.scheduler.nowMs();
    const atMs = Math.max(this.lastAtMs, nowMs + this.latencyMs + extraMs);
    this.lastAtMs = atMs;
    this.scheduler.schedule(atMs - nowMs, action, this.label);
  }
}

const CHUNK_MAX = 1400;
const encoder = new TextEncoder();

/** Cuts text into the pieces in which a network might deliver it, without regard to characters. */
export function cut(text: string, chance: RandomStream): readonly Uint8Array[] {
  const bytes = encoder.encode(text);
  const pieces: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const isShort = chance.below(8) === 0;
    const size = between(chance, 1, isShort ? 8 : CHUNK_MAX);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** The controller's end of a shell. Listeners that come late get what arrived before. */
export class SimChannel implements ByteChannel {
  private readonly toDevice: (text: string) => void;
  private readonly hangUp: () => void;
  private waiting: Uint8Array[] = [];
  private listener: ((chunk: Uint8Array) => void) | undefined;
  private closeListeners: ((detail: string) => void)[] = [];
  private ended: string | undefined;

  constructor(toDevice: (text: string) => void, hangUp: () => void) {
    this.toDevice = toDevice;
    this.hangUp = hangUp;
  }

  write(text: string): void {
    if (this.ended === undefined) this.toDevice(text);
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.listener = listener;
    const early = this.waiting;
    this.waiting = [];
    for (const chunk of early) listener(chunk);
  }

  onClose(listener: (detail: string) => void): void {
    if (this.ended !== undefined) listener(this.ended);
    else this.closeListeners.push(listener);
  }

  close(): void {
    if (this.ended !== undefined) return;
    this.hangUp();
    this.end('closed by the controller');
  }

  arrive(chunk: Uint8Array): void {
    if (this.ended !== undefined) return;
    if (this.listener) this.listener(chunk);
    else this.waiting.push(chunk);
  }

  end(detail: string): void {
    if (this.ended !== undefined) return;
    this.ended = detail;
    const listeners = this.closeListeners;
    this.closeListeners = [];
    for (const listener of listeners) listener(detail);
  }

  /** Nobody listens any more: the controller died. */
  mute(): void {
    this.ended = 'the controller is gone';
    this.closeListeners = [];
    this.listener = undefined;
  }
}
