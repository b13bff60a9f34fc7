import type { Act, StepContext } from '../../src/driver/step.js';
import type { CommandOutcome } from '../../src/session/dialect.js';

/**
 * Answers that begin like an error and only tell what else happened, or what to mind: the line was taken. Everything else
 * behind a per cent sign is a refusal.
 */
const ONLY_TELLS =
  /^%\s?(?:Warning\b|WARNING\b|Note\b|Portfast has been configured\b|Access VLAN does not exist\. Creating\b|Interface \S+ IPv[46] disabled and address(?:es|\(es\)) removed\b|IPv[46] (?:and IPv[46] )?address(?:es|\(es\)) .*removed\b)/;

/** What became of one line. */
export type Taken =
  | { readonly kind: 'taken'; readonly mode: string }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'lost'; readonly why: string };

/** Why the line was not taken, as the device says it; undefined: it was. */
function objection(outcome: CommandOutcome): string | undefined {
  if (outcome.kind === 'failed') return outcome.marker.trim();
  if (outcome.kind === 'question') {
    return `unknown dialog: ${outcome.text.trim().slice(-200)}`;
  }
  if (outcome.kind !== 'output') return undefined;
  return outcome.text
    .split('\n')
    .map((each) => each.trim())
    .find((each) => /^%\s?\S/.test(each) && !ONLY_TELLS.test(each));
}

/** Sends one line of the step. An unknown question is not answered: the line was not taken. */
export async function typeLine(context: StepContext, index: number): Promise<Taken> {
  const outcome = await context.send(index);
  const send = context.step.commands[index]?.send.trim();
  const wrong = objection(outcome);
  if (wrong !== undefined) return { kind: 'refused', why: `"${send}": ${wrong}` };
  return outcome.kind === 'output'
    ? { kind: 'taken', mode: outcome.mode }
    : { kind: 'lost', why: `"${send}": ${outcome.kind}: ${outcome.text.trim().slice(-200)}` };
}

/** The command that enters configuration mode, the lines, and `end`. */
export interface Range {
  readonly from: number;
  /** Of `end`. */
  readonly to: number;
  /** Is what is gone already no fault? */
  readonly forgiving: boolean;
}

const TAKES_AWAY = /^\s*(?:no|default) /;

type Passed = { readonly kind: 'passed' } | { readonly kind: 'ends'; readonly act: Act };

const PASSED: Passed = { kind: 'passed' };

/** Does the typing go on after this line? */
function pass(taken: Taken, send: string, { isEnd, forgives }: LineOf): Passed {
  if (taken.kind === 'lost') return { kind: 'ends', act: { kind: 'ambiguous', why: taken.why } };
  if (taken.kind === 'refused') {
    return forgives ? PASSED : { kind: 'ends', act: { kind: 'refused', why: taken.why } };
  }
  if (isEnd || taken.mode === 'config') return PASSED;
  const why = `"${send.trim()}" led out of configuration mode`;
  return { kind: 'ends', act: { kind: 'refused', why } };
}

interface LineOf {
  readonly isEnd: boolean;
  readonly forgives: boolean;
}

/** Types the range. A line that is refused ends it, and configuration mode is left: what was taken stays in force. */
export async function typeLines(context: StepContext, range: Range): Promise<Act> {
  const { from, to, forgiving } = range;
  for (let index = from; index <= to; index += 1) {
    const send = context.step.commands[index]?.send ?? '';
    const isInside = index > from && index < to;
    const passed = pass(await typeLine(context, index), send, {
      isEnd: index === to,
      forgives: forgiving && isInside && TAKES_AWAY.test(send),
    });
    if (passed.kind === 'passed') continue;
    if (isInside && passed.act.kind === 'refused') await context.send(to);
    return passed.act;
  }
  return { kind: 'acted' };
}
