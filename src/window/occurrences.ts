import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { Fault, messageOf } from '../kernel/fault.js';
import type { InstantMs } from '../kernel/id.js';
import type { Freeze, Inventory, WindowRule } from '../inventory/inventory.js';
import type { WindowOccurrence } from './occurrence.js';

type Recurring = Extract<WindowRule, { kind: 'recurring' }>;

/** Where recurrences are counted from (`INTERVAL=2`): the Monday that begins 2024. */
const ANCHOR_DATE = '2024-01-01';

export interface LookAhead {
  readonly fromMs: InstantMs;
  readonly untilMs: InstantMs;
  /** At most this many openings. */
  readonly count: number;
}

/** `22:00`, `+02:00` and the like, as the people on site read it. */
export function localTime(atMs: InstantMs, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  const text = zoned.toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
  return `${text} ${zoned.offset}`;
}

/** `2027-03-28 01:00Z`. */
export function utcTime(atMs: InstantMs): string {
  const text = Temporal.Instant.fromEpochMilliseconds(atMs).toString({ smallestUnit: 'minute' });
  return text.replace('T', ' ');
}

/** The local start times of a recurring rule, on the wall clock of its zone; DST is settled afterwards. */
function wallStarts(rule: Recurring, zone: string, ahead: LookAhead): Temporal.PlainDateTime[] {
  const time = rule.at.replace(':', '').padEnd(6, '0');
  const text = `DTSTART;TZID=UTC:${ANCHOR_DATE.replaceAll('-', '')}T${time}\nRRULE:${rule.rrule}`;
  const asUtc = (ms: InstantMs) =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toZonedDateTime('UTC');
  try {
    const recurrence = new RRuleTemporal({ rruleString: text, maxIterations: 20_000 });
    const from = asUtc(ahead.fromMs - rule.durationMs).subtract({ days: 1 });
    const found = recurrence.between(from, asUtc(ahead.untilMs).add({ days: 1 }), true);
    return found.map((each) => Temporal.ZonedDateTime.from(each.toString()).toPlainDateTime());
  } catch (thrown) {
    throw new Fault(
      'inventory-invalid',
      `window ${rule.name}: ${rule.rrule}: ${messageOf(thrown)}`,
      {
        cause: thrown,
      },
    );
  }
}

/** The opening that begins at a wall time; undefined when the clocks skip that time and the rule says to skip it. */
function opening(
  rule: Recurring,
  zone: string,
  wall: Temporal.PlainDateTime,
): WindowOccurrence | undefined {
  const start = wall.toZonedDateTime(zone, { disambiguation: 'compatible' });
  const inGap = !start.toPlainDateTime().equals(wall);
  const notes: string[] = [];
  if (inGap) {
    const gone = `${wall.toString({ smallestUnit: 'minute' })} does not exist in ${zone}`;
    if (rule.dst === 'skip') return undefined;
    if (rule.dst === 'fail') {
      throw new Fault('inventory-invalid', `window ${rule.name}: ${gone} (dst: fail)`, {
        mend: 'move the window, or set dst: skip or dst: shift',
      });
    }
    notes.push(`${gone}: shifted to ${start.toPlainTime().toString({ smallestUnit: 'minute' })}`);
  }
  const end = start.add({ milliseconds: rule.durationMs });
  if (start.offset !== end.offset) {
    const local = end.toPlainTime().toString({ smallestUnit: 'minute' });
    notes.push(`the clocks change inside it: it ends at ${local} local time`);
  }
  return {
    window: rule.name,
    startMs: start.epochMilliseconds,
    endMs: end.epochMilliseconds,
    timeZone: zone,
    notes,
  };
}

function openings(rule: WindowRule, zone: string, ahead: LookAhead): readonly WindowOccurrence[] {
  if (rule.kind === 'once') {
    const { name, startMs, endMs } = rule;
    return [{ window: name, startMs, endMs, timeZone: zone, notes: [] }];
  }
  const own = rule.timeZone ?? zone;
  return wallStarts(rule, own, ahead).flatMap((wall) => opening(rule, own, wall) ?? []);
}

/** What freezes leave of an opening: it, parts of it, or nothing. */
export function withoutFreezes(
  occurrence: WindowOccurrence,
  freezes: readonly Freeze[],
): readonly WindowOccurrence[] {
  let parts: readonly WindowOccurrence[] = [occurrence];
  for (const freeze of freezes) {
    parts = parts.flatMap((part) => {
      if (freeze.endMs <= part.startMs || part.endMs <= freeze.startMs) return [part];
      const notes = [...part.notes, `shortened by freeze ${freeze.name}: ${freeze.reason}`];
      const before = { ...part, endMs: freeze.startMs, notes };
      const after = { ...part, startMs: freeze.endMs, notes };
      return [before, after].filter((each) => each.startMs < each.endMs);
    });
  }
  return parts;
}

/**
 * The openings of the named windows at a site, soonest first, freezes cut out: those under way and those to come. Times
 * of recurring windows are the site's wall time. Fault `inventory-invalid` for a rule that cannot be read.
 */
export function occurrencesAt(
  inventory: Pick<Inventory, 'windows' | 'freezes' | 'sites'>,
  siteName: string,
  names: readonly string[],
  ahead: LookAhead,
): readonly WindowOccurrence[] {
  const zone = inventory.sites.find((each) => each.name === siteName)?.timeZone ?? 'UTC';
  const freezes = inventory.freezes.filter(
    (each) => each.sites.length === 0 || each.sites.includes(siteName),
  );
  const found = inventory.windows
    .filter((rule) => names.includes(rule.name))
    .flatMap((rule) => openings(rule, zone, ahead))
    .flatMap((each) => withoutFreezes(each, freezes))
    .filter((each) => each.endMs > ahead.fromMs && each.startMs < ahead.untilMs);
  return found
    .sort((a, b) => a.startMs - b.startMs || (a.window < b.window ? -1 : 1))
    .slice(0, ahead.count);
}
