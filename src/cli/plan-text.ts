import { formatDuration } from '../kernel/duration.js';
import { shortDigest } from '../kernel/digest.js';
import type { Plan, PlannedWave, UnitPlan } from '../plan/plan.js';
import { bothTimes, utcTime } from './moment.js';
import type { Paint } from './paint.js';
import { fullUnit } from './plan-full.js';
import { tableLines, type Cell } from './table.js';
import { count, wrap } from './text.js';
import { oneLine } from './visible.js';

export type PlanLevel = 'brief' | 'normal' | 'full';

export interface PlanStyle {
  readonly paint: Paint;
  readonly width: number;
}

/** The zone that a unit's people live in, going by its first window. */
export function zoneOf(unit: UnitPlan): string {
  return unit.windows[0]?.timeZone ?? 'UTC';
}

export function arrow(paint: Paint): string {
  return paint.unicode ? '→' : '->';
}

function waveTitle(wave: PlannedWave, index: number): string {
  const soak = wave.soakMs > 0 ? `, then a soak of ${formatDuration(wave.soakMs)}` : '';
  const name = oneLine(wave.name);
  const number = `Wave ${index + 1}`;
  const title =
    name === '' || name.toLowerCase() === number.toLowerCase() ? number : `${number}, ${name}`;
  return `${title}: ${count(wave.units.length, 'unit')}${soak}`;
}

function headLines(plan: Plan, { paint, width }: PlanStyle): readonly string[] {
  const { body } = plan;
  const { strategy, approval } = body;
  const out = body.leftOut.length > 0 ? `, ${body.leftOut.length} left out` : '';
  const totals = [
    `${count(body.units.length, 'unit')} in ${count(body.waves.length, 'wave')}${out}.`,
    `Expected ${sum(body.units, (each) => each.expectedMs)} of work,`,
    `at worst ${sum(body.units, (each) => each.worstMs)} in windows,`,
    `${strategy.parallel} at a time.`,
  ].join(' ');
  const rules = [
    `Stops after ${count(strategy.stopAfterFailures, 'failure')};`,
    `rollback ${body.rollback};`,
    `soak ${formatDuration(strategy.soakMs)}.`,
  ].join(' ');
  const roster = approval.roster.map((each) => oneLine(each.id)).join(', ') || 'nobody';
  const board =
    `Needs ${approval.quorum} of ${roster}; lab ${approval.lab}; ` +
    `approvals hold ${formatDuration(approval.expiresMs)}.`;
  const made = `By ${oneLine(body.author)}, ${utcTime(body.createdAtMs)}.`;
  return [
    `Plan ${paint.bold(shortDigest(plan.digest))}  ${paint.bold(oneLine(body.playbook.name))}`,
    ...[oneLine(body.playbook.summary), made, totals, rules, board]
      .filter((each) => each !== '')
      .flatMap((each) => wrap(`  ${each}`, width, '  ')),
  ];
}

function sum(units: readonly UnitPlan[], of: (unit: UnitPlan) => number): string {
  return formatDuration(units.reduce((total, each) => total + of(each), 0));
}

function leftOutLines(plan: Plan, { paint, width }: PlanStyle): readonly string[] {
  const { leftOut } = plan.body;
  if (leftOut.length === 0) return [];
  return [
    '',
    paint.bold('Left out'),
    ...leftOut.flatMap(({ unit, why, kind }) => {
      const word = kind === 'refused' ? 'refused: ' : '';
      const lines = wrap(`  ${oneLine(unit)}: ${word}${oneLine(why)}`, width, '    ');
      return kind === 'refused' ? lines.map(paint.warn) : lines;
    }),
  ];
}

function briefRow(plan: Plan, unit: UnitPlan, paint: Paint): readonly Cell[] {
  const wave = plan.body.waves.findIndex((each) => each.units.includes(unit.unit));
  const returns = unit.steps.filter((each) => each.pointOfNoReturn).length;
  return [
    { text: oneLine(unit.unit) },
    { text: String(wave + 1) },
    { text: `${oneLine(unit.fromVersion)} ${arrow(paint)} ${oneLine(unit.toVersion)}` },
    { text: formatDuration(unit.expectedMs) },
    { text: formatDuration(unit.worstMs) },
    { text: utcTime(unit.backOutDeadlineMs) },
    { text: String(returns), ...(returns > 0 ? { paint: paint.warn } : {}) },
  ];
}

