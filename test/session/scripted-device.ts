import type { ByteChannel } from '../../src/ports/dialer.js';

/** What the device says to a line (or to one key): text, silence, or the end of the session. */
export type Reply = string | Uint8Array | { readonly say: string; readonly hangUp: true };

export interface Script {
  readonly greeting: string | Uint8Array;
  /** Gets each finished line or, while `keys` holds, each character. */
  readonly reply: (input: string) => Reply;
  /** Are single keys taken now? */
  readonly keys?: () => boolean;
  /** Cuts what is said into chunks. */
  readonly cut?: (bytes: Uint8Array) => readonly Uint8Array[];
}

/** A device behind a byte channel, echo and all included in what the script says. */
export class ScriptedDevice implements ByteChannel {
  readonly typed: string[] = [];
  closedByUs = false;
  #data: (chunk: Uint8Array) => void = () => undefined;
  #close: (detail: string) => void = () => undefined;
  #pending = '';
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.#data = listener;
    queueMicrotask(() => this.say(this.#script.greeting));
  }

  onClose(listener: (detail: string) => void): void {
    this.#close = listener;
  }

  close(): void {
    this.closedByUs = true;
  }

  hangUp(): void {
    this.#close('connection reset');
  }

  say(what: string | Uint8Array): void {
    const bytes = typeof what === 'string' ? new TextEncoder().encode(what) : what;
    for (const chunk of this.#script.cut?.(bytes) ?? [bytes]) this.#data(chunk);
  }

  write(text: string): void {
    for (const character of text) {
      if (this.#script.keys?.()) this.#take(character);
      else if (character === '\r') {
        const line = this.#pending;
        this.#pending = '';
        this.#take(line);
      } else this.#pending += character;
    }
  }

  #take(input: string): void {
    this.typed.push(input);
    const reply = this.#script.reply(input);
    queueMicrotask(() => {
      if (typeof reply === 'object' && 'hangUp' in reply) {
        this.say(reply.say);
        this.hangUp();
      } else this.say(reply);
    });
  }
}
