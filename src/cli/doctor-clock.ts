import { formatDuration } from '../kernel/duration.js';
import type { ClockSight, Sighting } from '../fingerprint/fleet.js';
import { finding, type DoctorFinding } from './doctor-finding.js';

/** Logs that cannot be put in order; certificates and one-time codes still hold. */
const WARN_MS = 60_000;
/** Windows, certificates and timers on the device mean another time than we do. */
const FAIL_MS = 15 * 60_000;
/** So many devices must agree against us before it is us. */
const WITNESSES = 2;

const MEND = 'give it time servers: a patch as in playbooks/time-servers.yaml';
const OURS = 'timedatectl set-ntp true';

function apart(aheadMs: number): string {
  const text = formatDuration(Math.round(Math.abs(aheadMs) / 1000) * 1000);
  return aheadMs < 0 ? `${text} behind` : `${text} ahead`;
}

function levelOf({ aheadMs, synchronised }: ClockSight): DoctorFinding['level'] {
  const away = Math.abs(aheadMs);
  if (away > FAIL_MS) return 'fail';
  return away > WARN_MS || synchronised === false ? 'warn' : 'ok';
}

function clockText({ aheadMs, isExact, synchronised }: ClockSight): string {
  const where = Math.abs(aheadMs) <= WARN_MS ? 'as ours' : `${apart(aheadMs)} of ours`;
  const zone = isExact ? '' : ', to the quarter of an hour: it does not tell its zone';
  const source = synchronised === false ? ', follows no time server' : '';
  return `${where}${zone}${source}`;
}

/** Where the devices agree with one another and not with us, in the middle of them; undefined: it is not us. */
function ourErrorMs(clocks: readonly ClockSight[]): number | undefined {
  const sorted = clocks
    .filter((each) => each.isExact)
    .map((each) => each.aheadMs)
    .toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined || Math.abs(middle) <= WARN_MS) return undefined;
  const agree = sorted.filter((each) => Math.abs(each - middle) <= WARN_MS).length;
  return agree >= WITNESSES && agree * 2 > sorted.length ? middle : undefined;
}

/** The clocks of all who were seen against ours, and ours against theirs. */
export function clockFindings(sightings: readonly Sighting[]): readonly DoctorFinding[] {
  const seen = sightings.flatMap((each) =>
    each.kind === 'seen' && each.clock ? [{ unit: each.unit, clock: each.clock }] : [],
  );
  const errorMs = ourErrorMs(seen.map((each) => each.clock));
  if (errorMs !== undefined) {
    const detail = `the devices agree that it is ${apart(-errorMs)} of theirs`;
    const level = Math.abs(errorMs) > FAIL_MS ? 'fail' : 'warn';
    return [finding('controller', 'clock', [level, detail, OURS])];
  }
  const ours: readonly DoctorFinding[] =
    seen.length === 0 ? [] : [finding('controller', 'clock', ['ok', 'the devices do not differ'])];
  const others = seen.map(({ unit, clock }) => {
    const level = levelOf(clock);
    return finding(unit, 'clock', [level, clockText(clock), level === 'ok' ? '' : MEND]);
  });
  return others.some((each) => each.level !== 'ok') ? others : [...ours, ...others];
}
