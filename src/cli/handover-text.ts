import { shortDigest } from '../kernel/digest.js';
import type { Handover, HandedUnit } from '../notice/handover.js';
import { bothTimes } from './moment.js';
import { oneLine } from './visible.js';

const NAMES_MAX = 40;

function names(units: readonly HandedUnit[]): string {
  const shown = units.slice(0, NAMES_MAX).map((each) => each.unit);
  const more = units.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((each) => `  - ${each}`)];
}

function unitLines(unit: HandedUnit): readonly string[] {
  const { timeZone, step, why, next, timers, worstEndMs, window } = unit;
  const head = `${unit.unit} (${unit.site}): ${unit.state}${step === '' ? '' : `, ${oneLine(step)}`}`;
  return [
    why === '' ? head : `${head}: ${oneLine(why)}`,
    ...timers.map((each) => `  until ${bothTimes(each.atMs, timeZone)}: ${each.what}`),
    ...(worstEndMs === undefined
      ? []
      : [`  at the latest over at ${bothTimes(worstEndMs, timeZone)}`]),
    ...(worstEndMs === undefined || !window
      ? []
      : [`  window ${window.name} closes ${bothTimes(window.endMs, timeZone)}`]),
    ...(next === '' ? [] : [`  next: ${oneLine(next)}`]),
  ];
}

function unitSection(title: string, units: readonly HandedUnit[]): readonly string[] {
  return section(
    title,
    units.map((each) => unitLines(each).join('\n    ')),
  );
}

function standing(handover: Handover): string {
  if (handover.finished) return 'over';
  const parts = [
    ...(handover.stopped === undefined ? [] : [`stopped: ${oneLine(handover.stopped)}`]),
    ...(handover.paused ? ['paused'] : []),
    handover.runner === undefined ? 'nobody works on it' : `at work: ${handover.runner}`,
  ];
  return parts.join('; ');
}

function noticeLines(handover: Handover, zone: string): readonly string[] {
  return handover.notices.map(({ id, atMs, what, acknowledged: ack }) => {
    const said = ack ? `taken in hand by ${ack.by}: ${oneLine(ack.reason)}` : 'NOT ACKNOWLEDGED';
    return `${id}, ${bothTimes(atMs, zone)}: ${oneLine(what)}\n    ${said}`;
  });
}

/** Plain text to paste into the log book of a shift. */
export function handoverLines(handover: Handover, headline: string): readonly string[] {
  const { done, nextWindow, soaking, notStarted } = handover;
  const [some] = [...handover.underWay, ...handover.needPerson, ...done, ...notStarted];
  const zone = some?.timeZone ?? 'UTC';
  const of = `${handover.playbook}, plan ${shortDigest(handover.plan)}`;
  return [
    `HAND-OVER of run ${handover.run} (${of}), ${bothTimes(handover.atMs, zone)}`,
    headline,
    `Begun ${bothTimes(handover.startedAtMs, zone)} by ${handover.startedBy}; ${standing(handover)}.`,
    ...unitSection('NEED A PERSON', handover.needPerson),
    ...unitSection('Being changed now', handover.underWay),
    ...unitSection('Rolled back or not changed', handover.failed),
    ...section('Notices that need a person', noticeLines(handover, zone)),
    ...section(
      'Notices that could not be sent',
      handover.undelivered.map((each) => `${each.delivery}: ${oneLine(each.why)}`),
    ),
    ...section(
      'Monitoring is kept quiet',
      handover.mutes.map(
        (each) => `${each.unit} by ${each.hook} until ${bothTimes(each.untilMs, zone)}`,
      ),
    ),
    ...section('Soaking', soaking.length > 0 ? [names(soaking)] : []),
    ...section('Done', done.length > 0 ? [names(done)] : []),
    ...section('Not come to yet', notStarted.length > 0 ? [names(notStarted)] : []),
    ...section(
      'Next window',
      nextWindow
        ? [`${nextWindow.name}, ${bothTimes(nextWindow.startMs, nextWindow.timeZone)}`]
        : [],
    ),
    ...section('Next', handover.next.length > 0 ? handover.next.map(oneLine) : ['nothing to do']),
  ];
}
