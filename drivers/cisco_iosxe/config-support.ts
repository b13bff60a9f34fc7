import { commonSteps } from '../../src/driver/common-steps.js';
import type { ConfigChange, ConfigSupport } from '../../src/driver/config-support.js';
import type { Facts } from '../../src/driver/facts.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Line, Step } from '../../src/driver/step.js';
import { digestOf, shortDigest } from '../../src/kernel/digest.js';
import { toJson } from '../../src/kernel/recall.js';
import type { CommandLimits, Dialog } from '../../src/session/dialect.js';
import { guard } from './config-guard.js';
import { refuseChange } from './config-refuse.js';
import { methodFor, type RevertMethod } from './config-revert.js';
import { rules } from './config-rules.js';
import { line, MINUTE_MS, quiet, saveLine, saveStep, SECOND_MS } from './lines.js';
import { platform } from './platform.js';

/** A copy to the archive, and the way back from it, take their time on a long configuration. */
const COPY_LIMITS: Partial<CommandLimits> = { idleMs: 5 * MINUTE_MS, totalMs: 10 * MINUTE_MS };

const dontSave: Dialog = {
  ask: 'System configuration has been modified\\. Save\\? \\[yes/no\\]:\\s*$',
  answer: 'no',
};
const proceed: Dialog = {
  ask: 'Proceed (?:with|to) reload\\b.*\\? ?\\[confirm\\]\\s*$',
  answer: 'y',
  enter: false,
};
/** `no username`: that all lines of the name go is what the plan says. */
const dropUser: Dialog = {
  ask: 'This operation will remove all username related configurations with same name\\.\\s*Do you want to continue\\? ?\\[confirm\\]\\s*$',
  answer: 'y',
  enter: false,
};

/** As `configure replace`, which is how the device goes back, asks on some releases. */
const sure: Dialog = {
  ask: 'Enter Y if you are sure you want to proceed\\.? ?\\? ?\\[no\\]:\\s*$',
  answer: 'yes',
};
const revertNow: Line = line('configure revert now', { dialogs: [sure], limits: COPY_LIMITS });

interface Course {
  readonly change: ConfigChange;
  readonly method: RevertMethod;
  /** Names the change, where the device keeps a name. */
  readonly token: string;
  readonly minutes: number;
}

/** Sent where what the device shows then asks for it. */
const needed = (each: Line): Line => ({ ...each, when: 'needed' });

const typed = (lines: readonly string[]): readonly Line[] =>
  lines.map((each) => line(each, /^\s*no username /.test(each) ? { dialogs: [dropUser] } : {}));

/**
 * Statements that their `no` form does not take away but sets to something of its own (`exec-timeout 0 0`, `transport input
 * none`, logging off): to take back what was not listed before, they are set to their default.
 */
const SETS_BY_NO =
  /^( no (?=exec-timeout|transport |login)|no (?=logging (?:buffered|console|monitor|trap|history|facility)))(\S+(?: (?:input|output|preferred|buffered|console|monitor|trap|history|facility))?).*$/;

function typedBack({ revert: lines }: ConfigChange): readonly Line[] {
  return typed(
    lines.map((each) => {
      const found = SETS_BY_NO.exec(each);
      if (!found) return each;
      return `${each.startsWith(' ') ? ' ' : ''}default ${String(found[2])}`;
    }),
  );
}

function params({ change, method, token, minutes }: Course): Step['params'] {
  return { delta: toJson(change.delta), method, token, minutes };
}

/**
 * Never shorter than the device's own way back, a reload where it is one: a change that cut us off is seen to be gone.
 */
function worstMs({ change, method }: Course): number {
  const typingMs = Math.max(change.apply.length, change.revert.length) * SECOND_MS;
  const outageMs = method === 'reload' ? platform.timing.reloadMaxMs : 0;
  return Math.max(15 * MINUTE_MS, change.revertAfterMs + 10 * MINUTE_MS) + outageMs + typingMs;
}