function briefLines(plan: Plan, { paint, width }: PlanStyle): readonly string[] {
  const { body } = plan;
  return [
    ...tableLines({
      titles: ['unit', 'wave', 'change', 'expected', 'worst', 'back out by', 'no return'],
      rows: body.units.map((each) => briefRow(plan, each, paint)),
      right: [false, true, false, true, true, false, true],
      width,
      paint,
    }),
    `${count(body.units.length, 'unit')} in ${count(body.waves.length, 'wave')}, ` +
      `${body.leftOut.length} left out`,
  ];
}

/** One unit of the default level: what, how long, until when, and from where there is no way back. */
function unitLines(unit: UnitPlan, { paint, width }: PlanStyle): readonly string[] {
  const zone = zoneOf(unit);
  const window = unit.windows[0];
  const group = unit.redundancyGroup === undefined ? '' : `, of ${oneLine(unit.redundancyGroup)}`;
  const place = `${oneLine(unit.site)}, ${unit.criticality}${group}`;
  const change = `${oneLine(unit.fromVersion)} ${arrow(paint)} ${oneLine(unit.toVersion)}`;
  const times =
    `expected ${formatDuration(unit.expectedMs)}, at worst ${formatDuration(unit.worstMs)} ` +
    `and ${formatDuration(unit.rollbackWorstMs)} for the rollback`;
  const notes = (window?.notes ?? []).map((each) => `note: ${oneLine(each)}`);
  const lines = [
    times,
    ...(window ? [`window ${oneLine(window.window)} from ${bothTimes(window.startMs, zone)}`] : []),
    ...notes,
    `back out by ${bothTimes(unit.backOutDeadlineMs, zone)}`,
  ];
  const returns = unit.steps.flatMap((step, index) =>
    step.pointOfNoReturn
      ? [`point of no return: step ${index + 1} of ${unit.steps.length}, ${oneLine(step.title)}`]
      : [],
  );
  return [
    `  ${paint.bold(oneLine(unit.unit))} (${place}): ${change}`,
    ...lines.flatMap((each) => wrap(`    ${each}`, width, '      ')),
    ...returns.flatMap((each) => wrap(`    ${each}`, width, '      ')).map(paint.warn),
  ];
}

function waveLines(
  plan: Plan,
  index: number,
  rest: PlanStyle & { readonly full: boolean },
): readonly string[] {
  const wave = plan.body.waves[index];
  if (!wave) return [];
  const together = wave.together.flatMap(({ units, safeBecause }) => {
    const names = units.map(oneLine).join(', ');
    return wrap(`  together: ${names}. Safe: ${oneLine(safeBecause)}`, rest.width, '    ');
  });
  const units = plan.body.units.filter((each) => wave.units.includes(each.unit));
  return [
    '',
    rest.paint.bold(waveTitle(wave, index)),
    ...together.map(rest.paint.dim),
    ...units.flatMap((each) => [
      ...unitLines(each, rest),
      ...(rest.full ? fullUnit(each, rest.paint) : []),
    ]),
  ];
}

function checkLines(plan: Plan, paint: Paint): readonly string[] {
  const { before, after } = plan.body.checks;
  const lines = (when: string, rules: typeof before) =>
    rules.map((each) => {
      const within = each.withinMs > 0 ? ` (within ${formatDuration(each.withinMs)})` : '';
      return `  ${when}: ${oneLine(each.name)}${within}\n      ${oneLine(each.that)}`;
    });
  if (before.length + after.length === 0) return [];
  return ['', paint.bold('Checks'), ...lines('before', before), ...lines('after', after)];
}

/** A plan for people: one line a unit, what matters to the board, or every command. */
export function planText(plan: Plan, level: PlanLevel, style: PlanStyle): readonly string[] {
  if (level === 'brief') return briefLines(plan, style);
  const full = level === 'full';
  return [
    ...headLines(plan, style),
    ...plan.body.waves.flatMap((_wave, index) => waveLines(plan, index, { ...style, full })),
    ...(full ? checkLines(plan, style.paint) : []),
    ...leftOutLines(plan, style),
  ];
}
