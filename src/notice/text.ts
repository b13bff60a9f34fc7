import type { InstantMs } from '../kernel/id.js';
import type { JsonObject } from '../kernel/json.js';
import { wallTime } from '../kernel/wall-time.js';
import type { Person } from '../inventory/inventory.js';
import type { Notice } from './notice.js';

const KINDS: Record<Notice['kind'], string> = {
  hold: 'HELD',
  failure: 'failed',
  overrun: 'OVERRUN',
  stopped: 'stopped',
  paused: 'paused',
  completed: 'ended',
  silent: 'SILENT',
};
const SUBJECT_MAX = 150;

/** One line without control characters: what a device said may stand in it. */
function plain(text: string, most: number): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 3)}...`;
}

/** `Sun 2027-03-28 01:00 +02:00 (2027-03-27 23:00Z)`. */
export function momentText(atMs: InstantMs, timeZone: string): string {
  const iso = new Date(atMs).toISOString();
  const utc = `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;
  const wall = wallTime(atMs, timeZone);
  if (!wall || timeZone === 'UTC') return utc;
  return `${wall.day} ${wall.date} ${wall.time.slice(0, 5)} ${wall.offset} (${utc})`;
}

/** `Ada Lovelace (engineer), Grace Hopper (supervisor)`. */
export function peopleText(people: readonly Person[]): string {
  if (people.length === 0) return 'nobody of people.yaml is named for this; whoever reads it first';
  return people.map((each) => `${plain(each.name, 100)} (${each.role})`).join(', ');
}

export function subjectOf(notice: Notice, level: number): string {
  const about = notice.unit ?? notice.playbook;
  const escalated = level > 0 ? `[level ${level + 1}] ` : '';
  return plain(
    `${escalated}nightshift ${KINDS[notice.kind]}: ${about}: ${notice.what}`,
    SUBJECT_MAX,
  );
}

/** The whole notice for a person who was asleep until now. */
export function letterText(
  notice: Notice,
  about: { readonly who: readonly Person[]; readonly level: number; readonly sinceMs: number },
): string {
  const { who, level, sinceMs } = about;
  const minutes = Math.round(sinceMs / 60_000);
  const lines = [
    ...(level > 0 ? [`Nobody has acknowledged this for ${minutes} minutes.`, ''] : []),
    `What happened: ${plain(notice.what, 2000)}`,
    `When:          ${momentText(notice.atMs, notice.timeZone)}`,
    ...(notice.unit === undefined ? [] : [`Unit:          ${notice.unit}`]),
    ...(notice.sites.length === 0 ? [] : [`Site:          ${notice.sites.join(', ')}`]),
    `State now:     ${plain(notice.state, 2000)}`,
    `Who must act:  ${notice.next === '' ? 'nobody' : peopleText(who)}`,
    ...(notice.next === '' ? [] : [`What to do:    ${plain(notice.next, 2000)}`]),
    ...notice.deadlines.map(
      (each) => `Deadline:      ${momentText(each.atMs, notice.timeZone)}: ${each.what}`,
    ),
    ...(notice.type.length === 0 ? [] : ['', 'Type:', ...notice.type.map((each) => `  ${each}`)]),
    '',
    `run ${notice.run} of ${notice.playbook}, criticality ${notice.criticality}, notice ${notice.id}`,
  ];
  return `${lines.join('\n')}\n`;
}

const iso = (atMs: InstantMs) => new Date(atMs).toISOString();

/** The body of a webhook. Keys are only ever added to it. */
export function callBody(
  notice: Notice,
  about: { readonly delivery: string; readonly level: number; readonly who: readonly Person[] },
): JsonObject {
  const { delivery, level, who } = about;
  return {
    format: 1,
    type: 'notice',
    delivery,
    notice: notice.id,
    event: notice.kind,
    at: iso(notice.atMs),
    run: notice.run,
    playbook: notice.playbook,
    ...(notice.unit === undefined ? {} : { unit: notice.unit }),
    sites: [...notice.sites],
    groups: [...notice.groups],
    criticality: notice.criticality,
    subject: subjectOf(notice, level),
    what: notice.what,
    state: notice.state,
    who: who.map(({ id, name, role }) => ({ id, name, role })),
    next: notice.next,
    commands: [...notice.type],
    deadlines: notice.deadlines.map(({ what, atMs }) => ({ what, at: iso(atMs) })),
    needsPerson: notice.needsPerson,
    level: level + 1,
  };
}