function scheduleReload(course: Course): Step {
  return {
    ...quiet,
    id: 'schedule-reload',
    kind: 'schedule-reload',
    phase: 'configure',
    title: `schedule a reload into the saved configuration in ${course.minutes} min: an outage unless it is cancelled`,
    params: { ...params(course), revertAfterMs: course.change.revertAfterMs },
    commands: [
      line(`reload in ${course.minutes} ${course.token}`, { dialogs: [dontSave, proceed] }),
    ],
    disrupts: 'whole device',
    expectedMs: 5 * SECOND_MS,
    maxMs: 5 * MINUTE_MS,
    settleMs: 30 * SECOND_MS,
  };
}

function apply(course: Course): Step {
  const { change, method, minutes } = course;
  const isArchive = method === 'archive';
  const enter = isArchive ? `configure terminal revert timer ${minutes}` : 'configure terminal';
  return {
    ...quiet,
    id: 'apply-config',
    kind: 'apply-config',
    phase: 'configure',
    title: isArchive
      ? `apply the change; the device takes it back after ${minutes} min unless confirmed`
      : 'apply the change, unsaved, while the reload is scheduled',
    params: { ...params(course), revertAfterMs: change.revertAfterMs },
    commands: [
      // Drops what an earlier try left, and what stands when a line is refused; else there is nothing to revert.
      ...(isArchive ? [needed(revertNow)] : []),
      line(enter, { limits: COPY_LIMITS }),
      ...typed(change.apply),
      line('end'),
    ],
    disrupts: 'control plane',
    expectedMs: 30 * SECOND_MS + change.apply.length * 100,
    maxMs: worstMs(course),
    settleMs: MINUTE_MS,
  };
}

function confirm(course: Course): Step {
  const isArchive = course.method === 'archive';
  return {
    ...quiet,
    id: 'confirm-config',
    kind: 'confirm-config',
    phase: 'commit',
    title: isArchive ? 'confirm the change: it stays' : 'cancel the reload: the change stays',
    params: params(course),
    commands: [line(isArchive ? 'configure confirm' : 'reload cancel')],
    expectedMs: 10 * SECOND_MS,
    maxMs: 15 * MINUTE_MS + (isArchive ? 0 : platform.timing.reloadMaxMs),
    settleMs: 10 * SECOND_MS,
  };
}

function revert(course: Course): Step {
  const { change, method } = course;
  const lines = [line('configure terminal'), ...typedBack(change), line('end')];
  return {
    ...quiet,
    id: 'rollback-config',
    kind: 'revert-config',
    phase: 'configure',
    title:
      method === 'archive'
        ? 'take the change back: revert while its timer runs, else line by line'
        : 'take the change back line by line, then cancel the reload; else wait for the reload',
    params: params(course),
    commands: (method === 'archive'
      ? [revertNow, ...lines]
      : [...lines, line('reload cancel')]
    ).map(needed),
    disrupts: 'control plane',
    expectedMs: 30 * SECOND_MS + change.revert.length * 100,
    maxMs: worstMs(course),
    settleMs: MINUTE_MS,
  };
}

function restoreStartup(course: Course): Step {
  return {
    ...quiet,
    id: 'rollback-startup',
    kind: 'restore-startup',
    phase: 'commit',
    title: 'save again, where the change was saved',
    params: params(course),
    commands: [saveLine],
    expectedMs: 10 * SECOND_MS,
    maxMs: 8 * MINUTE_MS,
    settleMs: 30 * SECOND_MS,
  };
}

function propose(change: ConfigChange, facts: Facts): UpgradeProposal {
  const method = methodFor(facts);
  const refused = refuseChange(change, facts, method);
  if (refused) return { kind: 'refused', ...refused };
  const named = { apply: change.apply, revert: change.revert, minutes: change.revertAfterMs };
  const course: Course = {
    change,
    method,
    token: `nightshift-${shortDigest(digestOf(named))}`,
    minutes: change.revertAfterMs / MINUTE_MS,
  };
  return {
    kind: 'steps',
    steps: [
      commonSteps.backupConfig(),
      ...(method === 'reload' ? [scheduleReload(course)] : []),
      apply(course),
      confirm(course),
      saveStep('save-config-after', 'commit'),
    ],
    rollback: [revert(course), restoreStartup(course)],
  };
}

/** Patches under the device's own timed rollback where it keeps an archive, else under a scheduled reload. */
export const config: ConfigSupport = {
  rules,
  revertBy: (facts) => (methodFor(facts) === 'archive' ? 'timed-revert' : 'reload'),
  guard,
  propose,
};
