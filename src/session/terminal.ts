import { assert } from '../kernel/assert.js';
import type { CancelTimer, Clock } from '../ports/clock.js';
import type { ByteChannel } from '../ports/dialer.js';
import { decide, type Decision, type Move, type ReadyDialog } from './decide.js';
import type { CommandLimits, Dialect } from './dialect.js';
import { echoEnd } from './echo.js';
import { isNoise, learn, nothingLearned, type LearnedPrompts, type PromptMatch } from './prompt.js';
import { Screen } from './screen.js';

const ANSWERS_MAX = 10;
/** What a device may say unasked before it is forgotten. */
const UNASKED_LINES_MAX = 1000;

export interface ExchangeRequest {
  /** Sent as it is; empty only listens. */
  readonly write: string;
  /** The line whose echo comes first; undefined where none is expected. */
  readonly sent?: string;
  readonly dialogs: readonly ReadyDialog[];
  readonly limits: CommandLimits;
  readonly anyPrompt: boolean;
}

export type ExchangeEnd =
  | { readonly kind: 'prompt'; readonly match: PromptMatch }
  | { readonly kind: 'question' | 'idle-limit' | 'total-limit' | 'overflow' }
  | { readonly kind: 'closed'; readonly detail: string };

export interface Exchanged {
  readonly end: ExchangeEnd;
  /** Finished output lines behind the echo and before the prompt, log lines taken out. */
  readonly lines: readonly string[];
  /** All that the screen showed. */
  readonly shown: string;
  /** The line that the cursor was left on. */
  readonly current: string;
  readonly answers: readonly ReadyDialog[];
}

interface Running {
  readonly request: ExchangeRequest;
  readonly resolve: (exchanged: Exchanged) => void;
  readonly answers: ReadyDialog[];
  echoEnd: number | undefined;
  fromLine: number;
  receivedBytes: number;
  lastByteMs: number;
}

/** Speaks over one byte channel, one exchange at a time. Knows prompts and questions, not commands. */
export class Terminal {
  readonly #channel: ByteChannel;
  readonly #clock: Clock;
  readonly #dialect: Dialect;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #screen = new Screen();
  #learned: LearnedPrompts = nothingLearned;
  #hasEchoed = false;
  #running: Running | undefined;
  #quiet: CancelTimer | undefined;
  #idle: CancelTimer | undefined;
  #total: CancelTimer | undefined;
  #closed: string | undefined;

  constructor(channel: ByteChannel, clock: Clock, dialect: Dialect) {
    this.#channel = channel;
    this.#clock = clock;
    this.#dialect = dialect;
    channel.onData((chunk) => {
      this.#receive(chunk);
    });
    channel.onClose((detail) => {
      this.#end(detail);
    });
  }

  get isOpen(): boolean {
    return this.#closed === undefined;
  }

  get hostname(): string | undefined {
    return this.#learned.host;
  }

