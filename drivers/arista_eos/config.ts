import { commonSteps } from '../../src/driver/common-steps.js';
import type { ConfigChange, ConfigSupport } from '../../src/driver/config-support.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Step } from '../../src/driver/step.js';
import { digestOf, shortDigest } from '../../src/kernel/digest.js';
import { toJson } from '../../src/kernel/recall.js';
import type { CommandLimits } from '../../src/session/dialect.js';
import { guard } from './config-guard.js';
import { rules } from './config-rules.js';
import { line, MINUTE_MS, saveConfig, saveLine, SECOND_MS, sometimes, step } from './steps.js';

const LINE_MAX = 500;
/** `commit timer` takes hours, minutes and seconds of one day. */
const MINUTES_MAX = 24 * 60 - 1;
const COMMIT_LIMITS: Partial<CommandLimits> = { idleMs: 5 * MINUTE_MS, totalMs: 10 * MINUTE_MS };
/** Opens a text of several lines: no prompt comes until it ends. */
const TEXT_INPUT = /^(?:banner \S|comment$|action bash$|certificate\b)/;

interface Course {
  readonly change: ConfigChange;
  /** Name of the configuration session that applies the change. */
  readonly session: string;
  readonly minutes: number;
}

const backOf = ({ session }: Course) => `${session}-back`;
/** Never shorter than the device's own timer: a change that cut us off is seen to be gone. */
function worstMs({ apply: lines, revert: back, revertAfterMs }: ConfigChange): number {
  const typingMs = Math.max(lines.length, back.length) * SECOND_MS;
  return Math.max(15 * MINUTE_MS, revertAfterMs + 10 * MINUTE_MS) + typingMs;
}
const two = (value: number) => String(value).padStart(2, '0');

function params(course: Course): Step['params'] {
  const { change, session } = course;
  return { delta: toJson(change.delta), session, backSession: backOf(course) };
}

function apply(course: Course): Step {
  const { change, session, minutes } = course;
  return step(
    {
      id: 'apply-config',
      kind: 'apply-config',
      phase: 'configure',
      title: `apply the change; the device takes it back after ${minutes} min unless confirmed`,
      expectedMs: 30 * SECOND_MS + change.apply.length * 100,
      maxMs: worstMs(change),
    },
    {
      params: { ...params(course), revertAfterMs: change.revertAfterMs },
      commands: [
        sometimes('needed', line(`configure session ${session} abort`)),
        line(`configure session ${session}`),
        ...change.apply.map((each) => line(each)),
        line(
          `commit timer ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`,
          COMMIT_LIMITS,
        ),
        sometimes('refused', line('abort')),
      ],
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
      commands: [line(`configure session ${course.session} commit`, COMMIT_LIMITS)],
    },
  );
}

function revert(course: Course): Step {
  const { change, session } = course;
  const back = backOf(course);
  return step(
    {
      id: 'rollback-config',
      kind: 'revert-config',
      phase: 'configure',
      title: 'take the change back: abort while its timer runs, else line by line',
      expectedMs: 30 * SECOND_MS + change.revert.length * 100,
      maxMs: worstMs(change),
    },
    {
      params: params(course),
      commands: [
        ...[
          line(`configure session ${session} abort`, COMMIT_LIMITS),
          line(`configure session ${back} abort`),
          line(`configure session ${back}`),
          ...change.revert.map((each) => line(each)),
          line('commit', COMMIT_LIMITS),
        ].map((each) => sometimes('needed', each)),
        sometimes('refused', line('abort')),
      ],
      disrupts: 'control plane',
      settleMs: MINUTE_MS,
    },
  );
}

function restoreStartup(course: Course): Step {
  return step(
    {
      id: 'rollback-startup',
      kind: 'restore-startup',
      phase: 'commit',
      title: 'save again, where the change was saved',
      expectedMs: 10 * SECOND_MS,
      maxMs: 5 * MINUTE_MS,
    },
    { params: params(course), commands: [saveLine] },
  );
}

function refused(why: string, mend: string): UpgradeProposal {
  return { kind: 'refused', why, mend };
}

function refuse({ apply: lines, revert: back, revertAfterMs }: ConfigChange) {
  const minutes = revertAfterMs / MINUTE_MS;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MINUTES_MAX)
    return refused(
      `the device cannot take a change back after ${revertAfterMs} ms`,
      `Choose whole minutes, from 1 to ${MINUTES_MAX}.`,
    );
  const all = [...lines, ...back];
  const odd = all.find(
    (each) => each.length > LINE_MAX || each.trim() === '' || /\p{Cc}/u.test(each),
  );
  if (odd !== undefined)
    return refused(
      `the line ${JSON.stringify(odd.slice(0, 60))} cannot be typed`,
      `Keep statements to one line of at most ${LINE_MAX} characters.`,
    );
  const input = all.find((each) => TEXT_INPUT.test(each.trim()));
  if (input !== undefined)
    return refused(
      `"${input.trim().slice(0, 60)}" asks for a text of several lines`,
      'Change it by hand.',
    );
  if (all.some((each) => /^(?:no |default )?hostname\b/.test(each)))
    return refused(
      'the hostname would change, and with it the name that the unit is recognised by',
      'Change the hostname by hand, then fingerprint the unit again.',
    );
  return undefined;
}

function propose(change: ConfigChange): UpgradeProposal {
  const refusal = refuse(change);
  if (refusal) return refusal;
  const named = { apply: change.apply, revert: change.revert, minutes: change.revertAfterMs };
  const course = {
    change,
    session: `nightshift-${shortDigest(digestOf(named))}`,
    minutes: change.revertAfterMs / MINUTE_MS,
  };
  return {
    kind: 'steps',
    steps: [
      commonSteps.backupConfig(),
      apply(course),
      confirm(course),
      saveConfig('save-config-after', 'commit'),
    ],
    rollback: [revert(course), restoreStartup(course)],
  };
}

/** Patches through a configuration session, under the device's own commit timer; saved once they are confirmed. */
export const config: ConfigSupport = {
  rules,
  revertBy: () => 'commit-confirmed',
  guard,
  propose,
};
