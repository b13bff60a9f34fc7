import { formatDuration } from '../../src/kernel/duration.js';
import type { Clock } from '../../src/ports/clock.js';
import type { DrawnNight, Mishap } from './draw.js';
import type { NightResult } from './play.js';

type Place = { readonly list: 'faults' | 'crashes' | 'requests' | 'mishaps'; readonly at: number };

const LISTS = ['faults', 'crashes', 'requests', 'mishaps'] as const;

/** All that befalls the night, in one order. */
function placesOf(night: DrawnNight): readonly Place[] {
  return LISTS.flatMap((list) => night[list].map((_each, at) => ({ list, at })));
}

/** The night with only these of its events, by their numbers from 1; numbers that it has not are left out. */
export function nightWith(night: DrawnNight, numbers: readonly number[]): DrawnNight {
  const places = placesOf(night).filter((_each, index) => numbers.includes(index + 1));
  const left = <T>(all: readonly T[], wanted: Place['list']): readonly T[] =>
    all.filter((_each, at) => places.some((place) => place.list === wanted && place.at === at));
  return {
    seed: night.seed,
    faults: left(night.faults, 'faults'),
    crashes: left(night.crashes, 'crashes'),
    requests: left(night.requests, 'requests'),
    mishaps: left(night.mishaps, 'mishaps'),
  };
}

function mishapWords(mishap: Mishap): string {
  switch (mishap.kind) {
    case 'frozen':
      return `the runner stands still after ${formatDuration(mishap.afterMs)}, for ${formatDuration(mishap.forMs)}`;
    case 'second-runner':
      return `another runner is started after ${formatDuration(mishap.afterMs)}`;
    case 'clock-set': {
      const way = mishap.byMs > 0 ? 'forward' : 'back';
      return `the clock is set ${formatDuration(Math.abs(mishap.byMs))} ${way} after ${formatDuration(mishap.afterMs)}`;
    }
    case 'full-disk':
      return `the disk is full at append ${mishap.nth} of the journal`;
    case 'withdrawn':
      return `the approval is withdrawn after ${formatDuration(mishap.afterMs)}`;
    case 'late':
      return `the run is started ${formatDuration(mishap.byMs)} late`;
  }
}

/** What befalls the night, in words, by its number from 1. */
export function eventsOf(night: DrawnNight): readonly string[] {
  return [
    ...night.faults.map(
      ({ fault, device, nth }) => `${fault} strikes ${device}, moment ${nth ?? 1}`,
    ),
    ...night.crashes.map(
      ({ nth, point }) =>
        `the runner dies ${point === 'crash-before' ? 'before' : 'after'} append ${nth} of the journal`,
    ),
    ...night.requests.map(
      ({ kind, afterMs }) => `${kind} is asked after ${formatDuration(afterMs)}`,
    ),
    ...night.mishaps.map(mishapWords),
  ];
}

export interface Shrunk {
  /** Numbers of the events that are left: without any one of them the rule holds, unless time ran out. */
  readonly left: readonly number[];
  readonly played: number;
  readonly isWhole: boolean;
}

export interface ShrinkRequest {
  readonly night: DrawnNight;
  /** The rule that the night breaks. */
  readonly invariant: string;
  readonly play: (night: DrawnNight) => Promise<NightResult>;
  readonly clock: Clock;
  readonly limitMs: number;
}

/** Takes away all that is not needed to break the rule: halves first, then one by one. */
export async function shrinkNight(request: ShrinkRequest): Promise<Shrunk> {
  const { night, invariant, play, clock, limitMs } = request;
  const endMs = clock.monotonicMs() + limitMs;
  let left = placesOf(night).map((_each, index) => index + 1);
  let played = 0;
  const breaks = async (numbers: readonly number[]) => {
    played += 1;
    const { violations } = await play(nightWith(night, numbers));
    return violations.some((each) => each.invariant === invariant);
  };
  for (let size = Math.ceil(left.length / 2); size >= 1 && left.length > 0;) {
    let isSmaller = false;
    for (let from = 0; from < left.length;) {
      if (clock.monotonicMs() >= endMs) return { left, played, isWhole: false };
      const without = left.filter((_each, at) => at < from || at >= from + size);
      if (await breaks(without)) [left, isSmaller] = [without, true];
      else from += size;
    }
    if (size === 1 && !isSmaller) break;
    size = Math.max(1, Math.floor(size / 2));
  }
  return { left, played, isWhole: true };
}
