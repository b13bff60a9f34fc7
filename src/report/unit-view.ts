import { formatDuration } from '../kernel/duration.js';
import { changeWords } from '../kernel/change-words.js';
import { diffText } from '../config/diff-text.js';
import { bothMoments, clockTime, isoTime, moment } from './moment.js';
import type { ReportedStep, ReportedUnit, Standing, StepOutcome } from './report-form.js';

/** One instant for a reader and for a machine. */
export interface TimeView {
  readonly text: string;
  readonly iso: string;
}

/** The sign that goes with a standing: never colour alone. */
export const STANDING_SIGN: Record<Standing, string> = {
  done: '✓',
  'rolled back': '↩',
  'not started': '○',
  'needs a human': '‖',
  'under way': '…',
};

const STEP_SIGN: Record<StepOutcome, string> = {
  done: '✓',
  skipped: '✓',
  failed: '✕',
  'under way': '…',
  'not reached': '○',
};

const STEP_WORD: Record<StepOutcome, string> = {
  done: 'done',
  skipped: 'nothing sent: it was there',
  failed: 'failed',
  'under way': 'under way',
  'not reached': 'not reached',
};

/** `needs a human` as a class name. */
export function classOf(text: string): string {
  return text.replaceAll(' ', '-');
}

export function timeView(atMs: number, timeZone: string): TimeView {
  return { text: bothMoments(atMs, timeZone), iso: isoTime(atMs) };
}

function stepView(step: ReportedStep, zone: string) {
  const { startMs, endMs } = step;
  const took = startMs === undefined || endMs === undefined ? undefined : endMs - startMs;
  return {
    id: step.id,
    title: step.title,
    phase: step.phase,
    disrupts: step.disrupts === 'nothing' ? '' : `disrupts ${step.disrupts}`,
    pointOfNoReturn: step.pointOfNoReturn,
    outcome: STEP_WORD[step.outcome],
    sign: STEP_SIGN[step.outcome],
    className: classOf(step.outcome),
    start: startMs === undefined ? '' : clockTime(startMs, zone),
    end: endMs === undefined ? '' : clockTime(endMs, zone),
    took: took === undefined ? '' : formatDuration(took),
    late: took !== undefined && took > step.maxMs,
    planned: `${formatDuration(step.expectedMs)}, at most ${formatDuration(step.maxMs)}`,
    attempts: step.attempts,
    why: step.why,
    notes: step.notes.map((each) => ({
      time: clockTime(each.atMs, zone),
      text: each.why === '' ? each.what : `${each.what}: ${each.why}`,
    })),
  };
}

function stepLists(unit: ReportedUnit) {
  return (['forward', 'rollback'] as const).flatMap((list) => {
    const steps = unit.steps.filter((each) => each.list === list);
    if (steps.length === 0) return [];
    const title = list === 'forward' ? 'Steps' : 'Steps of the rollback';
    return [{ title, steps: steps.map((each) => stepView(each, unit.timeZone)) }];
  });
}

function checksView(unit: ReportedUnit) {
  const whens = { before: 'before the change', after: 'after the change', soak: 'while soaking' };
  return unit.checks.map(({ when, atMs, passed, outcomes }) => ({
    caption: `Checks ${whens[when]}: ${passed ? 'passed' : 'not passed'}`,
    time: timeView(atMs, unit.timeZone),
    outcomes: outcomes.map((each) => ({
      name: each.name,
      sign: each.kind === 'passed' ? '✓' : '✕',
      kind: each.kind === 'broken' ? 'could not be judged' : each.kind,
      className: each.kind === 'passed' ? 'done' : 'failed',
      why: each.kind === 'passed' ? '' : each.why,
    })),
  }));
}

function comparisonView({ comparison, timeZone }: ReportedUnit) {
  if (!comparison) return { has: false, caption: '', note: '', aspects: [] };
  const [before, after] = [comparison.beforeMs, comparison.afterMs].map((each) =>
    moment(each, timeZone),
  );
  return {
    has: true,
    caption: `Before (${before}) and ${comparison.afterWhen === 'soak' ? 'while soaking' : 'after'} (${after})`,
    note: comparison.beforeRollback ? 'The later look was taken before the rollback.' : '',
    aspects: comparison.aspects.map((each) => ({
      aspect: each.aspect,
      before: each.before,
      after: each.after,
      same: each.before === each.after && each.gone.length + each.new.length === 0,
      worse: each.worse,
      gone: each.gone,
      fresh: each.new,
    })),
  };
}

