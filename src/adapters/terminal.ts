import { createInterface } from 'node:readline';

interface TerminalStream {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  write(text: string): void;
}

function streamOf(stream: NodeJS.WriteStream): TerminalStream {
  let gone = false;
  // A reader that went away (`| head`) is no error of ours.
  stream.on('error', () => {
    gone = true;
  });
  return {
    get isTerminal() {
      return stream.isTTY === true;
    },
    get columns() {
      // Some terminals do not know their size, and say 0.
      return stream.isTTY ? stream.columns || undefined : undefined;
    },
    get rows() {
      return stream.isTTY ? stream.rows || undefined : undefined;
    },
    write(text) {
      if (!gone) stream.write(text);
    },
  };
}

/** One line from the person. With `hidden` nothing of it is shown. Undefined when the input ended. */
function ask(question: string, hidden: boolean): Promise<string | undefined> {
  const { stdin, stderr } = process;
  return new Promise((resolve) => {
    stderr.write(question);
    const lines = createInterface({ input: stdin, terminal: false });
    const raw = hidden && stdin.isTTY;
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      if (raw) stderr.write('\n');
      resolve(answer);
    });
  });
}

/** Reads keys one by one without echo, as a passphrase is typed. */
function askHidden(question: string): Promise<string | undefined> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return ask(question, true);
  return new Promise((resolve) => {
    stderr.write(question);
    let typed = '';
    stdin.setRawMode(true);
    stdin.resume();
    const end = (value: string | undefined) => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      resolve(value);
    };
    const onData = (chunk: Buffer) => {
      for (const key of chunk.toString('utf8')) {
        if (key === '\r' || key === '\n') return end(typed);
        if (key === '\u0003' || key === '\u0004') return end(undefined);
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on('data', onData);
  });
}

/** Reads keys one by one, as they are pressed. What the terminal itself makes of Ctrl-C and Ctrl-Z is kept. */
function onKey(listener: (key: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const onData = (chunk: Buffer) => {
    for (const key of chunk.toString('utf8')) {
      if (key === '\u0003') process.kill(process.pid, 'SIGINT');
      else if (key === '\u001a') {
        stdin.setRawMode(false);
        process.kill(process.pid, 'SIGTSTP');
      } else listener(key);
    }
  };
  const onContinued = () => void stdin.setRawMode(true);
  // A terminal that is hung up is told of by its signal.
  const onError = () => undefined;
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.on('error', onError);
  stdin.resume();
  process.on('SIGCONT', onContinued);
  return () => {
    process.off('SIGCONT', onContinued);
    stdin.off('data', onData);
    stdin.pause();
    try {
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
  };
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The person's end of this process: stdout, stderr, the keyboard, and the signals that ask to stop. */
export function createTerminal() {
  return {
    out: streamOf(process.stdout),
    err: streamOf(process.stderr),
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    askSecret: askHidden,
    async askYes(question: string): Promise<boolean> {
      const answer = await ask(question, false);
      return answer !== undefined && /^y(es)?$/i.test(answer.trim());
    },
    onKey,
    onStop(listener: (signal: (typeof STOP_SIGNALS)[number]) => void): () => void {
      for (const signal of STOP_SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, listener);
      };
    },
    quit(exitCode: number): void {
      process.exit(exitCode);
    },
  };
}
