import { StringDecoder } from 'node:string_decoder';
import type { ServerChannel } from 'ssh2';
import type { RandomStream } from '../../src/ports/random.js';
import { garble } from './in-process-connection.js';
import type { LabModel, ShellSink } from './model.js';

/** The device that a channel belongs to, and how its connection breaks. */
export interface WireEnd {
  readonly model: LabModel;
  readonly id: string;
  readonly chance: RandomStream;
  /** Resets the TCP connection. */
  reset(): void;
  /** Ends the SSH connection in good order. */
  hangUp(): void;
}

interface Sinks {
  readonly output: (text: string) => void;
  readonly closed: () => void;
}

/** A model shell behind a channel: hung and garbled as the faults want it. */
class ChannelShell {
  private readonly end: WireEnd;
  private readonly decoder = new StringDecoder('utf8');
  private name: string | undefined;
  private mute = false;

  constructor(end: WireEnd) {
    this.end = end;
  }

  /** False when the device takes no shell. */
  open(sinks: Sinks, options: { readonly paging?: false } = {}): boolean {
    this.name = this.end.model.openShell(this.end.id, this.sink(sinks), options);
    return this.name !== undefined;
  }

  type(bytes: Buffer): void {
    const text = this.decoder.write(bytes);
    if (this.mute || this.name === undefined || text === '') return;
    const { model, id } = this.end;
    model.send(id, { kind: 'input', shell: this.name, text });
  }

  close(): void {
    const { name } = this;
    this.name = undefined;
    if (name !== undefined) this.end.model.closeShell(this.end.id, name);
  }

  /** Does the shell show its prompt and wait, ask something, or work? */
  phase(): 'prompt' | 'question' | 'busy' {
    const state =
      this.name === undefined ? undefined : this.end.model.shell(this.end.id, this.name);
    if (!state || state.phase !== 'ready') return 'busy';
    return state.shell.question ? 'question' : 'prompt';
  }

  private sink(sinks: Sinks): ShellSink {
    const { model, id, chance } = this.end;
    return {
      output: (text) => {
        if (this.mute) return;
        sinks.output(model.suffers(id, 'garble-output') ? garble(text, chance) : text);
      },
      closed: () => {
        this.name = undefined;
        sinks.closed();
      },
      entered: (text) => {
        const effects = model.due('command', id, text);
        if (effects.some(({ kind }) => kind === 'hang-session')) this.mute = true;
        return effects;
      },
      drop: () => this.end.reset(),
    };
  }
}

function finish(channel: ServerChannel, code: number): void {
  channel.exit(code);
  channel.end();
}

/** An interactive shell. When the device ends it, the connection ends too, as on a real switch. */
export function serveShell(end: WireEnd, channel: ServerChannel): void {
  const shell = new ChannelShell(end);
  const isOpen = shell.open({
    output: (text) => channel.write(text),
    closed: () => {
      channel.once('close', () => end.hangUp());
      finish(channel, 0);
    },
  });
  if (!isOpen) return finish(channel, 1);
  channel.on('data', (bytes: Buffer) => shell.type(bytes));
  channel.on('end', () => channel.end());
  channel.on('close', () => shell.close());
  channel.on('error', () => shell.close());
}

/** One command: its output without banner, echo, pager and prompt. What the client sends answers its questions. */
export function serveCommand(end: WireEnd, channel: ServerChannel, command: string): void {
  const shell = new ChannelShell(end);
  const line = command.replace(/[\r\n]+/g, ' ');
  let phase: 'before' | 'echo' | 'output' | 'over' = 'before';
  /** The line that is not complete yet: the prompt, or a question. */
  let rest = '';
  const settle = () => {
    if (phase === 'before' || phase === 'over') return;
    const now = shell.phase();
    if (now === 'prompt') {
      phase = 'over';
      shell.close();
      finish(channel, 0);
    } else if (now === 'question') {
      channel.write(rest);
      rest = '';
    }
  };
  const output = (text: string) => {
    if (phase === 'before' || phase === 'over') return;
    const isEcho = phase === 'echo';
    phase = 'output';
    const whole = isEcho ? '' : rest + text;
    const cut = whole.lastIndexOf('\n') + 1;
    if (cut > 0) channel.write(whole.slice(0, cut));
    rest = whole.slice(cut);
    if (!isEcho) queueMicrotask(settle);
  };
  const isOpen = shell.open({ output, closed: () => finish(channel, 0) }, { paging: false });
  if (!isOpen) return finish(channel, 1);
  phase = 'echo';
  shell.type(Buffer.from(`${line}\r`));
  channel.on('data', (bytes: Buffer) => shell.type(bytes));
  channel.on('close', () => shell.close());
  channel.on('error', () => shell.close());
}
