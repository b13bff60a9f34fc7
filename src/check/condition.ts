import { Environment } from '@marcbachmann/cel-js';
import { messageOf } from '../kernel/fault.js';
import type { Snapshot } from '../driver/facts.js';
import type { CheckOutcome } from './outcome.js';

/** What a condition may speak of: `state` in pre-checks; `before` and `after` in post-checks; `unit` in both. */
export interface Bindings {
  readonly state?: Snapshot;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
  readonly unit: { readonly id: string; readonly site: string; readonly version: string };
}

/** A condition of a playbook; `that` is CEL. */
export interface Condition {
  readonly name: string;
  readonly that: string;
}

const EXPRESSION_CHARACTERS_MAX = 2000;
const ARITHMETIC: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
];

/** CEL keeps int and double apart; people writing checks do not. Snapshot numbers are doubles, literals may be ints. */
function environment(names: readonly string[]): Environment {
  const made = new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: 2000, maxDepth: 60 },
  });
  for (const name of names) made.registerVariable(name, 'dyn');
  for (const [sign, apply] of ARITHMETIC) {
    made.registerOperator(`double ${sign} int`, (a: number, b: bigint) => apply(a, Number(b)));
    made.registerOperator(`int ${sign} double`, (a: bigint, b: number) => apply(Number(a), b));
  }
  return made;
}

const environments = {
  before: environment(['state', 'unit']),
  after: environment(['before', 'after', 'unit']),
};

function firstLine(thrown: unknown): string {
  return messageOf(thrown).split('\n', 1)[0] ?? '';
}

/** What is wrong with a condition as text; undefined when it can be evaluated. */
export function conditionError(that: string, when: 'before' | 'after'): string | undefined {
  if (that.length > EXPRESSION_CHARACTERS_MAX) return `longer than ${EXPRESSION_CHARACTERS_MAX}`;
  try {
    const checked = environments[when].parse(that).check();
    return checked.valid ? undefined : firstLine(checked.error);
  } catch (thrown) {
    return firstLine(thrown);
  }
}

/** Evaluates one condition. What cannot be evaluated is `broken`, and never counts as passed. */
export function evaluateCondition(
  condition: Condition,
  when: 'before' | 'after',
  bindings: Bindings,
): CheckOutcome {
  const { name, that } = condition;
  try {
    const value: unknown = environments[when].parse(that)({ ...bindings });
    if (value === true) return { kind: 'passed', name };
    if (value === false) return { kind: 'failed', name, why: `not true: ${that}` };
    return { kind: 'broken', name, why: `the condition gives ${typeof value}, not true or false` };
  } catch (thrown) {
    return { kind: 'broken', name, why: firstLine(thrown) };
  }
}
