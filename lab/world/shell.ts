import type { SimShell } from '../../src/driver/personality.js';

/** A shell at the byte level: what was typed, what waits, what the pager holds back. */
export interface ShellState {
  readonly shell: SimShell;
  /** Typed on the current line, not yet entered. */
  readonly typed: string;
  /** Arrived but not looked at: typed ahead while a command runs. */
  readonly queue: string;
  /** `entered`: a line is on its way to the personality. `running`: its output is not complete yet. */
  readonly phase: 'ready' | 'entered' | 'running';
  readonly afterReturn: boolean;
  /** Lines that the pager holds back; empty when it is closed. */
  readonly held: readonly string[];
}

/** What comes of input: echo, and at most one entered line (or key). */
export interface Typed {
  readonly state: ShellState;
  readonly echo: string;
  readonly entered?: string;
  /** The pager was closed: the prompt is due. */
  readonly promptDue: boolean;
}

const LINE_CHARS_MAX = 4096;
const QUEUE_CHARS_MAX = 65_536;
const PAGE_LINES = 23;
const PAGER = ' --More-- ';
const PAGER_ERASED = `${'\b'.repeat(PAGER.length)}${' '.repeat(PAGER.length)}${'\b'.repeat(PAGER.length)}`;
const BELL = '\u0007';

export function newShell(shell: SimShell): ShellState {
  return { shell, typed: '', queue: '', phase: 'ready', afterReturn: false, held: [] };
}

/** Adds what arrived; beyond the limit it is lost, as in a real terminal buffer. */
export function arrive(state: ShellState, text: string): ShellState {
  return { ...state, queue: (state.queue + text).slice(0, QUEUE_CHARS_MAX) };
}

/** Takes `text` for output through the pager: what is shown now, the rest is held. */
export function page(state: ShellState, text: string): { state: ShellState; shown: string } {
  if (!state.shell.paging) return { state, shown: text };
  const lines = text.split(/(?<=\n)/);
  if (lines.length <= PAGE_LINES) return { state, shown: text };
  const held = lines.slice(PAGE_LINES);
  return { state: { ...state, held }, shown: lines.slice(0, PAGE_LINES).join('') + PAGER };
}

function pageOn(state: ShellState, key: string): Typed {
  const go = key === 'q' ? state.held.length : key === '\r' || key === '\n' ? 1 : PAGE_LINES;
  const shown = key === 'q' ? '' : state.held.slice(0, go).join('');
  const held = state.held.slice(go);
  const echo = PAGER_ERASED + shown + (held.length > 0 ? PAGER : '');
  return { state: { ...state, held }, echo, promptDue: held.length === 0 };
}

const ERASED = '\b \b';

/** An editing key or a character of a line. */
function edit(typed: string, char: string): { typed: string; echo: string } {
  if (char === '\b' || char === '\u007f') {
    return { typed: typed.slice(0, -1), echo: typed === '' ? '' : ERASED };
  }
  if (char === '\u0015') return { typed: '', echo: ERASED.repeat(typed.length) };
  if (char < ' ') return { typed, echo: '' };
  if (typed.length >= LINE_CHARS_MAX) return { typed, echo: BELL };
  return { typed: typed + char, echo: char };
}

function one(state: ShellState, char: string): Typed {
  const afterReturn = char === '\r';
  const next = { ...state, afterReturn };
  if (char === '\n' && state.afterReturn) return { state: next, echo: '', promptDue: false };
  if (state.held.length > 0) return pageOn(next, char);
  const entered = (text: string, echo: string): Typed => ({
    state: { ...next, typed: '', phase: 'entered' },
    echo,
    entered: text,
    promptDue: false,
  });
  if (state.shell.question?.takes === 'key') return entered(char, '');
  if (char === '\r' || char === '\n') return entered(state.typed, '\r\n');
  if (char === '\u0003') {
    return { state: { ...next, typed: '' }, echo: '^C\r\n', promptDue: true };
  }
  const { typed, echo } = edit(state.typed, char);
  return { state: { ...next, typed }, echo: isHidden(state) ? '' : echo, promptDue: false };
}

const isHidden = (state: ShellState) => state.shell.question?.hidden === true;

/** Plain characters at the start of the queue, which are nothing but a longer line. */
function plainRun(state: ShellState): string {
  const isTyping = state.held.length === 0 && state.shell.question?.takes !== 'key';
  const run = isTyping ? (/^[\u0020-\u007e]+/.exec(state.queue)?.[0] ?? '') : '';
  return state.typed.length + run.length < LINE_CHARS_MAX ? run : '';
}

/** Works through the queue until a line is entered, a prompt is due, or nothing is left. */
export function typeIn(start: ShellState): Typed {
  let state = start;
  let echo = '';
  while (state.queue !== '') {
    const run = plainRun(state);
    if (run !== '') {
      const queue = state.queue.slice(run.length);
      state = { ...state, queue, typed: state.typed + run, afterReturn: false };
      if (!isHidden(state)) echo += run;
    } else {
      const char = String.fromCodePoint(state.queue.codePointAt(0) ?? 0);
      const typed = one({ ...state, queue: state.queue.slice(char.length) }, char);
      state = typed.state;
      echo += typed.echo;
      if (typed.entered !== undefined || typed.promptDue) return { ...typed, echo };
    }
  }
  return { state, echo, promptDue: false };
}
