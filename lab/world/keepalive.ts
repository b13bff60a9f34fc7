import type { CancelTimer } from '../../src/ports/clock.js';
import type { Scheduler } from './scheduler.js';

/** As the controller's SSH client counts them. */
const UNANSWERED_MAX = 3;

export interface KeepaliveParts {
  readonly scheduler: Scheduler;
  readonly label: string;
  /** 0: none are sent. */
  readonly intervalMs: number;
  readonly roundTripMs: number;
  /** Does something answer at the address again? It knows nothing of the old connection. */
  readonly answers: () => boolean;
  readonly onLost: (detail: string) => void;
}

/**
 * What is left of a connection whose device lost its power without a word. The controller learns of it when keepalives
 * stay unanswered, or by a reset once something answers again.
 */
export class Keepalive {
  private readonly parts: KeepaliveParts;
  private unanswered = 0;
  private pending: CancelTimer | undefined;

  /** `sinceMs`: when the connection was made, which the keepalives are counted from. */
  constructor(parts: KeepaliveParts, sinceMs: number) {
    this.parts = parts;
    const { intervalMs, scheduler } = parts;
    if (intervalMs > 0) this.next(intervalMs - ((scheduler.nowMs() - sinceMs) % intervalMs));
  }

  /** Something was sent: a device that is back refuses it. */
  poke(): void {
    if (!this.parts.answers()) return;
    this.stop();
    this.after(this.parts.roundTripMs, () => this.parts.onLost('connection reset by peer'));
  }

  stop(): void {
    this.pending?.();
    this.pending = undefined;
  }

  private after(delayMs: number, action: () => void): void {
    this.pending = this.parts.scheduler.schedule(delayMs, action, this.parts.label);
  }

  private next(delayMs: number): void {
    this.after(delayMs, () => {
      if (this.unanswered >= UNANSWERED_MAX) return this.parts.onLost('keepalive timeout');
      this.unanswered += 1;
      if (this.parts.answers()) this.poke();
      else this.next(this.parts.intervalMs);
    });
  }
}
