import type { PullResult } from '../../src/driver/personality.js';
import type { CancelTimer } from '../../src/ports/clock.js';
import type { OfferRequest } from '../../src/ports/image-server.js';
import type { LabModel } from './model.js';
import { nameOf, type PullOrder } from './pull-desk.js';
import type { Trouble, UploadDesk } from './upload-desk.js';

export interface PullParts {
  readonly model: LabModel;
  readonly desk: UploadDesk;
  readonly order: PullOrder;
  readonly request: OfferRequest;
  readonly bytesAMs: number;
  readonly trouble: Trouble;
}

const REPORTS_MAX = 50;
const TICK_MS_MIN = 500;
/** How long a device waits for the next byte, whatever the server's own limit. */
const PATIENCE_MS = 60_000;

/** One file on its way to a device that fetches it, on lab time. */
export class PullRun {
  private readonly parts: PullParts;
  private readonly settle: (result: PullResult) => void;
  private atBytes = 0;
  private cancel: CancelTimer = () => {};
  private over = false;

  constructor(parts: PullParts, settle: (result: PullResult) => void) {
    this.parts = parts;
    this.settle = settle;
  }

  start(): void {
    this.next();
  }

  /** The server or the connection gives up: the device keeps nothing. */
  break(why: string): void {
    if (this.over) return;
    this.cancel();
    this.after(1, () => this.end({ kind: 'failed', why }));
  }

  /** The device gives up, and nobody is told. */
  abandon(): void {
    this.over = true;
    this.cancel();
  }

  private after(delayMs: number, action: () => void): void {
    const label = `fetch of ${this.parts.order.device}`;
    this.cancel = this.parts.model.scheduler.schedule(delayMs, action, label);
  }

  private end(result: PullResult): void {
    if (this.over) return;
    this.over = true;
    this.cancel();
    this.settle(result);
  }

  private next(): void {
    const { bytesAMs, request, trouble } = this.parts;
    const { sizeBytes } = request.source;
    const { stallAtBytes = Infinity, breakAtBytes = Infinity } = trouble;
    const barrier = Math.max(this.atBytes, Math.min(sizeBytes, stallAtBytes, breakAtBytes));
    const piece = Math.max(sizeBytes / REPORTS_MAX, bytesAMs * TICK_MS_MIN);
    const to = Math.min(barrier, Math.ceil(this.atBytes + piece));
    const go = () =>
      this.after(Math.ceil((to - this.atBytes) / bytesAMs), () => this.arrive(to, barrier));
    if (!request.pace) return go();
    void request.pace.take(to - this.atBytes).then(() => {
      if (!this.over) go();
    });
  }

  private arrive(to: number, barrier: number): void {
    const { request, trouble } = this.parts;
    this.atBytes = to;
    request.onProgress(to);
    if (to < barrier) return this.next();
    if (trouble.breakAtBytes !== undefined && to >= trouble.breakAtBytes) {
      return this.break('connection reset by peer');
    }
    if (trouble.stallAtBytes !== undefined && to >= trouble.stallAtBytes) {
      return this.after(PATIENCE_MS, () => this.end({ kind: 'failed', why: 'timed out' }));
    }
    const { source } = request;
    const haveBytes = Math.min(source.sizeBytes, trouble.keepBytes ?? Infinity);
    const { desk, order } = this.parts;
    const arrived = { source, haveBytes, corrupt: trouble.corrupt };
    this.end({ kind: 'got', file: desk.fileOf(nameOf(order.path), arrived) });
  }
}
