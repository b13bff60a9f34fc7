import type { Dialect } from './dialect.js';
import { isNoise, matchPrompt, type LearnedPrompts, type PromptMatch } from './prompt.js';

/** Silence after which a doubtful sign is believed. */
const DIALOG_QUIET_MS = 200;
const NEW_PROMPT_QUIET_MS = 500;
const NO_ECHO_QUIET_MS = 300;
/** A device that has echoed before and does not now may still be about to: the line may be on its way. */
const LOST_ECHO_QUIET_MS = 2000;
const QUESTION_QUIET_MS = 3000;

const TAIL_LINES_MAX = 6;
const TAIL_CHARACTERS_MAX = 2000;

const QUESTION_END = /[?:\])>]\s*$/;
const QUESTION_WORD = /\b(?:password|passphrase|confirm|continue|press|y\/n|yes\/no)\b.{0,30}$/i;
const PROGRESS_END = /\d\s*%\s*[\])>]*\s*$/;

/** A question that is expected, ready for matching. */
export interface ReadyDialog {
  readonly ask: RegExp;
  readonly answer: string;
  readonly secret: boolean;
  readonly enter: boolean;
  readonly once: boolean;
}

export interface View {
  readonly lines: readonly string[];
  readonly current: string;
}

/** What is waited for. */
export interface Expectation {
  readonly dialect: Dialect;
  readonly learned: LearnedPrompts;
  readonly dialogs: readonly ReadyDialog[];
  /** Lines below this index are dealt with: the echo, answered questions. */
  readonly fromLine: number;
  /** `seen`, or whether the echo of this device's lines is usually seen. */
  readonly echo: 'seen' | 'usual' | 'never-yet';
  /** Is any prompt good enough, known or not? Only for the first one. */
  readonly anyPrompt: boolean;
}

export type Move =
  | { readonly kind: 'prompt'; readonly match: PromptMatch; readonly atLine: number }
  | { readonly kind: 'answer'; readonly dialog: ReadyDialog }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'question' };

/** Do it now, do it if nothing comes for `afterMs`, or wait. */
export type Decision =
  | { readonly kind: 'now'; readonly move: Move }
  | { readonly kind: 'quiet'; readonly afterMs: number; readonly move: Move }
  | { readonly kind: 'wait' };

interface Tail {
  readonly text: string;
  readonly atLine: number;
  /** False where finished log lines follow. */
  readonly last: boolean;
}

const WAIT: Decision = { kind: 'wait' };

/** The prompt that a log line was glued to, if `line` is such a line. */
function promptBeforeNoise(line: string, expectation: Expectation): string | undefined {
  return expectation.learned.texts.find(
    (text) =>
      line.startsWith(text) && isNoise(line.slice(text.length).trimStart(), expectation.dialect),
  );
}

/** The last line that says something; log lines behind it do not count. */
function lastWord(view: View, expectation: Expectation): Tail | undefined {
  if (view.current.trim() !== '')
    return { text: view.current, atLine: view.lines.length, last: true };
  let noisy = false;
  for (let at = view.lines.length - 1; at >= expectation.fromLine; at -= 1) {
    const line = view.lines[at] ?? '';
    const glued = promptBeforeNoise(line, expectation);
    if (glued !== undefined) return { text: glued, atLine: at, last: false };
    if (isNoise(line, expectation.dialect)) noisy = true;
    else if (line.trim() !== '') return noisy ? { text: line, atLine: at, last: false } : undefined;
  }
  return undefined;
}

function matchDialog(view: View, expectation: Expectation, tail: Tail): Decision | undefined {
  if (expectation.dialogs.length === 0 || tail.atLine < expectation.fromLine) return undefined;
  const first = Math.max(expectation.fromLine, tail.atLine - TAIL_LINES_MAX);
  const before = view.lines
    .slice(first, tail.atLine)
    .filter((line) => !isNoise(line, expectation.dialect))
    .map((line) => `${line}\n`)
    .join('')
    .slice(-TAIL_CHARACTERS_MAX);
  const text = before + tail.text.slice(-TAIL_CHARACTERS_MAX);
  for (const dialog of expectation.dialogs) {
    const found = dialog.ask.exec(text);
    const end = found ? found.index + found[0].length : 0;
    if (!found || end <= before.length) continue;
    const move: Move = { kind: 'answer', dialog };
    const complete = text.slice(end).trim() === '';
    return complete ? { kind: 'now', move } : { kind: 'quiet', afterMs: DIALOG_QUIET_MS, move };
  }
  return undefined;
}

/** Would a person take this unfinished line for a question? */
export function looksLikeQuestion(line: string): boolean {
  const end = line.slice(-200);
  if (PROGRESS_END.test(end)) return false;
  return QUESTION_END.test(end) || QUESTION_WORD.test(end);
}

function decideOnTail(view: View, expectation: Expectation, tail: Tail): Decision {
  const match = matchPrompt(tail.text, expectation.dialect, expectation.learned);
  if (match?.certain) return { kind: 'now', move: { kind: 'prompt', match, atLine: tail.atLine } };
  const dialog = matchDialog(view, expectation, tail);
  if (dialog) return dialog;
  return tail.last ? decideOnUnknown(tail, match, expectation) : WAIT;
}

function decideOnUnknown(
  tail: Tail,
  match: PromptMatch | undefined,
  expectation: Expectation,
): Decision {
  const pager = expectation.dialect.pagers.find(({ match: sign }) => sign.test(tail.text));
  if (pager) return { kind: 'now', move: { kind: 'key', key: pager.key } };
  if (match) {
    const move: Move = { kind: 'prompt', match, atLine: tail.atLine };
    return expectation.anyPrompt
      ? { kind: 'now', move }
      : { kind: 'quiet', afterMs: NEW_PROMPT_QUIET_MS, move };
  }
  if (tail.atLine >= expectation.fromLine && looksLikeQuestion(tail.text))
    return { kind: 'quiet', afterMs: QUESTION_QUIET_MS, move: { kind: 'question' } };
  return WAIT;
}

/** What to do about what the screen shows. Pure: the same screen, the same decision. */
export function decide(view: View, expectation: Expectation): Decision {
  const tail = lastWord(view, expectation);
  if (!tail) return WAIT;
  const decision = decideOnTail(view, expectation, tail);
  if (expectation.echo === 'seen' || decision.kind === 'wait') return decision;
  const patience = expectation.echo === 'usual' ? LOST_ECHO_QUIET_MS : NO_ECHO_QUIET_MS;
  const afterMs = decision.kind === 'quiet' ? Math.max(decision.afterMs, patience) : patience;
  return { kind: 'quiet', afterMs, move: decision.move };
}
