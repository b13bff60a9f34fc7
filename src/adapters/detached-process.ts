import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault, messageOf } from '../kernel/fault.js';
import { makeFolder } from './folder.js';
import { openRotatingFile } from './rotating-file.js';

/** Names the log file of a detached process to that process; nothing else is told by it. */
export const DETACHED_LOG = 'NIGHTSHIFT_DETACHED_LOG';

const LOG_BYTES_MAX = 10_000_000;

/** What a detached process tells its launcher, as long as that listens. */
type Word =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'begun'; readonly run: string }
  | { readonly kind: 'progress'; readonly progress: object }
  | { readonly kind: 'ended'; readonly exitCode: number };

export interface DetachOptions<Progress> {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  /** What it says on its way: why it does not begin, what it waits for, how it ends. */
  readonly said: (text: string) => void;
  readonly progress: (progress: Progress) => void;
}

/** The file is taken over for what the runtime itself may say at its end. */
function openLog(path: string): number {
  try {
    makeFolder(dirname(path), 0o700);
    return openSync(path, 'a', 0o600);
  } catch (thrown) {
    throw new Fault('state-unwritable', `${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function start({ argv, env, logFile }: Omit<DetachOptions<unknown>, 'said' | 'progress'>) {
  const log = openLog(logFile);
  const [, program = ''] = process.argv;
  try {
    return spawn(process.execPath, [program, ...argv], {
      // A session of its own: neither the terminal nor its hang-up reaches it.
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...env, [DETACHED_LOG]: logFile },
    });
  } finally {
    closeSync(log);
  }
}

function letGo(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.unref();
}

/** Starts this program anew, in a session of its own, with the same place, environment and rights. */
export function startDetached<Progress>(options: DetachOptions<Progress>) {
  const child = start(options);
  let begin: (run: string | undefined) => void = () => undefined;
  let end: (exitCode: number) => void = () => undefined;
  const begun = new Promise<string | undefined>((settle) => (begin = settle));
  const ended = new Promise<number>((settle) => (end = settle));
  child.on('message', (word: Word) => {
    if (word.kind === 'said') options.said(word.text);
    if (word.kind === 'progress') options.progress(Object(word.progress));
    if (word.kind === 'ended') end(word.exitCode);
    if (word.kind === 'begun') begin(word.run);
  });
  child.once('error', (error) => {
    options.said(`the process could not be started: ${error.message}\n`);
    begin(undefined);
    end(1);
  });
  child.once('exit', (code) => {
    begin(undefined);
    end(code ?? 1);
  });
  return {
    pid: child.pid ?? 0,
    /** The name of the run once it goes; undefined when the process ended before. */
    begun,
    /** The exit code of the run; 1 when the process was killed. */
    ended,
    /** As Ctrl-C: the first asks for a safe point, the second ends at once. */
    stop() {
      if (child.connected) child.send({ kind: 'stop' }, () => undefined);
    },
    /** Lets go of it: it lives on, and tells us no more. */
    release: () => letGo(child),
  };
}

/** The other end: what a process does that was started so. */
export function openLauncher(logFile: string) {
  const append = openRotatingFile({ path: logFile, maxBytes: LOG_BYTES_MAX });
  let isBusy = false;
  const tell = (word: Word, done: () => void = () => undefined) => {
    if (process.connected) process.send?.(word, undefined, undefined, done);
    else done();
  };
  const stream = (isTalk: boolean) => ({
    isTerminal: false,
    columns: undefined,
    rows: undefined,
    write(text: string) {
      append(text);
      if (isTalk) tell({ kind: 'said', text });
    },
  });
  // Hung up on is nothing to us, whoever asks; and a launcher that is gone keeps nobody here.
  process.on('SIGHUP', () => undefined);
  return {
    console: {
      out: stream(false),
      err: stream(true),
      canAsk: false,
      askSecret: () => Promise.resolve(undefined),
      askYes: () => Promise.resolve(false),
      onKey: () => () => undefined,
      onStop(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
        const onMessage = (word: unknown) => {
          if (Object(word).kind === 'stop') listener('SIGINT');
        };
        process.on('message', onMessage);
        process.channel?.unref();
        process.on('SIGINT', listener);
        process.on('SIGTERM', listener);
        return () => {
          process.off('message', onMessage);
          process.off('SIGINT', listener);
          process.off('SIGTERM', listener);
        };
      },
      quit(exitCode: number): void {
        process.exit(exitCode);
      },
    },
    launcher: {
      begun: (run: string) => tell({ kind: 'begun', run }),
      ended: (exitCode: number) => tell({ kind: 'ended', exitCode }),
      /** A launcher that is slow misses some of it. */
      progress(progress: object) {
        if (isBusy) return;
        isBusy = true;
        tell({ kind: 'progress', progress }, () => (isBusy = false));
      },
    },
  };
}
