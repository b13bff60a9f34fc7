import { Option, type Command } from 'commander';
import type { App } from '../app.js';
import type { RunRow } from '../run/run.js';
import { closeRun, sayInterrupted } from './conduct.js';
import type { Desk } from './desk.js';
import { exitCodes } from './exit-code.js';
import { follow } from './follow.js';
import type { DetachedRun } from './parts.js';
import { makeRunView, type RunView } from './run-view.js';

export interface PlaceOptions {
  readonly foreground?: boolean;
  readonly detach?: boolean;
}

/** Where the work is done: in this process, or in one that outlives the terminal. */
export function placeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--foreground', 'work in this process (where there is no terminal: the default)'),
    )
    .addOption(
      new Option(
        '--detach',
        'work in a process of its own, and return once it has begun',
      ).conflicts('foreground'),
    );
}

const KEYS = 'q leaves it running; Ctrl-C brings it to a safe point';
const LAST_WORDS_MAX = 4000;

type Place = 'here' | 'attached' | 'detached';

/** A person's terminal only watches the run, which outlives it. A process that was so started works itself. */
function placeOf(desk: Desk, { foreground, detach }: PlaceOptions): Place {
  const { console, launcher } = desk.parts;
  if (launcher || foreground === true) return 'here';
  if (detach === true) return 'detached';
  const isPerson = console.canAsk && console.out.isTerminal && console.err.isTerminal;
  return isPerson ? 'attached' : 'here';
}

/** What a person at the terminal can do: leave, or stop the run as if it were here. */
function listen(
  desk: Desk,
  child: DetachedRun,
  {
    view,
    left,
    keys,
  }: {
    readonly view: RunView;
    readonly left: AbortController;
    readonly keys: boolean;
  },
): () => void {
  const { console } = desk.parts;
  const releaseKeys = console.onKey((key) => {
    if (keys && (key === 'q' || key === 'Q')) left.abort();
  });
  const releaseStop = console.onStop((signal) => {
    if (signal !== 'SIGINT') return left.abort();
    view.notice('Coming to a safe point; once more ends at once, q leaves it to that.');
    child.stop();
  });
  return () => {
    releaseKeys();
    releaseStop();
  };
}

async function settle(
  desk: Desk,
  app: App,
  about: { readonly row: RunRow; readonly exitCode: number; readonly lastWords: string },
): Promise<number> {
  const { row, exitCode, lastWords } = about;
  const { state } = await app.runState(row);
  if (state.finished || state.stopped) await closeRun(desk, app, row);
  else if (exitCode === exitCodes.interrupted) sayInterrupted(desk, row.run);
  else desk.parts.console.err.write(lastWords);
  return exitCode;
}

/** What the process said of late, to be shown when it ends in a way that the journal does not explain. */
function lastWordsOf(text: string): string {
  const at = text.lastIndexOf('error');
  return at < 0
    ? text.slice(-LAST_WORDS_MAX)
    : text.slice(Math.max(at, text.length - LAST_WORDS_MAX));
}

async function watch(
  desk: Desk,
  child: DetachedRun,
  about: {
    readonly run: string;
    readonly said: () => string;
    readonly onView: (view: RunView) => void;
  },
): Promise<number> {
  const app = await desk.app('read');
  const row = await app.findRun(about.run);
  const replay = await app.replay(row);
  const view = makeRunView(desk, app, replay.plan, row.mode);
  // By hand, what is typed are words.
  const keys = row.mode !== 'manual';
  const left = new AbortController();
  const release = listen(desk, child, { view, left, keys });
  view.begin(row.run, replay.state);
  if (keys) view.notice(KEYS);
  about.onView(view);
  try {
    await follow(app, row, { replay, view, left: left.signal });
  } finally {
    view.notice('');
    view.end();
    release();
  }
  if (left.signal.aborted && !replay.state.finished) {
    sayDetached(desk, child, row.run);
    return exitCodes.done;
  }
  const exitCode = await child.ended;
  return settle(desk, app, { row, exitCode, lastWords: lastWordsOf(about.said()) });
}

function sayDetached(desk: Desk, child: DetachedRun, run: string): void {
  desk.out.say(`run ${run} goes on in process ${child.pid}`);
  desk.out.say(`  watch it:  nightshift attach ${run}`);
  desk.out.say(`  its words: ${logFileOf(desk)}`);
}

function logFileOf(desk: Desk): string {
  return `${desk.settings.state.replace(/\/+$/, '')}/log/run.log`;
}

/**
 * Undefined when this process is to do the work itself. Else it is done by another one: gives the exit code of the run
 * that was watched to its end, 0 when it was left running, or that of a start that failed.
 */
export async function launch(desk: Desk, options: PlaceOptions): Promise<number | undefined> {
  const place = placeOf(desk, options);
  if (place === 'here') return undefined;
  let view: RunView | undefined;
  let said = '';
  const child = desk.parts.detach({
    logFile: logFileOf(desk),
    said(text) {
      said = (said + text).slice(-2 * LAST_WORDS_MAX);
      if (!view) desk.parts.console.err.write(text);
    },
    progress: (progress) => view?.onProgress(progress),
  });
  try {
    const run = await child.begun;
    if (run === undefined) return await child.ended;
    if (place === 'attached') {
      const onView = (made: RunView) => (view = made);
      return await watch(desk, child, { run, said: () => said, onView });
    }
    sayDetached(desk, child, run);
    return exitCodes.done;
  } finally {
    child.release();
  }
}
