import { Environment } from '@marcbachmann/cel-js';
import { messageOf } from '../kernel/fault.js';
import type { Snapshot } from '../driver/facts.js';
import { flowsIn } from './flow-names.js';
import type { CheckOutcome } from './outcome.js';

/** What is known of flows at the moment of a check. */
export interface FlowBindings {
  /** In percent, by name. */
  readonly loss: Readonly<Record<string, number>>;
  /** Why there is no figure, by name. */
  readonly unmeasured: Readonly<Record<string, string>>;
}

/** What a condition may speak of: `state` in pre-checks; `before` and `after` in post-checks; `unit` and `flow` in both. */
export interface Bindings {
  readonly state?: Snapshot;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
  readonly flow?: FlowBindings;
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
  before: environment(['state', 'flow', 'unit']),
  after: environment(['before', 'after', 'flow', 'unit']),
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

/** Why a figure is missing that the condition needs: a flow that nobody measured is neither lost nor well. */
function missingFlow(that: string, flow: FlowBindings | undefined): string | undefined {
  const { names, all } = flowsIn(that);
  const needed = all ? [...names, ...Object.keys(flow?.unmeasured ?? {})] : names;
  const missing = needed.find((name) => flow?.loss[name] === undefined);
  if (missing !== undefined) {
    const why = flow?.unmeasured[missing] ?? 'no probe measures it';
    return `flow ${missing} is not measured: ${why}`;
  }
  return all && !flow ? 'no flow is measured here' : undefined;
}

/** Evaluates one condition. What cannot be evaluated is `broken`, and never counts as passed. */
export function evaluateCondition(
  condition: Condition,
  when: 'before' | 'after',
  bindings: Bindings,
): CheckOutcome {
  const { name, that } = condition;
  const missing = missingFlow(that, bindings.flow);
  if (missing !== undefined) return { kind: 'broken', name, why: missing };
  try {
    const value: unknown = environments[when].parse(that)({ ...bindings });
    if (value === true) return { kind: 'passed', name };
    if (value === false) return { kind: 'failed', name, why: `not true: ${that}` };
    return { kind: 'broken', name, why: `the condition gives ${typeof value}, not true or false` };
  } catch (thrown) {
    return { kind: 'broken', name, why: firstLine(thrown) };
  }
}