function configRows({ config }: ReportedUnit['planned']) {
  if (!config) return [];
  return [
    { name: 'Patches', value: config.patches.join('\n') },
    {
      name: 'Taken back',
      value: `by the device itself (${config.revertBy}) after ${formatDuration(config.revertAfterMs)}, unless confirmed`,
    },
    ...(config.guarded.length > 0
      ? [{ name: 'Touches the way in', value: config.guarded.join('\n') }]
      : []),
    { name: 'Configuration', value: config.diff.map(diffText).join('\n') },
  ];
}

function plannedRows({ planned, timeZone }: ReportedUnit) {
  const windows = planned.windows.slice(0, 3).map(({ name, startMs, endMs, notes }) => {
    const note = notes.length > 0 ? ` (${notes.join('; ')})` : '';
    return `${name}: ${moment(startMs, timeZone)} to ${moment(endMs, timeZone)}${note}`;
  });
  return [
    { name: 'Change', value: changeWords(planned, '→') },
    ...planned.images.flatMap(({ name, sha512 }) => [
      { name: 'Image', value: name },
      { name: 'SHA-512', value: `${sha512.slice(0, 32)}…` },
    ]),
    ...configRows(planned),
    { name: 'Window', value: windows.join('\n') },
    { name: 'Expected', value: formatDuration(planned.expectedMs) },
    {
      name: 'Worst case',
      value: `${formatDuration(planned.worstMs)}, rollback ${formatDuration(planned.rollbackWorstMs)}`,
    },
    { name: 'Back-out deadline', value: bothMoments(planned.backOutDeadlineMs, timeZone) },
  ];
}

function happenedRows(unit: ReportedUnit) {
  const { path, ending, timeZone, state } = unit;
  const first = path[0];
  const rows = [
    { name: 'Begun', value: first ? bothMoments(first.fromMs, timeZone) : '' },
    { name: 'Ended', value: ending ? bothMoments(ending.atMs, timeZone) : '' },
    { name: 'Took', value: first && ending ? formatDuration(ending.atMs - first.fromMs) : '' },
    { name: 'State', value: ending ? `${ending.as}: ${ending.why}` : state },
    { name: 'Code', value: ending?.code ?? '' },
    { name: 'Rolled back because', value: unit.rollbackWhy },
    { name: 'Next action', value: unit.next || 'none' },
  ];
  return rows.filter((each) => each.value !== '');
}

function transcriptView({ transcript, timeZone }: ReportedUnit) {
  return {
    exchanges: transcript.exchanges,
    note: transcript.note,
    kept: transcript.kept.map((each) => ({
      time: moment(each.atMs, timeZone),
      sent: each.sent,
      received: each.received,
      odd: each.outcome === 'output' ? '' : each.outcome,
    })),
  };
}

/** One unit as the page shows it: every value a text, every time in its site's zone. */
export function unitView(unit: ReportedUnit, anchor: string) {
  return {
    anchor,
    unit: unit.unit,
    sign: STANDING_SIGN[unit.standing],
    className: classOf(unit.standing),
    standing: unit.standing,
    state: unit.state,
    about: [
      unit.site,
      unit.platform,
      unit.model,
      ...(unit.redundancyGroup === '' ? [] : [`group ${unit.redundancyGroup}`]),
      ...(unit.criticality === '' ? [] : [`${unit.criticality} criticality`]),
    ].join(' · '),
    change: changeWords(unit.planned, '→'),
    open: unit.standing === 'needs a human' || unit.standing === 'rolled back',
    zone: unit.timeZone === '' ? 'UTC' : unit.timeZone,
    planned: plannedRows(unit),
    happened: happenedRows(unit),
    path: unit.path.map(({ kind, fromMs, untilMs }) => ({
      kind,
      from: clockTime(fromMs, unit.timeZone),
      took: untilMs === undefined || untilMs === fromMs ? '' : formatDuration(untilMs - fromMs),
    })),
    lists: stepLists(unit),
    checks: checksView(unit),
    comparison: comparisonView(unit),
    transcript: transcriptView(unit),
    card: unit.card ?? { title: '', sections: [] },
  };
}
