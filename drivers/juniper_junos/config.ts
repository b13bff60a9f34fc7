import { commonSteps } from '../../src/driver/common-steps.js';
import type { ConfigChange, ConfigSupport } from '../../src/driver/config-support.js';
import type { Facts } from '../../src/driver/facts.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Line, Step } from '../../src/driver/step.js';
import { digestOf, shortDigest } from '../../src/kernel/digest.js';
import { toJson } from '../../src/kernel/recall.js';
import { guard } from './config-guard.js';
import { rules } from './config-rules.js';
import { COMMIT_LIMITS, configLines, line, MINUTE_MS, needed, SECOND_MS, step } from './steps.js';

const LINE_MAX = 500;
/** What `commit confirmed` takes. */
const MINUTES_MAX = 65_535;

/** Typed lines are short; hundreds of them take their time on a small routing engine. */
function typed(lines: readonly string[]): readonly Line[] {
  return lines.map((each) => line(each));
}

interface Course {
  readonly change: ConfigChange;
  /** Names the change in the device's commit history. */
  readonly token: string;
  readonly minutes: number;
}

function params({ change, token }: Course): Step['params'] {
  return { delta: toJson(change.delta), token };
}

const worstMs = (count: number) => 15 * MINUTE_MS + count * SECOND_MS;

function apply(course: Course): Step {
  const { change, token, minutes } = course;
  return step(
    {
      id: 'apply-config',
      kind: 'apply-config',
      phase: 'configure',
      title: `apply the change; the device takes it back after ${minutes} min unless confirmed`,
      expectedMs: 30 * SECOND_MS + change.apply.length * 100,
      maxMs: worstMs(change.apply.length),
    },
    {
      params: params(course),
      commands: configLines([
        ...typed(change.apply),
        line('commit check', COMMIT_LIMITS),
        line(`commit confirmed ${minutes} comment "${token}"`, COMMIT_LIMITS),
      ]),
      disrupts: 'control plane',
      settleMs: MINUTE_MS,
    },
  );
}

function confirm(course: Course): Step {
  return step(
    {
      id: 'confirm-config',
      kind: 'confirm-config',
      phase: 'commit',
      title: 'confirm the change: it stays',
      expectedMs: 30 * SECOND_MS,
      maxMs: 15 * MINUTE_MS,
    },
    {
      params: params(course),
      commands: configLines([line(`commit comment "${course.token} confirmed"`, COMMIT_LIMITS)]),
    },
  );
}

function revert(course: Course): Step {
  const { change, token } = course;
  return step(
    {
      id: 'rollback-config',
      kind: 'revert-config',
      phase: 'configure',
      title: 'take the change back: rollback 1 while it is the last commit, else line by line',
      expectedMs: 30 * SECOND_MS + change.revert.length * 100,
      maxMs: worstMs(change.revert.length),
    },
    {
      params: params(course),
      commands: configLines([
        ...[line('rollback 1', COMMIT_LIMITS), ...typed(change.revert)].map(needed),
        line(`commit comment "${token} taken back"`, COMMIT_LIMITS),
      ]),
      disrupts: 'control plane',
      settleMs: MINUTE_MS,
    },
  );
}

function refused(why: string, mend: string): UpgradeProposal {
  return { kind: 'refused', why, mend };
}

function refuse(change: ConfigChange, facts: Facts): UpgradeProposal | undefined {
  const minutes = change.revertAfterMs / MINUTE_MS;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MINUTES_MAX)
    return refused(
      `the device cannot take a change back after ${change.revertAfterMs} ms`,
      'Choose whole minutes, from 1 to 65535.',
    );
  const odd = [...change.apply, ...change.revert].find(
    (each) => each.length > LINE_MAX || each.trim() === '' || /\p{Cc}/u.test(each),
  );
  if (odd !== undefined)
    return refused(
      `the line ${JSON.stringify(odd.slice(0, 60))} cannot be typed`,
      'Keep statements to one line of at most 500 characters.',
    );
  const late = facts.members.find((each) => each.state !== 'ready');
  if (late)
    return refused(
      `routing engine ${late.id} is ${late.state}`,
      'Bring both routing engines in order first; the change is committed on both.',
    );
  if (facts.members.length > 1 && facts.details['commitSynchronize'] !== true)
    return refused(
      'a commit goes to one of its two routing engines only',
      'Set `system commit synchronize` by hand first.',
    );
  return undefined;
}

function propose(change: ConfigChange, facts: Facts): UpgradeProposal {
  const refusal = refuse(change, facts);
  if (refusal) return refusal;
  const named = { apply: change.apply, revert: change.revert, minutes: change.revertAfterMs };
  const course = {
    change,
    token: `nightshift ${shortDigest(digestOf(named))}`,
    minutes: change.revertAfterMs / MINUTE_MS,
  };
  return {
    kind: 'steps',
    steps: [commonSteps.backupConfig(), apply(course), confirm(course)],
    rollback: [revert(course)],
  };
}

/** Patches through the candidate configuration, under the device's own `commit confirmed`. */
export const config: ConfigSupport = {
  rules,
  revertBy: () => 'commit-confirmed',
  guard,
  propose,
};
