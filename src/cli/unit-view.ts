import { formatDuration } from '../kernel/duration.js';
import type { Sighting } from '../fingerprint/fleet.js';
import type { Unit } from '../inventory/inventory.js';
import { unitNamed, type Desk } from './desk.js';
import { isoTime, utcTime } from './moment.js';
import { oneLine } from './visible.js';

interface Known {
  readonly seen: Extract<Sighting, { readonly kind: 'seen' }> | undefined;
  /** A look that failed, later than what was seen. */
  readonly failure:
    { readonly atMs: number; readonly code: string; readonly why: string } | undefined;
}

function knownOf(sighting: Sighting | undefined): Known {
  if (sighting === undefined) return { seen: undefined, failure: undefined };
  if (sighting.kind === 'not-seen') return { seen: undefined, failure: sighting };
  return { seen: sighting, failure: sighting.failure };
}

function row(name: string, text: string): readonly string[] {
  return text === '' ? [] : [`  ${name.padEnd(11)} ${oneLine(text)}`];
}

function declaredLines({ device, serials, windows, redundancyGroup }: Unit): readonly string[] {
  const { host, ssh, platform = '', site, role = '', groups, criticality, place } = device;
  return [
    ...row('address', `${host}, port ${ssh.port}`),
    ...row('platform', platform),
    ...row('site', role === '' ? site : `${site}, ${role}`),
    ...row('groups', groups.join(', ')),
    ...row('criticality', criticality),
    ...row('redundancy', redundancyGroup ?? ''),
    ...row('serials', serials.join(', ')),
    ...row('windows', windows.join(', ')),
    ...row('declared', `${place.file}:${place.line}`),
  ];
}

function seenLines({ seen, failure }: Known, desk: Desk): readonly string[] {
  const { paint } = desk.out;
  const failed = failure
    ? [
        paint.bad(
          `  not seen at ${utcTime(failure.atMs)}: ${oneLine(failure.why)} [${failure.code}]`,
        ),
        ...(seen ? ['  what follows is of before'] : []),
      ]
    : [];
  if (!seen) return failed.length > 0 ? failed : ['  never fingerprinted'];
  const { facts, hostKey, atMs } = seen;
  const up = facts.uptimeMs === undefined ? '' : formatDuration(facts.uptimeMs);
  return [
    ...failed,
    ...row('seen', utcTime(atMs)),
    ...row('hostname', facts.hostname),
    ...row('model', `${facts.platform}, ${facts.model}`),
    ...row('runs', facts.runningVersion),
    ...row('next boot', facts.nextBoot ?? ''),
    ...row('up', up),
    ...row('serials', facts.serials.join(', ')),
    ...row('host key', hostKey),
  ];
}

/** A unit: what is declared, what was last seen of it, and the look that failed since. */
export async function showUnit(desk: Desk, name: string): Promise<void> {
  const app = await desk.app('read');
  const unit = unitNamed(await desk.inventory(app), name);
  const [sighting] = (await app.fleet([unit.id])).sightings;
  const known = knownOf(sighting);
  const { seen, failure } = known;
  const { out } = desk;
  const failureValue = failure && {
    at: isoTime(failure.atMs),
    code: failure.code,
    why: failure.why,
  };
  const seenValue = seen && {
    at: isoTime(seen.atMs),
    facts: seen.facts,
    hostKey: seen.hostKey,
    configDigest: seen.configDigest,
  };
  const value = { unit: unit.id, device: unit.device, seen: seenValue, failure: failureValue };
  out.value(value, () => [
    out.paint.bold(unit.id),
    ...declaredLines(unit),
    '',
    ...seenLines(known, desk),
  ]);
}
