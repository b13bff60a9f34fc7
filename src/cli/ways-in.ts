import { formatDuration } from '../kernel/duration.js';
import type { InstantMs } from '../kernel/id.js';
import type { WayIn } from '../fingerprint/out-of-band.js';
import type { Plan } from '../plan/plan.js';
import type { Desk } from './desk.js';
import type { PlanStyle } from './plan-text.js';
import { count, wrap } from './text.js';
import { oneLine } from './visible.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A console that nobody tried for longer is worth a look before the night. */
const FRESH_MS = 30 * DAY_MS;

/** `3h ago`, `12 days ago`: one unit of time is enough to judge by. */
function ago(ms: number): string {
  if (ms < MINUTE_MS) return 'just now';
  if (ms >= 2 * DAY_MS) return `${count(Math.floor(ms / DAY_MS), 'day')} ago`;
  const unitMs = ms >= HOUR_MS ? HOUR_MS : MINUTE_MS;
  return `${formatDuration(Math.floor(ms / unitMs) * unitMs)} ago`;
}

function testText({ lastTest, lastSuccessMs }: WayIn, nowMs: InstantMs): string {
  if (!lastTest) return 'never tested';
  const success = lastSuccessMs === undefined ? 'never' : ago(nowMs - lastSuccessMs);
  if (lastTest.answered) return `answered ${success}`;
  const why = lastTest.detail === '' ? '' : ` (${oneLine(lastTest.detail)})`;
  return `did not answer ${ago(nowMs - lastTest.atMs)}${why}; last answer: ${success}`;
}

function isSound({ lastTest }: WayIn, nowMs: InstantMs): boolean {
  return lastTest?.answered === true && nowMs - lastTest.atMs <= FRESH_MS;
}

/** How each unit is reached when it does not return, and when that was last seen to work. */
export function waysInLines(
  ways: readonly WayIn[],
  nowMs: InstantMs,
  { paint, width }: Pick<PlanStyle, 'paint' | 'width'>,
): readonly string[] {
  const lines = ways.flatMap((each) => {
    const { outOfBand } = each;
    if (!outOfBand) return [];
    const kind = outOfBand.kind === 'console' ? 'console' : 'out of band';
    const note = outOfBand.note === undefined ? '' : ` (${oneLine(outOfBand.note)})`;
    const place = `${oneLine(outOfBand.address)} port ${outOfBand.port}`;
    const text = `  ${oneLine(each.unit)}: ${kind} ${place}${note}, ${testText(each, nowMs)}`;
    const wrapped = wrap(text, width, '    ');
    return isSound(each, nowMs) ? wrapped : wrapped.map(paint.warn);
  });
  const without = ways.filter((each) => !each.outOfBand).map((each) => oneLine(each.unit));
  const missing = `  no console or out-of-band address in the inventory: ${without.join(', ')}`;
  return [
    '',
    paint.bold('Ways in when a unit does not return'),
    ...lines,
    ...(without.length > 0 ? wrap(missing, width, '    ').map(paint.warn) : []),
    ...wrap(
      '  What to type at a console: nightshift plan card UNIT PLAN; for the binder: nightshift plan cards PLAN',
      width,
      '    ',
    ),
  ];
}

/** The ways in of a plan's units, as the inventory has them now; none when it cannot be read. */
export async function waysInOf(
  desk: Desk,
  plan: Plan,
): Promise<readonly (WayIn & { readonly address: string; readonly jump: readonly string[] })[]> {
  const app = await desk.app('read');
  const units = new Set<string>(plan.body.units.map((each) => each.unit));
  const inventory = await desk.inventory(app).catch(() => undefined);
  const planned = inventory?.units.filter((each) => units.has(each.id)) ?? [];
  const ways = await app.waysIn(planned);
  return ways.map((way) => {
    const device = planned.find((each) => each.id === way.unit)?.device;
    const address = device ? `${device.host}:${device.ssh.port}` : '';
    return { ...way, address, jump: (device?.jump ?? []).map((each) => each.name) };
  });
}
