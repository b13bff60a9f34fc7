import type { InstantMs } from '../kernel/id.js';
import type { Sighting } from '../fingerprint/fleet.js';
import { isoTime } from './moment.js';

export interface FactChange {
  readonly unit: string;
  readonly what: string;
  readonly was: string;
  readonly is: string;
  readonly seenAt: string;
}

/** What is compared, in the words of the list. */
function aspects(sighting: Sighting): Readonly<Record<string, string>> {
  if (sighting.kind === 'not-seen') return { seen: `no (${sighting.code})` };
  const { facts, hostKey, configDigest } = sighting;
  const members = facts.members.map((each) => `${each.id} ${each.role} ${each.state}`);
  return {
    seen: 'yes',
    platform: facts.platform,
    model: facts.model,
    hostname: facts.hostname,
    version: facts.runningVersion,
    'next boot': facts.nextBoot ?? '',
    serials: facts.serials.join(', '),
    members: members.join(', '),
    config: configDigest.replace('sha256:', '').slice(0, 12),
    'host key': hostKey,
  };
}

/** The newest at or before `sinceMs`; else the oldest after it. */
function baseOf(sightings: readonly Sighting[], sinceMs: InstantMs): Sighting | undefined {
  return sightings.findLast((each) => each.atMs <= sinceMs) ?? sightings[0];
}

function changesOf(unit: string, before: Sighting, after: Sighting): readonly FactChange[] {
  const [then, now] = [aspects(before), aspects(after)];
  const seenAt = isoTime(after.atMs);
  return Object.keys({ ...then, ...now })
    .filter((what) => what in then && what in now && then[what] !== now[what])
    .map((what) => ({ unit, what, was: then[what] ?? '', is: now[what] ?? '', seenAt }));
}

/** What the newest sighting of each unit says other than the one at `sinceMs` did. Sightings come oldest first. */
export function changesSince(
  sightings: readonly Sighting[],
  sinceMs: InstantMs,
): readonly FactChange[] {
  const byUnit = new Map<string, Sighting[]>();
  for (const each of sightings) byUnit.set(each.unit, [...(byUnit.get(each.unit) ?? []), each]);
  return [...byUnit].flatMap(([unit, own]) => {
    const newest = own.at(-1);
    const base = baseOf(own, sinceMs);
    if (!newest || newest.atMs <= sinceMs) return [];
    if (base === newest || !base) {
      const now = newest.kind === 'seen' ? newest.facts.runningVersion : `no (${newest.code})`;
      const seenAt = isoTime(newest.atMs);
      return [{ unit, what: 'first sighting', was: '', is: now, seenAt }];
    }
    return changesOf(unit, base, newest);
  });
}
