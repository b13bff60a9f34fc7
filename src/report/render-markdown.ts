import { changeWords } from '../kernel/change-words.js';
import { formatDuration } from '../kernel/duration.js';
import type { UnitCard } from '../plan/unit-card.js';
import { bothMoments, clockTime } from './moment.js';
import type { Report, ReportedUnit } from './report-form.js';
import { STANDING_SIGN } from './unit-view.js';
import { allVisible } from './visible.js';

type Row = readonly string[];

/** One line of text that Markdown and HTML leave as it is. */
function plain(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_[\]|#~!]/g, '\\$&');
}

function table(heads: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** A fence that no line of the text can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([each]) => each.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

const MODE = { observe: 'observed only', stage: 'staged only', manual: 'by hand' } as const;

function head(report: Report): string {
  const { verdict, timeZone, startMs, endMs, plan } = report;
  const time = (ms: number | undefined, none: string) =>
    ms === undefined ? none : bothMoments(ms, timeZone);
  const rows: readonly Row[] = [
    ['Run', report.mode === 'run' ? report.run : `${report.run} (${MODE[report.mode]})`],
    ['Verdict', `${verdict.kind}, exit code ${verdict.exitCode}`],
    ['Plan', plan.digest],
    ['Author', report.author],
    ['Started', `${time(startMs, 'not started')} by ${report.startedBy || 'nobody'}`],
    ['Ended', time(endMs, 'not over')],
    ['Rehearsal', rehearsalText(report)],
  ];
  return [
    `# ${plain(report.playbook.name)}`,
    plain(report.playbook.summary),
    `**${plain(verdict.headline)}**`,
    table(['', ''], rows),
  ].join('\n\n');
}

function rehearsalText({ rehearsal, timeZone }: Report): string {
  if (!rehearsal) return 'none recorded';
  const word = rehearsal.passed ? 'passed' : 'not passed';
  const facts = rehearsal.facts.map(({ name, value }) => `${name} ${value}`);
  return [`${word}, ${bothMoments(rehearsal.atMs, timeZone)}`, ...facts].join('; ');
}

function noticeSection({ notices = [], timeZone }: Report): readonly string[] {
  if (notices.length === 0) return [];
  const rows = notices.map((each) => [
    bothMoments(each.atMs, timeZone),
    `${each.kind}: ${each.what}`,
    each.deliveries.join('; '),
    each.acknowledged
      ? `${each.acknowledged.by}: ${each.acknowledged.reason}`
      : each.needsPerson
        ? 'nobody'
        : '',
  ]);
  return [`## Whom it told\n\n${table(['When', 'What', 'Sent', 'Taken in hand by'], rows)}`];
}

function sections(report: Report): readonly string[] {
  const { timeZone: zone } = report;
  const decisions = report.decisions.map((each) => [
    each.name,
    each.superseded ? `${each.decision} (replaced later)` : each.decision,
    each.reason,
    bothMoments(each.atMs, zone),
    each.signature,
  ]);
  const course = report.interventions.map((each) => [
    bothMoments(each.atMs, zone),
    each.kind,
    each.by,
    each.why,
  ]);
  const waves = report.waves.map((each) => [
    `${each.number + 1}`,
    each.name,
    each.units.join(', '),
    each.state,
  ]);
  const leftOut = report.leftOut.map((each) => [each.unit, each.kind, each.why]);
  return [
    `## Waves\n\n${table(['Wave', 'Name', 'Units', 'State'], waves)}`,
    `## Approvals\n\n${table(['Who', 'Decision', 'Reason', 'When', 'Signature'], decisions)}`,
    `## Course of the run\n\n${table(['When', 'What', 'Who', 'Why'], course)}`,
    ...noticeSection(report),
    ...(leftOut.length > 0
      ? [`## Left out of the plan\n\n${table(['Unit', 'Finding', 'Why'], leftOut)}`]
      : []),
  ];
}

function stepsTable(unit: ReportedUnit): string {
  const rows = unit.steps.map(({ list, id, title, outcome, startMs, endMs, attempts, why }) => [
    list === 'rollback' ? `rollback: ${title} (${id})` : `${title} (${id})`,
    outcome,
    startMs === undefined ? '' : clockTime(startMs, unit.timeZone),
    startMs === undefined || endMs === undefined ? '' : formatDuration(endMs - startMs),
    String(attempts),
    why,
  ]);
  return table(['Step', 'Outcome', 'Start', 'Took', 'Sent', 'Why'], rows);
}

function checksTable(unit: ReportedUnit): string {
  const rows = unit.checks.flatMap(({ when, outcomes }) =>
    outcomes.map((each) => [when, each.name, each.kind, each.kind === 'passed' ? '' : each.why]),
  );
  return table(['When', 'Check', 'Outcome', 'Why'], rows);
}

function comparisonTable(unit: ReportedUnit): string {
  const rows = (unit.comparison?.aspects ?? []).map((each) => [
    each.aspect,
    each.before,
    each.after,
    each.gone.join(', '),
    each.new.join(', '),
  ]);
  return table(['Aspect', 'Before', 'After', 'Gone', 'New'], rows);
}

function transcriptText({ transcript, timeZone }: ReportedUnit): string {
  const exchanges = transcript.kept.map(
    (each) => `[${clockTime(each.atMs, timeZone)}] ${each.sent}\n${each.received}`,
  );
  const note = transcript.note === '' ? '' : `\n\n${plain(transcript.note)}`;
  const summary = `<details><summary>Transcript: ${transcript.exchanges} exchanges</summary>`;
  return `${summary}${note}\n\n${fenced(exchanges.join('\n\n'))}\n\n</details>`;
}

function cardText({ title, sections }: UnitCard): string {
  const parts = sections.flatMap(({ heading, entries }) => [
    `**${plain(heading)}**`,
    ...entries.flatMap(({ text, type }) => [
      plain(text),
      ...(type.length > 0 ? [fenced(type.join('\n'))] : []),
    ]),
  ]);
  return [`#### Recovery card: ${plain(title)}`, ...parts].join('\n\n');
}

function unitSection(unit: ReportedUnit): string {
  const { planned, timeZone } = unit;
  const about = [
    changeWords(planned, 'to'),
    `expected ${formatDuration(planned.expectedMs)}`,
    `worst case ${formatDuration(planned.worstMs)}`,
    `back-out deadline ${bothMoments(planned.backOutDeadlineMs, timeZone)}`,
  ];
  const path = unit.path.map((each) => `${each.kind} ${clockTime(each.fromMs, timeZone)}`);
  return [
    `### ${plain(unit.unit)}: ${STANDING_SIGN[unit.standing]} ${unit.state}`,
    `Planned: ${plain(about.join(', '))}.`,
    ...(path.length > 0 ? [`Happened: ${plain(path.join(' → '))}.`] : []),
    ...(unit.ending ? [`Ending: ${plain(unit.ending.why)}.`] : []),
    `Next action: ${plain(unit.next || 'none')}.`,
    ...(unit.card ? [cardText(unit.card)] : []),
    stepsTable(unit),
    ...(unit.checks.length > 0 ? [checksTable(unit)] : []),
    ...(unit.comparison ? [comparisonTable(unit)] : []),
    ...(unit.comparison?.beforeRollback ? ['The later look was taken before the rollback.'] : []),
    ...(unit.transcript.exchanges > 0 ? [transcriptText(unit)] : []),
  ].join('\n\n');
}

/** The report as Markdown with tables, for a ticket or a wiki. What devices and people wrote stays text. */
export function renderMarkdown(report: Report): string {
  const shown = allVisible(report);
  const closing = shown.closing.map((each) => [
    each.unit,
    `${STANDING_SIGN[each.standing]} ${each.standing}`,
    each.why,
    each.next || 'none',
  ]);
  return `${[
    head(shown),
    ...sections(shown),
    `## Units\n\n${shown.units.map(unitSection).join('\n\n')}`,
    `## Closing table\n\n${table(['Unit', 'Standing', 'Why', 'Next action'], closing)}`,
  ].join('\n\n')}\n`;
}
