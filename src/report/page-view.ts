import { formatDuration } from '../kernel/duration.js';
import { bothMoments } from './moment.js';
import type {
  Report,
  ReportedDecision,
  ReportedNotice,
  ReportedWave,
  VerdictKind,
} from './report-form.js';
import type { Span } from './down-strip.js';
import { drawPicture } from './network-picture.js';
import { chartsOf } from './timeline.js';
import { classOf, STANDING_SIGN, timeView, unitView } from './unit-view.js';

const VERDICT_SIGN: Record<VerdictKind, string> = {
  done: '✓',
  'check failed': '○',
  'rolled back': '↩',
  partial: '◐',
  'needs people': '‖',
  running: '…',
};

function factsOf(report: Report) {
  const { startMs, endMs, timeZone, plan, playbook } = report;
  const took = startMs === undefined || endMs === undefined ? '' : formatDuration(endMs - startMs);
  return [
    { name: 'Run', value: report.run, code: true },
    { name: 'Started by', value: report.startedBy || 'not started', code: false },
    {
      name: 'Started',
      value: startMs === undefined ? 'not started' : bothMoments(startMs, timeZone),
      code: false,
    },
    {
      name: 'Ended',
      value: endMs === undefined ? 'not over' : `${bothMoments(endMs, timeZone)}, after ${took}`,
      code: false,
    },
    { name: 'Plan', value: plan.short, code: true },
    { name: 'Plan made', value: bothMoments(plan.createdAtMs, timeZone), code: false },
    { name: 'Author', value: report.author, code: false },
    { name: 'Playbook', value: playbook.name, code: false },
    { name: 'Plan digest', value: plan.digest, code: true },
  ];
}

function tilesOf({ counts }: Report) {
  const all = [
    { standing: 'done' as const, value: counts.done },
    { standing: 'rolled back' as const, value: counts.rolledBack },
    { standing: 'needs a human' as const, value: counts.needsHuman },
    { standing: 'not started' as const, value: counts.notStarted },
    { standing: 'under way' as const, value: counts.underWay },
  ];
  return all
    .filter((each) => each.standing !== 'under way' || each.value > 0)
    .map(({ standing, value }) => ({
      name: standing,
      value,
      sign: STANDING_SIGN[standing],
      className: value === 0 ? 'none' : classOf(standing),
    }));
}

function decisionView(each: ReportedDecision, timeZone: string) {
  const signatures = {
    verified: '✓ verified',
    'does not verify': '✕ does not verify',
    'not checked': 'not checked here',
  };
  const words = { author: 'author', approve: 'approved', reject: 'rejected', withdraw: 'withdrew' };
  const notes = [
    ...(each.superseded ? ['replaced by a later decision'] : []),
    ...(each.onRoster ? [] : ['not on the roster of the plan']),
  ];
  return {
    who: each.name === each.by ? each.by : `${each.name} (${each.by})`,
    decision: words[each.decision],
    className: each.decision,
    reason: each.reason,
    time: timeView(each.atMs, timeZone),
    signature: signatures[each.signature],
    notes: notes.join('; '),
  };
}

function waveView(wave: ReportedWave, report: Report, anchors: ReadonlyMap<string, string>) {
  const byUnit = new Map(report.units.map((each) => [each.unit, each]));
  const { startMs, endMs, soakMs } = wave;
  const zone = report.timeZone;
  return {
    name: `Wave ${wave.number + 1}: ${wave.name}`,
    state: wave.state,
    className: classOf(wave.state),
    times: [
      ...(startMs === undefined ? [] : [`from ${bothMoments(startMs, zone)}`]),
      ...(endMs === undefined ? [] : [`to ${bothMoments(endMs, zone)}`]),
      ...(soakMs > 0 ? [`then ${formatDuration(soakMs)} before the next`] : []),
    ].join(', '),
    units: wave.units.flatMap((unit) => {
      const found = byUnit.get(unit);
      if (!found) return [];
      const { standing, state } = found;
      const sign = STANDING_SIGN[standing];
      return [{ unit, state, sign, className: classOf(standing), anchor: anchors.get(unit) ?? '' }];
    }),
    together: wave.together.map((each) => `${each.units.join(' and ')}: ${each.safeBecause}`),
  };
}

function approvalText({ plan, decisions }: Report): string {
  const given = decisions.filter(
    (each) =>
      each.decision === 'approve' &&
      !each.superseded &&
      each.onRoster &&
      each.signature !== 'does not verify',
  ).length;
  const lab =
    plan.lab === 'required' ? 'A passed rehearsal is required.' : 'No rehearsal is required.';
  return `${given} of ${plan.quorum} approvals wanted. ${lab}`;
}

