import { formatDuration } from '../kernel/duration.js';
import type { Line, Step } from '../driver/step.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import { oneLine, visible } from './visible.js';

const WHEN = {
  refused: '#   only to clear up, if the device refused a line above:',
  needed: '#   only where the device asks for it as it stands then:',
} as const;

/** What may be asked after a line, what its holes stand for, and how it ends: all behind a `#`. */
export function answersOf(line: Line): readonly string[] {
  const answers = line.dialogs.map((each) => {
    const answer = each.answer === '' ? 'press return' : `answer ${visible(each.answer)}`;
    return `#   if it asks /${oneLine(each.ask)}/ ${answer}${each.enter === false ? ' (no return)' : ''}`;
  });
  const holes = (line.holes ?? []).map(
    (each) => `#   <${each.name}>: what ${each.from} showed, only /${each.permitted}/`,
  );
  const ends = line.ends === 'disconnect' ? ['#   the session ends here'] : [];
  return [...answers, ...holes, ...ends];
}

/** Lines to type stand alone, so that they can be copied; everything else is behind a `#`. */
function lineOf(line: Line, index: number, all: readonly Line[]): readonly string[] {
  const isNew = line.when !== all[index - 1]?.when;
  const when = line.when && isNew ? [WHEN[line.when]] : [];
  return [...when, visible(line.send), ...answersOf(line)];
}

function stepLines(step: Step, number: number): readonly string[] {
  const { transfer } = step;
  return [
    '',
    `# ${number}. ${oneLine(step.title)} (up to ${formatDuration(step.maxMs)})`,
    ...(step.pointOfNoReturn ? ['#    POINT OF NO RETURN'] : []),
    ...(transfer
      ? [
          `#    copy ${oneLine(transfer.image)} to ${oneLine(transfer.remotePath)}, ${transfer.method}`,
        ]
      : []),
    ...(step.commands.length === 0 && !transfer ? ['#    look: nothing to type'] : []),
    ...step.commands.flatMap(lineOf),
  ];
}

function checkLines(plan: Plan, when: 'before' | 'after'): readonly string[] {
  return plan.body.checks[when].flatMap((each) => [
    `#   ${oneLine(each.name)}`,
    `#     ${oneLine(each.that)}`,
  ]);
}

/**
 * All that would be done to one unit, for a person to type: lines to send stand alone, questions, checks and the way back
 * are comments. What was typed is verified with `nightshift run PLAN --manual`, or `--observe`.
 */
export function pasteText(plan: Plan, unit: UnitPlan): readonly string[] {
  const { material, steps } = unit;
  const commits = steps.findIndex((each) => each.phase === 'commit');
  const last = commits === -1 ? steps.length : commits;
  const after = [
    '',
    '# checks after, before anything is made permanent:',
    ...checkLines(plan, 'after'),
  ];
  const listed = steps.map((step, index) => stepLines(step, index + 1));
  return [
    `# ${oneLine(unit.unit)}: ${oneLine(material.platform)} ${oneLine(material.model)}`,
    `# must run ${oneLine(material.runningVersion)}, serial ${material.serials.map(oneLine).join(', ')}`,
    '# checks before:',
    ...checkLines(plan, 'before'),
    ...listed.slice(0, last).flat(),
    ...after,
    ...listed.slice(last).flat(),
    '',
    '# THE WAY BACK, from any point of the above; leave out what is done already',
    ...unit.rollback.flatMap((step, index) => stepLines(step, index + 1)),
  ];
}
