import { assert } from '../../src/kernel/assert.js';
import { sleep, type Clock } from '../../src/ports/clock.js';
import { drawNight, type DrawnNight } from './draw.js';
import { eventsOf, nightWith, shrinkNight } from './shrink.js';
import { playNight, type NightResult } from './play.js';
import type { NightInputs } from './proof-network.js';

export interface CampaignRequest {
  readonly seed: string;
  /** Number of the first night; the same seed and number give the same night. */
  readonly first: number;
  readonly count: number;
  /** Of what befalls each night only the events of these numbers, from 1; left out, all. */
  readonly only?: readonly number[];
  /** Between two nights: ends the campaign early. */
  readonly stop: AbortSignal;
  readonly clock: Clock;
}

/** What many nights of one plan came to. */
export interface Campaign {
  readonly seed: string;
  readonly first: number;
  readonly played: number;
  readonly violations: readonly {
    readonly night: number;
    readonly invariant: string;
    readonly why: string;
  }[];
  /** How often a fault struck a unit in a phase. */
  readonly struck: readonly {
    readonly fault: string;
    readonly phase: string;
    readonly times: number;
  }[];
  readonly endings: Readonly<Record<string, number>>;
  readonly deaths: number;
  readonly resumed: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly tookMs: number;
  readonly perHour: number;
}

class Tally {
  readonly violations: Campaign['violations'][number][] = [];
  readonly endings: Record<string, number> = {};
  readonly #struck = new Map<string, Campaign['struck'][number]>();
  deaths = 0;
  resumed = 0;
  events = 0;
  virtualMs = 0;

  add(night: number, result: NightResult): void {
    for (const { invariant, why } of result.violations) {
      this.violations.push({ night, invariant, why });
    }
    for (const [ending, times] of Object.entries(result.endings)) {
      this.endings[ending] = (this.endings[ending] ?? 0) + times;
    }
    for (const { fault, phase } of result.struck) {
      const key = `${fault} ${phase}`;
      const times = (this.#struck.get(key)?.times ?? 0) + 1;
      this.#struck.set(key, { fault, phase, times });
    }
    this.deaths += result.deaths;
    this.resumed += result.resumed;
    this.events += result.events;
    this.virtualMs += result.virtualMs;
  }

  struck(): Campaign['struck'] {
    return [...this.#struck.entries()].toSorted(byKey).map(([, each]) => each);
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) =>
  a < b ? -1 : Number(a > b);

/** What is played in the night of this number, and what befalls it. */
function nightOf(plans: readonly NightInputs[], seed: string, night: number) {
  const inputs = plans[night % plans.length];
  assert(inputs, 'nights are played of at least one plan');
  return { inputs, drawn: drawNight(inputs.plan, inputs.inventory, `${seed}/${night}`) };
}

/**
 * Plays night after night, of each plan in turn. The same plans, seed and numbers give the same nights, in whatever
 * batches.
 */
export async function playNights(
  plans: readonly NightInputs[],
  request: CampaignRequest,
): Promise<Campaign> {
  const { seed, first, count, only, stop, clock } = request;
  const startedMs = clock.monotonicMs();
  const tally = new Tally();
  let played = 0;
  while (played < count && !stop.aborted) {
    const night = first + played;
    const { inputs, drawn } = nightOf(plans, seed, night);
    const befalls = only ? nightWith(drawn, only) : drawn;
    tally.add(night, await playNight({ ...inputs, seed: drawn.seed, faults: [] }, befalls));
    played += 1;
    // Virtual time never lets the process hear anything: between two nights it hears Ctrl-C.
    await sleep(clock, 0);
  }
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  const { violations, endings, deaths, resumed, events, virtualMs } = tally;
  return {
    seed,
    first,
    played,
    violations,
    struck: tally.struck(),
    endings,
    deaths,
    resumed,
    events,
    virtualMs,
    tookMs,
    perHour: Math.round((played / Math.max(1, tookMs)) * 3_600_000),
  };
}

export interface ShrunkNight {
  readonly seed: string;
  readonly night: number;
  /** The rule that the night breaks; undefined: it breaks none, and nothing was shrunk. */
  readonly invariant: string | undefined;
  readonly why: string;
  /** How many events the night had. */
  readonly of: number;
  readonly events: readonly { readonly number: number; readonly what: string }[];
  readonly played: number;
  /** False: time ran out before every event had been tried. */
  readonly isWhole: boolean;
}

/** Looks for the fewest events of a night that break the first rule which it breaks. */
export async function shrinkOne(
  plans: readonly NightInputs[],
  request: Pick<CampaignRequest, 'seed' | 'clock'> & {
    readonly night: number;
    readonly limitMs: number;
  },
): Promise<ShrunkNight> {
  const { seed, night, clock, limitMs } = request;
  const { inputs, drawn } = nightOf(plans, seed, night);
  const play = (befalls: DrawnNight) =>
    playNight({ ...inputs, seed: drawn.seed, faults: [] }, befalls);
  const [first] = (await play(drawn)).violations;
  const words = eventsOf(drawn);
  const about = { seed, night, of: words.length };
  if (!first)
    return { ...about, invariant: undefined, why: '', events: [], played: 1, isWhole: true };
  const { invariant, why } = first;
  const shrunk = await shrinkNight({ night: drawn, invariant, play, clock, limitMs });
  const events = shrunk.left.map((number) => ({ number, what: words[number - 1] ?? '' }));
  return { ...about, invariant, why, events, played: shrunk.played + 1, isWhole: shrunk.isWhole };
}
