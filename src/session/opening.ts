import type { CommandLimits, CommandOutcome, Dialect, Dialog } from './dialect.js';
import { looksLikeQuestion } from './decide.js';
import { modePath } from './mode-path.js';
import type { PromptMatch } from './prompt.js';
import type { Exchanged, Terminal } from './terminal.js';

/** Some devices show nothing until a key is pressed. */
const NUDGE_AFTER_MS = 3000;
const CONFIRM_SILENCE_MS = 2000;
const CONFIRM_TRIES_MAX = 4;
/** More than this part of unreadable characters is no terminal. */
const GARBLED_SHARE = 0.1;
const GARBLED_CHARACTERS_MIN = 16;
const DETAIL_CHARACTERS_MAX = 200;

export interface OpenFailure {
  readonly kind: 'no-prompt' | 'closed' | 'garbled';
  readonly detail: string;
  /** What the device had shown. */
  readonly text: string;
}

interface Opening {
  readonly dialect: Dialect;
  readonly limits: CommandLimits;
  readonly onBanner: (banner: string) => void;
  readonly send: (line: string, dialogs: readonly Dialog[]) => Promise<CommandOutcome>;
}

type Reached = { readonly kind: 'home'; readonly mode: string } | OpenFailure;
type First = { readonly kind: 'prompt'; readonly match: PromptMatch } | OpenFailure;

function isGarbled(text: string): boolean {
  const bad = text.split('\uFFFD').length - 1;
  return text.length >= GARBLED_CHARACTERS_MIN && bad > text.length * GARBLED_SHARE;
}

function failureOf(exchanged: Exchanged): OpenFailure {
  const text = exchanged.shown;
  const { end, current } = exchanged;
  if (isGarbled(text)) return { kind: 'garbled', detail: 'the output is no readable text', text };
  if (end.kind === 'closed') return { kind: 'closed', detail: end.detail, text };
  const asked = current.trim().slice(-DETAIL_CHARACTERS_MAX);
  const detail =
    asked !== '' && looksLikeQuestion(asked)
      ? `the device asks: ${asked}`
      : `no known prompt came (${end.kind}); the last line is ${JSON.stringify(asked)}`;
  return { kind: 'no-prompt', detail, text };
}

/** Waits for a line that looks like a prompt; after long silence on an empty line one return key is sent. */
async function firstPrompt(terminal: Terminal, opening: Opening): Promise<First> {
  const { limits } = opening;
  const base = { dialogs: [], anyPrompt: true } as const;
  const nudgeMs = Math.min(NUDGE_AFTER_MS, limits.idleMs);
  const listened = await terminal.exchange({
    ...base,
    write: '',
    limits: { ...limits, idleMs: nudgeMs },
  });
  const silent = listened.end.kind === 'idle-limit' && listened.current.trim() === '';
  const exchanged =
    silent && !isGarbled(listened.shown)
      ? await terminal.exchange({ ...base, write: '\r', limits })
      : listened;
  const banner = [...(exchanged === listened ? [] : listened.lines), ...exchanged.lines];
  opening.onBanner(banner.join('\n').trim());
  return exchanged.end.kind === 'prompt' ? exchanged.end : failureOf(exchanged);
}

/**
 * A banner line may look like a prompt: a return key must bring the same line again. Only where no line of our own
 * follows anyway, whose echo and prompt prove the same.
 */
async function confirm(terminal: Terminal, opening: Opening, first: PromptMatch): Promise<First> {
  let match = first;
  const idleMs = Math.min(CONFIRM_SILENCE_MS, opening.limits.idleMs);
  for (let tries = 1; ; tries += 1) {
    const exchanged = await terminal.exchange({
      write: '\r',
      sent: '',
      dialogs: [],
      limits: { ...opening.limits, idleMs },
      anyPrompt: false,
    });
    if (exchanged.end.kind === 'prompt') {
      if (exchanged.end.match.text === match.text) return exchanged.end;
      match = exchanged.end.match;
    } else if (exchanged.end.kind !== 'idle-limit') return failureOf(exchanged);
    if (tries === CONFIRM_TRIES_MAX) return failureOf(exchanged);
  }
}

function moveFailure(line: string, outcome: CommandOutcome): OpenFailure {
  const { text } = outcome;
  if (outcome.kind === 'closed') return { kind: 'closed', detail: outcome.detail, text };
  const last = text.slice(text.lastIndexOf('\n') + 1).slice(-DETAIL_CHARACTERS_MAX);
  const detail = `${JSON.stringify(line)} ended with ${outcome.kind}: ${JSON.stringify(last)}`;
  return { kind: 'no-prompt', detail, text };
}

async function moveHome(opening: Opening, from: string): Promise<Reached> {
  const { dialect, send } = opening;
  const path = modePath(dialect, from, dialect.home);
  if (!path) {
    const detail = `no way leads from mode ${from} to mode ${dialect.home}`;
    return { kind: 'no-prompt', detail, text: '' };
  }
  for (const move of path) {
    const outcome = await send(move.send, move.dialogs ?? []);
    if (outcome.kind !== 'output' || outcome.mode !== move.to)
      return moveFailure(move.send, outcome);
  }
  return { kind: 'home', mode: dialect.home };
}

/** The opening lines; the device may refuse one. The first is sent again if it went to a line that was no prompt. */
async function sendOpeningLines(
  opening: Opening,
  hostNow: () => string | undefined,
): Promise<OpenFailure | undefined> {
  const hostBefore = hostNow();
  for (const [index, line] of opening.dialect.onOpen.entries()) {
    let outcome = await opening.send(line, []);
    const misled = index === 0 && isUsable(outcome) && hostNow() !== hostBefore;
    if (misled) outcome = await opening.send(line, []);
    if (!isUsable(outcome)) return moveFailure(line, outcome);
  }
  return undefined;
}

function isUsable(outcome: CommandOutcome): boolean {
  return outcome.kind === 'output' || outcome.kind === 'failed';
}

/** From a fresh shell to the home mode, opening lines sent. */
export async function reachHome(terminal: Terminal, opening: Opening): Promise<Reached> {
  const { dialect } = opening;
  let first = await firstPrompt(terminal, opening);
  if (first.kind !== 'prompt') return first;
  if (first.match.mode === dialect.home && dialect.onOpen.length === 0) {
    first = await confirm(terminal, opening, first.match);
    if (first.kind !== 'prompt') return first;
  }
  const moved = await moveHome(opening, first.match.mode);
  if (moved.kind !== 'home') return moved;
  return (await sendOpeningLines(opening, () => terminal.hostname)) ?? moved;
}
