import { formatDuration } from '../kernel/duration.js';
import type { Line, Step } from '../driver/step.js';
import type { UnitPlan } from '../plan/plan.js';
import type { Paint } from './paint.js';
import { bytesText } from './text.js';
import { oneLine, visible } from './visible.js';

/** A command exactly as it is sent, spaces kept; only what could drive the terminal is shown as its code. */
function exact(text: string): string {
  return visible(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

const WHEN = {
  refused: 'only after a refusal',
  needed: 'only where needed then',
} as const;

function commandLines(line: Line, indent: string, paint: Paint): readonly string[] {
  const gone = line.ends === 'disconnect' ? paint.dim('   (the session may end here)') : '';
  const when = line.when === undefined ? '' : paint.dim(`   (${WHEN[line.when]})`);
  const answer = (text: string, enter: boolean | undefined) => {
    const key = enter === false ? 'no return' : 'return';
    return text === '' ? key : `"${exact(text)}"${enter === false ? ` (${key})` : ''}`;
  };
  return [
    `${indent}> ${paint.bold(exact(line.send))}${gone}${when}`,
    ...line.dialogs.map(
      (each) =>
        `${indent}    asked /${exact(each.ask)}/ answers ${answer(each.answer, each.enter)}`,
    ),
    ...(line.holes ?? []).map(
      (each) =>
        `${indent}    <${exact(each.name)}> is ${exact(each.from)} as observed, ` +
        `only /${exact(each.permitted)}/`,
    ),
  ];
}

function stepLines(step: Step, number: number, paint: Paint): readonly string[] {
  const disrupts = step.disrupts === 'nothing' ? 'disrupts nothing' : `disrupts ${step.disrupts}`;
  const times = `expected ${formatDuration(step.expectedMs)}, at most ${formatDuration(step.maxMs)}`;
  const { transfer } = step;
  return [
    `    ${String(number).padStart(2)}. ${oneLine(step.title)}`,
    paint.dim(`        ${step.phase}, ${disrupts}, ${times}; ${step.kind}@${step.version}`),
    ...(step.pointOfNoReturn ? [paint.warn('        POINT OF NO RETURN')] : []),
    ...(transfer
      ? [
          `        copies ${exact(transfer.image)} to ${exact(transfer.remotePath)} ` +
            `by ${transfer.method}`,
        ]
      : []),
    ...step.commands.flatMap((each) => commandLines(each, '        ', paint)),
  ];
}

function listLines(title: string, steps: readonly Step[], paint: Paint): readonly string[] {
  const lines = steps.flatMap((step, index) => stepLines(step, index + 1, paint));
  return [`    ${title}`, ...(lines.length > 0 ? lines : ['        nothing'])];
}

/** Everything that may be sent to one unit, forward and back, and what it must still be when its turn comes. */
export function fullUnit(unit: UnitPlan, paint: Paint): readonly string[] {
  const { material, images } = unit;
  const serials = material.serials.map(oneLine).join(', ');
  return [
    `    must still be: ${oneLine(material.platform)} ${oneLine(material.model)}, ` +
      `serial ${serials}`,
    `      runs ${oneLine(material.runningVersion)}, next boot ${oneLine(material.nextBoot) || '-'}`,
    ...(material.role === undefined ? [] : [`      ${oneLine(material.role)} of its group`]),
    `      config ${material.configDigest}`,
    `      host key ${oneLine(material.hostKey)}`,
    ...images.flatMap((image) => [
      `    image ${oneLine(image.fileName)}, ${bytesText(image.sizeBytes)}`,
      `      sha512 ${image.sha512}`,
    ]),
    ...listLines('Steps', unit.steps, paint),
    ...listLines('Rollback', unit.rollback, paint),
  ];
}
