import { formatDuration } from '../kernel/duration.js';
import { changeWords } from '../kernel/change-words.js';
import { shortDigest } from '../kernel/digest.js';
import type { Plan, PlannedWave, UnitPlan } from '../plan/plan.js';
import { bothTimes, utcTime } from './moment.js';
import type { Paint } from './paint.js';
import { elapsedMs, waveName } from './plan-course.js';
import { fullUnit } from './plan-full.js';
import { proofLines } from './proof-text.js';
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
  return `${waveName(wave, index)}: ${count(wave.units.length, 'unit')}${soak}`;
}

function headLines(plan: Plan, { paint, width }: PlanStyle): readonly string[] {
  const { body } = plan;
  const { strategy, approval } = body;
  const out = body.leftOut.length > 0 ? `, ${body.leftOut.length} left out` : '';
  const totals = [
    `${count(body.units.length, 'unit')} in ${count(body.waves.length, 'wave')}${out}.`,
    `Expected to take ${formatDuration(elapsedMs(plan))}, up to ${strategy.parallel} at a time,`,
    `soaks between waves included.`,
  ].join(' ');
  const rules = [
    `Stops after ${count(strategy.stopAfterFailures, 'failure')};`,
    `rollback ${body.rollback};`,
    `then a soak of ${formatDuration(strategy.soakMs)}.`,
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

function leftOutLines(plan: Plan, { paint, width }: PlanStyle): readonly string[] {
  const { leftOut } = plan.body;
  if (leftOut.length === 0) return [];
  return [
    '',
    paint.bold('Left out'),
    ...leftOut.flatMap(({ unit, why, kind }) => {
      const word = kind === 'refused' ? 'refused: ' : 'nothing to do: ';
      const lines = wrap(`  ${oneLine(unit)}: ${word}${oneLine(why)}`, width, '    ');
      return kind === 'refused' ? lines.map(paint.warn) : lines;
    }),
  ];
}

function wholeMinutesMs(ms: number): number {
  return Math.ceil(ms / 60_000) * 60_000;
}

function briefRow(plan: Plan, unit: UnitPlan, paint: Paint): readonly Cell[] {
  const wave = plan.body.waves.findIndex((each) => each.units.includes(unit.unit));
  const returns = unit.steps.filter((each) => each.pointOfNoReturn).length;
  return [
    { text: oneLine(unit.unit) },
    { text: wave < 0 ? '' : waveName(plan.body.waves[wave], wave) },
    { text: oneLine(changeWords(unit, arrow(paint))) },
    { text: formatDuration(wholeMinutesMs(unit.expectedMs)) },
    { text: formatDuration(wholeMinutesMs(unit.worstMs)) },
    { text: utcTime(unit.backOutDeadlineMs).slice(5) },
    { text: String(returns), ...(returns > 0 ? { paint: paint.warn } : {}) },
  ];
}

function briefLines(plan: Plan, { paint, width }: PlanStyle): readonly string[] {
  const { body } = plan;
  return [
    ...tableLines({
      titles: ['unit', 'wave', 'change', 'takes', 'worst', 'back out by', 'no return'],
      rows: body.units.map((each) => briefRow(plan, each, paint)),
      right: [false, false, false, true, true, false, true],
      width,
      paint,
    }),
    `${count(body.units.length, 'unit')} in ${count(body.waves.length, 'wave')}, ` +
      `${body.leftOut.length} left out`,
  ];
}

/** How long, until when, and from where there is no way back. */
function detailLines(unit: UnitPlan, { paint, width }: PlanStyle): readonly string[] {
  const zone = zoneOf(unit);
  const window = unit.windows[0];
  const times =
    `${oneLine(unit.site)}; expected ${formatDuration(unit.expectedMs)}, ` +
    `at worst ${formatDuration(unit.worstMs)} and ` +
    `${formatDuration(unit.rollbackWorstMs)} for the rollback`;
  const lines = [
    times,
    ...(window ? [`window ${oneLine(window.window)} from ${bothTimes(window.startMs, zone)}`] : []),
    ...(window?.notes ?? []).map((each) => `note: ${oneLine(each)}`),
    ...stagingText(unit, zone),
    `back out by ${bothTimes(unit.backOutDeadlineMs, zone)}`,
  ];
  return [
    ...lines.flatMap((each) => wrap(`    ${each}`, width, '      ')),
    ...hopLines(unit, { paint, width }),
    ...returnLines(unit, width).map(paint.warn),
    ...configLines(unit, { paint, width }),
  ];
}

/** When `stage` may copy the images ahead of the change. */
function stagingText({ stagingWindows = [] }: UnitPlan, zone: string): readonly string[] {
  const [first, ...more] = stagingWindows;
  if (!first) return [];
  const name = first.window === 'staging' ? '' : ` in ${oneLine(first.window)}`;
  const later = more.length > 0 ? `, and ${count(more.length, 'opening')} more` : '';
  const times = `${bothTimes(first.startMs, zone)} to ${bothTimes(first.endMs, zone)}`;
  return [`images may be copied ahead${name}: ${times}${later}`];
}

/** The difference that the board approves, and what of our own way in it touches. */
function configLines({ config }: UnitPlan, { paint, width }: PlanStyle): readonly string[] {
  if (!config) return [];
  const after = formatDuration(config.revertAfterMs);
  const back =
    config.revertBy === 'reload'
      ? `reloads into the saved configuration after ${after}, an outage, unless confirmed`
      : `the device takes it back after ${after} unless confirmed (${config.revertBy})`;
  const colour = { '+': paint.good, '-': paint.bad, ' ': paint.dim };
  return [
    ...wrap(
      `    config ${config.patches.map((each) => oneLine(each.name)).join(', ')}: ${back}`,
      width,
      '      ',
    ),
    ...config.guarded.flatMap((each) =>
      wrap(`    TOUCHES THE WAY IN: ${oneLine(each)}`, width, '      ').map(paint.warn),
    ),
    ...(config.idle ?? []).flatMap((each) =>
      wrap(`    no effect: ${oneLine(each)}`, width, '      ').map(paint.dim),
    ),
    ...config.diff.map((each) =>
      colour[each.sign](`    ${each.sign} ${'  '.repeat(each.depth)}${oneLine(each.text)}`),
    ),
  ];
}

/** Which way several hops go, and how far each of them can be taken back. */
function hopLines({ hops }: UnitPlan, { paint, width }: PlanStyle): readonly string[] {
  return hops.flatMap(({ fromVersion, toVersion }, index) => {
    const way = `${oneLine(fromVersion)} ${arrow(paint)} ${oneLine(toVersion)}`;
    const back = `a failure goes back to ${oneLine(fromVersion)}, no further`;
    return wrap(`    hop ${index + 1}: ${way}; ${back}`, width, '      ');
  });
}

function returnLines(unit: UnitPlan, width: number): readonly string[] {
  const returns = unit.steps.flatMap((step, index) =>
    step.pointOfNoReturn
      ? [`step ${index + 1} of ${unit.steps.length}, ${oneLine(step.title)}`]
      : [],
  );
  return returns.flatMap((each) => wrap(`    point of no return: ${each}`, width, '      '));
}

/** `dist1b (critical, of dist1)`: what is special about a unit stands at its name. */
function unitName({ unit, criticality, redundancyGroup }: UnitPlan): string {
  const special = [
    ...(criticality === 'normal' ? [] : [criticality]),
    ...(redundancyGroup === undefined ? [] : [`of ${oneLine(redundancyGroup)}`]),
  ];
  return special.length > 0 ? `${oneLine(unit)} (${special.join(', ')})` : oneLine(unit);
}

function unitTitle(units: readonly UnitPlan[], { paint, width }: PlanStyle): readonly string[] {
  const [first] = units;
  if (!first) return [];
  const change = oneLine(changeWords(first, arrow(paint)));
  return wrap(`  ${units.map(unitName).join(', ')}: ${change}`, width, '    ').map(paint.bold);
}

/** Units of which the same would be said, together; in the order of the plan. */
function alike(units: readonly UnitPlan[], style: PlanStyle): readonly (readonly UnitPlan[])[] {
  const groups = new Map<string, UnitPlan[]>();
  for (const each of units) {
    const key = JSON.stringify([changeWords(each, ''), ...detailLines(each, style)]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function togetherLines(wave: PlannedWave, { paint, width }: PlanStyle): readonly string[] {
  return wave.together
    .flatMap(({ units, safeBecause }) => {
      const names = units.map(oneLine).join(', ');
      const word = units.length > 1 ? 'down together' : 'down';
      return wrap(`  ${word}: ${names}. Safe: ${oneLine(safeBecause)}`, width, '    ');
    })
    .map(paint.dim);
}

function waveLines(
  plan: Plan,
  index: number,
  rest: PlanStyle & { readonly full: boolean },
): readonly string[] {
  const wave = plan.body.waves[index];
  if (!wave) return [];
  const units = plan.body.units.filter((each) => wave.units.includes(each.unit));
  const groups = rest.full ? units.map((each) => [each]) : alike(units, rest);
  return [
    '',
    rest.paint.bold(waveTitle(wave, index)),
    ...togetherLines(wave, rest),
    ...groups.flatMap((group) => [
      ...unitTitle(group, rest),
      ...group.slice(0, 1).flatMap((each) => detailLines(each, rest)),
      ...(rest.full ? group.flatMap((each) => fullUnit(each, rest.paint)) : []),
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
    ...proofLines(plan.body.proof, { ...style, full }),
    ...(full ? checkLines(plan, style.paint) : []),
    ...leftOutLines(plan, style),
  ];
}
