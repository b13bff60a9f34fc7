import type { App } from '../../src/app.js';
import type { Console, Stream } from '../../src/cli/console.js';
import type { CliParts } from '../../src/cli/parts.js';
import { runCli } from '../../src/cli/cli.js';

export const SECRET = 'Pa55-planted-word';

export interface Spoken {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface FakeOptions {
  readonly app?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: { readonly columns: number; readonly rows: number };
  readonly parts?: Partial<CliParts>;
  /** What a person at the keyboard says to every yes-or-no question; without it nobody is there. */
  readonly answer?: boolean;
  /** Filled by the command: call it as a person presses Ctrl-C. */
  readonly onStop?: (stop: () => void) => void;
}

export interface Logged {
  readonly level: string;
  readonly fields: unknown;
}

const none = () => Promise.reject(new Error('no state here'));
const noState = { backUp: none, restore: none, verify: none, migrate: none, prune: none };

/** Records what is said on both streams, and hands out an App made of the parts a test needs. */
export function fakeParts(options: FakeOptions) {
  const said = { out: '', err: '' };
  const logged: Logged[] = [];
  const quits: number[] = [];
  const stream = (name: 'out' | 'err'): Stream => ({
    isTerminal: options.terminal !== undefined,
    columns: options.terminal?.columns,
    rows: options.terminal?.rows,
    write: (text) => {
      said[name] += text;
    },
  });
  const console: Console = {
    out: stream('out'),
    err: stream('err'),
    canAsk: options.answer !== undefined,
    askSecret: async () => undefined,
    askYes: async (question) => {
      said.err += question;
      return options.answer ?? false;
    },
    onStop: (listener) => {
      options.onStop?.(() => listener('SIGINT'));
      return () => undefined;
    },
    onKey: () => () => undefined,
    quit: (code) => quits.push(code),
  };
  const world = {
    secrets: { redact: (text: string) => text.replaceAll(SECRET, '<secret>') },
    log: {
      write: (level: string, _message: string, fields: unknown) => logged.push({ level, fields }),
    },
    files: { stat: async () => undefined },
    clock: { now: () => 0 },
    ...(options.app as { world?: object } | undefined)?.world,
  };
  const app = { ...options.app, world } as unknown as App;
  const parts: CliParts = {
    console,
    env: options.env ?? {},
    version: '1.2.3',
    program: ['/usr/bin/node', '/opt/nightshift/bin/nightshift'],
    home: '/home/tess',
    user: 'tess',
    detach: () => {
      throw new Error('no process here');
    },
    open: async () => ({ app, logFile: '/state/log/nightshift.log', close: async () => undefined }),
    lab: () => Promise.reject(new Error('no lab here')),
    keeper: async () => ({ ...noState, freeBytes: async () => 1e12, rows: async () => [] }),
    renderReport: async () => '',
    schemas: async () => ({}),
    keepSecret: () => 'env:TYPED',
    ...options.parts,
  };
  return { parts, said, logged, quits };
}

/** Runs one command line in this process. */
export async function typed(argv: readonly string[], options: FakeOptions = {}): Promise<Spoken> {
  const { parts, said } = fakeParts(options);
  const code = await runCli(argv, parts);
  return { code, ...said };
}