  /** Ends the channel; an exchange under way ends with `closed`. */
  close(): void {
    if (this.#closed !== undefined) return;
    this.#end('closed by us');
    this.#channel.close();
  }

  /** Sends and reads on until a prompt, a question, a limit or the end of the channel. */
  exchange(request: ExchangeRequest): Promise<Exchanged> {
    assert(this.#running === undefined, 'one exchange at a time');
    return new Promise((resolve) => {
      const listening = request.write === '';
      if (!listening) this.#screen.clear();
      this.#running = {
        request,
        resolve,
        answers: [],
        echoEnd: request.sent === undefined ? 0 : undefined,
        fromLine: 0,
        receivedBytes: 0,
        lastByteMs: this.#clock.monotonicMs(),
      };
      if (this.#closed !== undefined) {
        this.#finish({ kind: 'closed', detail: this.#closed });
        return;
      }
      this.#startLimits(request.limits);
      if (listening) this.#advance();
      else this.#channel.write(request.write);
    });
  }

  #startLimits(limits: CommandLimits): void {
    this.#total = this.#clock.monotonicTimer(limits.totalMs, () => {
      this.#finish({ kind: 'total-limit' });
    });
    this.#watchIdle(limits.idleMs);
  }

  /** One timer that is set again when it fires, instead of one a chunk. */
  #watchIdle(delayMs: number): void {
    this.#idle = this.#clock.monotonicTimer(delayMs, () => {
      const running = this.#running;
      if (!running) return;
      const silentMs = this.#clock.monotonicMs() - running.lastByteMs;
      const leftMs = running.request.limits.idleMs - silentMs;
      if (leftMs > 0) this.#watchIdle(leftMs);
      else this.#finish({ kind: 'idle-limit' });
    });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#closed !== undefined) return;
    this.#screen.feed(this.#decoder.decode(chunk, { stream: true }));
    const running = this.#running;
    if (!running) {
      if (this.#screen.lines.length > UNASKED_LINES_MAX) this.#screen.clear();
      return;
    }
    running.receivedBytes += chunk.length;
    running.lastByteMs = this.#clock.monotonicMs();
    if (running.receivedBytes > running.request.limits.outputBytesMax)
      this.#finish({ kind: 'overflow' });
    else this.#advance();
  }

  #end(detail: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = detail;
    if (this.#running) this.#finish({ kind: 'closed', detail });
  }

  #advance(): void {
    this.#quiet?.();
    this.#quiet = undefined;
    const running = this.#running;
    if (!running) return;
    this.#seekEcho(running);
    const decision = this.#decide(running);
    if (decision.kind === 'now') this.#make(decision.move);
    else if (decision.kind === 'quiet') this.#wait(decision.afterMs, decision.move);
  }

  #wait(afterMs: number, move: Move): void {
    this.#quiet = this.#clock.monotonicTimer(afterMs, () => {
      this.#quiet = undefined;
      this.#make(move);
    });
  }

  #seekEcho(running: Running): void {
    if (running.echoEnd !== undefined || running.request.sent === undefined) return;
    const context = { dialect: this.#dialect, prompts: this.#learned.texts };
    running.echoEnd = echoEnd(this.#screen.lines, running.request.sent, context);
    if (running.echoEnd === undefined) return;
    this.#hasEchoed = true;
    running.fromLine = Math.max(running.fromLine, running.echoEnd);
  }

  #decide(running: Running): Decision {
    const { request } = running;
    return decide(this.#screen, {
      dialect: this.#dialect,
      learned: this.#learned,
      dialogs: request.dialogs.filter(
        (dialog) => !dialog.once || !running.answers.includes(dialog),
      ),
      fromLine: running.fromLine,
      echo: running.echoEnd !== undefined ? 'seen' : this.#hasEchoed ? 'usual' : 'never-yet',
      anyPrompt: request.anyPrompt,
    });
  }

  #make(move: Move): void {
    const running = this.#running;
    if (!running) return;
    // A sign that was believed for want of an echo: from here on the device is taken as one that does not echo.
    running.echoEnd ??= 0;
    switch (move.kind) {
      case 'prompt':
        this.#learned = learn(this.#learned, move.match);
        this.#finish({ kind: 'prompt', match: move.match }, move.atLine);
        return;
      case 'question':
        this.#finish({ kind: 'question' });
        return;
      case 'key':
        this.#screen.eraseCurrent();
        this.#channel.write(move.key);
        return;
      case 'answer':
        this.#answer(running, move.dialog);
    }
  }

  #answer(running: Running, dialog: ReadyDialog): void {
    if (running.answers.length >= ANSWERS_MAX) {
      this.#finish({ kind: 'question' });
      return;
    }
    running.answers.push(dialog);
    running.fromLine = this.#screen.lines.length + 1;
    running.lastByteMs = this.#clock.monotonicMs();
    this.#channel.write(dialog.enter ? `${dialog.answer}\r` : dialog.answer);
  }

  #finish(end: ExchangeEnd, promptLine?: number): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    for (const cancel of [this.#quiet, this.#idle, this.#total]) cancel?.();
    this.#quiet = this.#idle = this.#total = undefined;
    const all = [...this.#screen.lines, this.#screen.current];
    const lines = all
      .slice(running.echoEnd ?? 0, promptLine ?? all.length)
      .filter((line) => !isNoise(line, this.#dialect));
    running.resolve({
      end,
      lines,
      shown: all.join('\n'),
      current: this.#screen.current,
      answers: running.answers,
    });
  }
}