const LEGEND: readonly { readonly kind: string; readonly text: string }[] = [
  { kind: 'check', text: 'checks before' },
  { kind: 'stage', text: 'backup and copy' },
  { kind: 'drain', text: 'traffic away' },
  { kind: 'reload', text: 'boot change, reload, return' },
  { kind: 'verify', text: 'verify, checks after, commit' },
  { kind: 'soak', text: 'soak' },
  { kind: 'rollback', text: 'rollback' },
  { kind: 'wait', text: 'waits' },
];

function strategyText({ plan }: Report): string {
  const soak = plan.soakMs > 0 ? `, soak ${formatDuration(plan.soakMs)}` : '';
  const rollback =
    plan.rollback === 'automatic' ? 'automatic rollback' : 'hold instead of rollback';
  const failures = plan.stopAfterFailures === 1 ? 'failure' : 'failures';
  return `${plan.parallel} at a time, stop after ${plan.stopAfterFailures} ${failures}${soak}, ${rollback}.`;
}

function evidenceOf({ rehearsal, timeZone }: Report) {
  if (!rehearsal) return { has: false, text: '', facts: [] };
  const word = rehearsal.passed ? '✓ Passed' : '✕ Not passed';
  return {
    has: true,
    text: `${word}, ${bothMoments(rehearsal.atMs, timeZone)}`,
    facts: rehearsal.facts,
  };
}

/** What else than a run by ourselves it was. */
const HOW: Record<Report['mode'], string> = {
  run: '',
  observe: 'observed only',
  stage: 'staged only',
  manual: 'by hand: people did what changes a device',
};

/** States in which a unit answers nobody. */
const DARK: ReadonlySet<string> = new Set(['reloading', 'returning']);

/** The network with its waves and what was down when; empty when the plan does not know its network. */
function pictureOf(report: Report): string {
  const { network, waves, units, timeZone, playbook } = report;
  if (!network) return '';
  const down = units.flatMap(({ unit, path }) =>
    path.flatMap(({ kind, fromMs, untilMs }) =>
      DARK.has(kind) ? [{ name: unit, fromMs, toMs: untilMs ?? report.madeAtMs }] : [],
    ),
  );
  return drawPicture({
    title: `${playbook.name}: the network and its waves`,
    network,
    waves,
    down: joined(down),
    lost: [],
    zone: timeZone,
  });
}

/** Stretches of one unit that follow on each other are one. */
function joined(spans: readonly Span[]): readonly Span[] {
  return spans.reduce<readonly Span[]>((done, span) => {
    const last = done.at(-1);
    const goesOn = last?.name === span.name && last.toMs === span.fromMs;
    return goesOn ? [...done.slice(0, -1), { ...last, toMs: span.toMs }] : [...done, span];
  }, []);
}

/** The page as its template wants it: texts and flags, no decision left to the template. */
export function pageView(report: Report) {
  const { timeZone, units, verdict } = report;
  const anchors = new Map<string, string>(
    units.map((each, index) => [each.unit, `unit-${index + 1}`]),
  );
  const anchorOf = (unit: string) => anchors.get(unit) ?? '';
  const closing = report.closing.map((each) => ({
    ...each,
    sign: STANDING_SIGN[each.standing],
    className: classOf(each.standing),
    anchor: anchorOf(each.unit),
    next: each.next || 'none',
  }));
  return {
    title: report.playbook.name,
    summary: report.playbook.summary,
    how: HOW[report.mode],
    verdict: { ...verdict, sign: VERDICT_SIGN[verdict.kind], className: classOf(verdict.kind) },
    facts: factsOf(report),
    tiles: tilesOf(report),
    zoneText: timeZone === '' ? 'Times are UTC.' : `Times are ${timeZone}, with UTC in brackets.`,
    attention: closing.filter((each) => each.standing !== 'done' && each.standing !== 'under way'),
    charts: chartsOf(report),
    picture: pictureOf(report),
    legend: LEGEND,
    strategy: strategyText(report),
    waves: report.waves.map((each) => waveView(each, report, anchors)),
    approval: approvalText(report),
    decisions: report.decisions.map((each) => decisionView(each, timeZone)),
    rehearsal: evidenceOf(report),
    interventions: report.interventions.map((each) => ({
      kind: each.kind,
      by: each.by,
      why: each.why,
      time: timeView(each.atMs, timeZone),
    })),
    notices: (report.notices ?? []).map((each) => ({
      kind: each.kind,
      what: each.what,
      time: timeView(each.atMs, timeZone),
      deliveries: each.deliveries,
      said: saidOf(each),
    })),
    units: units.map((each) => unitView(each, anchorOf(each.unit))),
    leftOut: report.leftOut,
    closing,
    made: bothMoments(report.madeAtMs, timeZone),
    journal: report.journal,
  };
}

/** Who took it in hand. */
function saidOf({ acknowledged, needsPerson }: ReportedNotice): string {
  if (acknowledged) return `${acknowledged.by}: ${acknowledged.reason}`;
  return needsPerson ? 'nobody' : '';
}

export type PageView = ReturnType<typeof pageView>;
