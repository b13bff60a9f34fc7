import type { UploadOutcome, UploadRequest } from '../../src/ports/dialer.js';
import type { CancelTimer } from '../../src/ports/clock.js';
import type { RandomStream } from '../../src/ports/random.js';
import type { LabDevice } from './lab-spec.js';
import type { LabModel } from './model.js';
import type { UploadDesk, UploadPlan } from './upload-desk.js';

export interface UploadParts {
  readonly model: LabModel;
  readonly desk: UploadDesk;
  readonly device: LabDevice;
  readonly chance: RandomStream;
}

const NOMINAL_BPS = 4_000_000;
const REPORTS_MAX = 50;
const TICK_MS_MIN = 500;

/** One transfer on lab time: steps of a fiftieth of the file, until it is whole or something is in the way. */
export class UploadRun {
  private readonly parts: UploadParts;
  private readonly request: UploadRequest;
  private readonly settle: (outcome: UploadOutcome) => void;
  private readonly bytesAMs: number;
  private readonly timers = new Set<CancelTimer>();
  private cancelPiece: CancelTimer | undefined;
  private plan: UploadPlan | undefined;
  private atBytes: number;
  private over = false;
  private readonly onAbort = () => this.break('aborted');

  constructor(
    parts: UploadParts,
    request: UploadRequest,
    settle: (outcome: UploadOutcome) => void,
  ) {
    this.parts = parts;
    this.request = request;
    this.settle = settle;
    this.atBytes = request.resumeFromBytes;
    const share = 0.7 + 0.6 * parts.chance.next();
    this.bytesAMs = ((parts.device.uploadBps ?? NOMINAL_BPS) * share) / 1000;
  }

  start(): void {
    const { request, parts } = this;
    if (request.signal?.aborted === true) return this.soon('aborted');
    const admission = parts.desk.admit(parts.device.id, {
      remotePath: request.remotePath,
      sizeBytes: request.source.sizeBytes,
      method: request.method,
      resumeFromBytes: request.resumeFromBytes,
    });
    if (admission.kind === 'refused') {
      this.after(1, () => this.end(admission));
      return;
    }
    this.plan = admission.plan;
    this.watch();
    this.next();
  }

  /** Begins where nothing answers any more and nobody knows yet. */
  startInVain(): void {
    if (this.request.signal?.aborted === true) return this.soon('aborted');
    this.watch();
    this.stall();
  }

  /** The device went without a word: what arrived is stored, and nothing more is taken. */
  cutOff(): void {
    if (this.over) return;
    this.store();
    this.plan = undefined;
    this.cancelPiece?.();
    this.stall();
  }

  /** The transfer ends in the middle; what arrived stays on the device. */
  break(detail: string): void {
    if (this.over) return;
    this.store();
    this.end({ kind: 'broken', sentBytes: this.atBytes, detail });
  }

  /** As `break`, with nobody left to be told. */
  abandon(): void {
    if (this.over) return;
    this.store();
    this.over = true;
    this.clear();
  }

  private watch(): void {
    this.request.signal?.addEventListener('abort', this.onAbort, { once: true });
    this.after(this.request.totalMs, () => this.break('the transfer took too long'));
  }

  private soon(detail: string): void {
    this.after(1, () => this.break(detail));
  }

  private stall(): void {
    const { stallMs } = this.request;
    this.after(stallMs, () => this.break(`no byte taken for ${Math.round(stallMs / 1000)} s`));
  }

  private after(delayMs: number, action: () => void): CancelTimer {
    const label = `upload to ${this.parts.device.id}`;
    const cancel = this.parts.model.scheduler.schedule(
      delayMs,
      () => {
        this.timers.delete(cancel);
        action();
      },
      label,
    );
    this.timers.add(cancel);
    return cancel;
  }

  private clear(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    this.request.signal?.removeEventListener('abort', this.onAbort);
  }

  private end(outcome: UploadOutcome): void {
    if (this.over) return;
    this.over = true;
    this.clear();
    this.settle(outcome);
  }

  /** Where the transfer cannot go on. */
  private barrier(plan: UploadPlan): number {
    const { stallAtBytes = Infinity, breakAtBytes = Infinity, roomBytes } = plan;
    const size = this.request.source.sizeBytes;
    return Math.max(this.atBytes, Math.min(size, stallAtBytes, breakAtBytes, roomBytes));
  }

  private next(): void {
    const { plan } = this;
    if (!plan) return;
    const barrier = this.barrier(plan);
    const piece = Math.max(
      this.request.source.sizeBytes / REPORTS_MAX,
      this.bytesAMs * TICK_MS_MIN,
    );
    const to = Math.min(barrier, Math.ceil(this.atBytes + piece));
    const go = () => {
      const tookMs = Math.ceil((to - this.atBytes) / this.bytesAMs);
      this.cancelPiece = this.after(tookMs, () => {
        this.atBytes = to;
        this.request.onProgress(to);
        if (to === barrier) this.arriveAt(plan);
        else this.next();
      });
    };
    if (!this.request.pace) return go();
    void this.request.pace.take(to - this.atBytes).then(() => {
      if (!this.over && this.plan === plan) go();
    });
  }

  private arriveAt(plan: UploadPlan): void {
    const { request, atBytes } = this;
    if (plan.breakAtBytes !== undefined && atBytes >= plan.breakAtBytes) {
      return this.break('connection reset by peer');
    }
    if (plan.stallAtBytes !== undefined && atBytes >= plan.stallAtBytes) {
      return this.stall();
    }
    this.store();
    if (atBytes >= request.source.sizeBytes) return this.end({ kind: 'sent', sentBytes: atBytes });
    this.end({ kind: 'no-space', sentBytes: atBytes, detail: 'No space left on device' });
  }

  private store(): void {
    const { plan, parts, request, atBytes } = this;
    if (!plan || atBytes === 0) return;
    parts.desk.finish(parts.device.id, plan, { source: request.source, haveBytes: atBytes });
  }
}
