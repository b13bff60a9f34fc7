import { commonSteps } from '../../src/driver/common-steps.js';
import type { ConfigChange, ConfigSupport } from '../../src/driver/config-support.js';
import type { Facts } from '../../src/driver/facts.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Line, Step } from '../../src/driver/step.js';
import { toJson } from '../../src/kernel/recall.js';
import { guard } from './config-guard.js';
import { rules } from './config-rules.js';
import { line, MINUTE_MS, SECOND_MS, step } from './lines.js';
import { versions } from './versions.js';

const LINE_MAX = 500;
/** `cfg-revert-timeout` takes seconds, ten at least. */
const MINUTES_MAX = 24 * 60;
/** From this release on, the revert is documented as a short pause; before, as a reboot. */
const WITHOUT_REBOOT = '7.0.6';
/** The device shows these encrypted, another way each time: nothing could tell whether the change is in force. */
const SECRET =
  /^(?:un)?set (?:\S*(?:passw|passphrase|secret|-pwd|psk)\S*|key|auth-pwd|priv-pwd|private-key|passwd\d?) /i;

const typed = (lines: readonly string[]): readonly Line[] => lines.map((each) => line(each.trim()));

/** Unsaved changes go back when nobody types for so long. */
function revertMode(revertAfterMs: number): readonly Line[] {
  return typed([
    'config system global',
    'set cfg-save revert',
    `set cfg-revert-timeout ${revertAfterMs / SECOND_MS}`,
    'end',
  ]);
}

/** Saves, and goes back to saving every change at once. */
const keepMode: readonly Line[] = [
  line('execute cfg save', { idleMs: 2 * MINUTE_MS, totalMs: 3 * MINUTE_MS }),
  line('config system global'),
  // First the timeout: outside the revert mode the device does not know that setting.
  {
    ...line('set cfg-revert-timeout <timeout>'),
    holes: [
      { name: 'timeout', from: 'apply-config.timeoutBefore', permitted: String.raw`^\d{2,10}$` },
    ],
  },
  ...typed(['set cfg-save automatic', 'end']),
];

/** Leaves a section without its changes; sent only when a line was refused. */
const leave: Line = { ...line('abort'), when: 'refused' };

const needed = (each: Line): Line => ({ ...each, when: 'needed' });

const worstMs = (count: number) => 15 * MINUTE_MS + count * SECOND_MS;

function apply(change: ConfigChange): Step {
  const minutes = change.revertAfterMs / MINUTE_MS;
  return step(
    {
      id: 'apply-config',
      kind: 'apply-config',
      phase: 'configure',
      title: `apply the change unsaved; the device takes it back when nobody types for ${minutes} min`,
      expectedMs: 20 * SECOND_MS + change.apply.length * 200,
      maxMs: worstMs(change.apply.length),
    },
    {
      params: { delta: toJson(change.delta) },
      commands: [...revertMode(change.revertAfterMs), ...typed(change.apply), leave],
      disrupts: 'control plane',
      settleMs: 30 * SECOND_MS,
    },
  );
}

function confirm(change: ConfigChange): Step {
  return step(
    {
      id: 'confirm-config',
      kind: 'confirm-config',
      phase: 'commit',
      title: 'save the change: it stays; changes are saved at once again',
      expectedMs: 20 * SECOND_MS,
      maxMs: 15 * MINUTE_MS,
    },
    {
      params: { delta: toJson(change.delta) },
      commands: [...keepMode, leave],
      settleMs: 10 * SECOND_MS,
    },
  );
}

function revert(change: ConfigChange): Step {
  return step(
    {
      id: 'rollback-config',
      kind: 'revert-config',
      phase: 'configure',
      title: 'take the change back line by line, save, and save changes at once again',
      expectedMs: 30 * SECOND_MS + change.revert.length * 200,
      maxMs: worstMs(change.revert.length),
    },
    {
      params: { delta: toJson(change.delta), lines: change.revert.length },
      commands: [...[...typed(change.revert), ...keepMode].map(needed), leave],
      disrupts: 'control plane',
      settleMs: 30 * SECOND_MS,
    },
  );
}

function refused(why: string, mend: string): UpgradeProposal {
  return { kind: 'refused', why, mend };
}

function isUntypable(text: string): boolean {
  const quotes = text.replaceAll(/\\./g, '').split('"').length - 1;
  return (
    text.trim() === '' || text.length > LINE_MAX || quotes % 2 === 1 || /[\p{Cc}<>?]/u.test(text)
  );
}

function refuseLines(change: ConfigChange): UpgradeProposal | undefined {
  const lines = [...change.apply, ...change.revert].map((each) => each.trim());
  const odd = lines.find(isUntypable);
  if (odd !== undefined)
    return refused(
      `the line ${JSON.stringify(odd.slice(0, 60))} cannot be typed`,
      'Keep settings to one line of at most 500 characters without ?, < and >.',
    );
  const secret = lines.find((each) => SECRET.test(each) || /\bENC /.test(each));
  if (secret !== undefined)
    return refused(
      `"${secret.split(' ').slice(0, 2).join(' ')}" is shown encrypted: whether it is in force could not be told`,
      'Change secrets by hand.',
    );
  return undefined;
}

function refuse(change: ConfigChange, facts: Facts): UpgradeProposal | undefined {
  const minutes = change.revertAfterMs / MINUTE_MS;
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MINUTES_MAX)
    return refused(
      `the device cannot take a change back after ${change.revertAfterMs} ms`,
      'Choose whole minutes, from 1 to 1440.',
    );
  if (facts.details['vdoms'] !== 'disable')
    return refused('it has virtual domains', 'Change the configuration of this unit by hand.');
  const late = facts.members.find((each) => each.state !== 'ready');
  if (late)
    return refused(
      `the member ${late.id} is ${late.state}`,
      'Bring the cluster in order first; the change goes to both members.',
    );
  return refuseLines(change);
}

function propose(change: ConfigChange, facts: Facts): UpgradeProposal {
  return (
    refuse(change, facts) ?? {
      kind: 'steps',
      steps: [commonSteps.backupConfig(), apply(change), confirm(change)],
      rollback: [revert(change)],
    }
  );
}

function revertBy(facts: Facts): 'timed-revert' | 'reload' {
  const running = versions.parse(facts.runningVersion);
  const limit = versions.parse(WITHOUT_REBOOT);
  const order = running && limit ? versions.compare(running, limit) : undefined;
  return order !== undefined && order >= 0 ? 'timed-revert' : 'reload';
}

/** Patches under the device's own configuration save mode: unsaved until they are confirmed. */
export const config: ConfigSupport = { rules, revertBy, guard, propose };
