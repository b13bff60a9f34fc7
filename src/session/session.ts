import { assert } from '../kernel/assert.js';
import { Fault } from '../kernel/fault.js';
import type { Clock } from '../ports/clock.js';
import type { ByteChannel } from '../ports/dialer.js';
import type {
  CliSession,
  CommandLimits,
  CommandOptions,
  CommandOutcome,
  Dialect,
  Dialog,
  ModeMove,
  TranscriptEntry,
} from './dialect.js';
import { readyDialogs, type SessionSecrets } from './dialogs.js';
import { reachHome, type OpenFailure } from './opening.js';
import { modePath } from './mode-path.js';
import { checkClean, checkLine, readOnlyPermit, type Permit } from './permission.js';
import { prepareDialect } from './prompt.js';
import { Terminal, type Exchanged } from './terminal.js';

export interface SessionOptions {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly limits: CommandLimits;
  readonly secrets?: SessionSecrets;
  /** Without it only read-only lines pass. The caller may change `permit.current` at any time. */
  readonly permit?: Permit;
  /** Called once an exchange, also for those of the opening. */
  readonly record?: (entry: TranscriptEntry) => void;
  /** Blanks secrets in what is recorded, beyond the session's own. */
  readonly redact?: (text: string) => string;
}

export type OpenOutcome = { readonly kind: 'open'; readonly session: ShellSession } | OpenFailure;

/**
 * Finds the prompt on a fresh shell, learns the hostname, moves to the dialect's home mode and sends its opening lines.
 * Never throws for what a device does; after anything but `open` the channel is closed.
 */
export async function openSession(
  channel: ByteChannel,
  options: SessionOptions,
): Promise<OpenOutcome> {
  const dialect = prepareDialect(options.dialect);
  const session = new ShellSession(new Terminal(channel, options.clock, dialect), {
    ...options,
    dialect,
  });
  const failure = await session.start();
  if (!failure) return { kind: 'open', session };
  session.close();
  return failure;
}

/** Exchanges that a step sends must be told apart from those that the session makes on its own. */
interface Sending {
  readonly line: string;
  readonly dialogs: readonly Dialog[];
  readonly limits: CommandLimits;
}

/** A CLI session over a byte channel. After any outcome but `output` and `failed` it is closed. */
export class ShellSession implements CliSession {
  readonly #terminal: Terminal;
  readonly #options: SessionOptions;
  readonly #permit: Permit;
  #banner = '';
  #mode = '';
  #busy = false;

  constructor(terminal: Terminal, options: SessionOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#permit = options.permit ?? readOnlyPermit();
  }

  get isOpen(): boolean {
    return this.#terminal.isOpen;
  }

  get hostname(): string | undefined {
    return this.#terminal.hostname;
  }

  get banner(): string {
    return this.#banner;
  }

  /** The mode of the last prompt. */
  get mode(): string {
    return this.#mode;
  }

  /** Used once, by `openSession`. */
  async start(): Promise<OpenFailure | undefined> {
    const reached = await reachHome(this.#terminal, {
      dialect: this.#options.dialect,
      limits: this.#options.limits,
      onBanner: (banner) => {
        this.#banner = banner;
        this.#record('', { kind: 'output', text: banner, mode: '' }, { shown: banner });
      },
      send: (line, dialogs) => this.#send({ line, dialogs, limits: this.#options.limits }),
    });
    if (reached.kind !== 'home') return reached;
    this.#mode = reached.mode;
    return undefined;
  }

  async send(line: string, options: CommandOptions = {}): Promise<CommandOutcome> {
    checkLine(line, this.#options.dialect, this.#permit);
    return this.#command(line, options);
  }

  async read(line: string, options: CommandOptions = {}): Promise<string> {
    const outcome = await this.send(line, options);
    const quoted = JSON.stringify(line);
    switch (outcome.kind) {
      case 'output':
        return outcome.text;
      case 'failed':
        throw new Fault('garbled-answer', `${quoted} was refused: ${outcome.marker}`);
      case 'question':
        throw new Fault('unknown-dialog', `${quoted} led to a question: ${lastLine(outcome.text)}`);
      case 'closed':
        throw new Fault('unreachable', `the session ended during ${quoted}: ${outcome.detail}`, {
          retry: 'safe',
        });
      default:
        throw new Fault('session-limit', `${quoted} ended with ${outcome.kind}`, { retry: 'safe' });
    }
  }

  /**
   * Goes to another mode along the dialect's moves. The moves' lines need the permission as any others. The outcome is
   * that of the last line sent; a mode that cannot be reached is a Fault `driver-broken`.
   */
  async enter(mode: string): Promise<CommandOutcome> {
    let outcome: CommandOutcome = { kind: 'output', text: '', mode: this.#mode };
    for (const move of this.#pathTo(mode)) {
      checkLine(move.send, this.#options.dialect, this.#permit);
      outcome = await this.#command(move.send, { dialogs: move.dialogs ?? [] });
      if (outcome.kind !== 'output' || outcome.mode !== move.to) break;
    }
    return outcome;
  }

  close(): void {
    this.#terminal.close();
  }

  #pathTo(mode: string): readonly ModeMove[] {
    const path = modePath(this.#options.dialect, this.#mode, mode);
    if (path) return path;
    throw new Fault('driver-broken', `no move leads from mode ${this.#mode} to mode ${mode}`);
  }

  async #command(line: string, options: CommandOptions): Promise<CommandOutcome> {
    assert(!this.#busy, 'one command at a time');
    this.#busy = true;
    try {
      return await this.#send({
        line,
        dialogs: options.dialogs ?? [],
        limits: { ...this.#options.limits, ...options.limits },
      });
    } finally {
      this.#busy = false;
    }
  }

  async #send(sending: Sending): Promise<CommandOutcome> {
    checkClean(sending.line);
    const exchanged = await this.#terminal.exchange({
      write: `${sending.line}\r`,
      sent: sending.line,
      dialogs: readyDialogs(sending.dialogs, this.#options.secrets ?? {}),
      limits: sending.limits,
      anyPrompt: false,
    });
    const outcome = this.#outcomeOf(exchanged);
    if (outcome.kind === 'output') this.#mode = outcome.mode;
    else if (exchanged.end.kind === 'prompt') this.#mode = exchanged.end.match.mode;
    else this.#terminal.close();
    this.#record(sending.line, outcome, exchanged);
    return outcome;
  }

  #outcomeOf(exchanged: Exchanged): CommandOutcome {
    const text = exchanged.lines.join('\n').trimEnd();
    const { end } = exchanged;
    if (end.kind === 'closed') return { kind: 'closed', text, detail: end.detail };
    if (end.kind !== 'prompt') return { kind: end.kind, text };
    const marker = exchanged.lines.find((line) =>
      this.#options.dialect.failures.some((failure) => failure.test(line)),
    );
    if (marker !== undefined) return { kind: 'failed', text, marker: marker.trim() };
    return { kind: 'output', text, mode: end.match.mode };
  }

  #record(
    line: string,
    outcome: CommandOutcome,
    exchanged: Pick<Exchanged, 'shown'> & Partial<Pick<Exchanged, 'answers'>>,
  ): void {
    const { record, redact, clock } = this.#options;
    if (!record) return;
    const answers = (exchanged.answers ?? []).map((one) => (one.secret ? '<secret>' : one.answer));
    const blank = (text: string) => this.#blankSecrets(redact ? redact(text) : text);
    record({
      atMs: clock.now(),
      sent: blank([line, ...answers].join('\n')),
      received: blank(exchanged.shown),
      outcome: outcome.kind,
    });
  }

  #blankSecrets(text: string): string {
    const secret = this.#options.secrets?.enable;
    return secret ? text.replaceAll(secret, '<secret>') : text;
  }
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1).trim();
}
