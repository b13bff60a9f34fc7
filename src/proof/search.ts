import { noOutage, type Outage } from '../topology/outage.js';
import type { Topology } from '../topology/topology.js';
import { blowKey, strike, type Blow } from './blow.js';

/** Nodes that may be down together in one wave. */
export interface WaveRoom {
  readonly nodes: ReadonlySet<number>;
  readonly most: number;
  readonly apart: (a: number, b: number) => boolean;
}

/** A set under which something does not hold; nothing can be left out of it. */
export interface Hit {
  readonly down: readonly number[];
  readonly blow?: Blow;
}

/** What the search asks of an obligation; the outage is the searcher's own and only read. */
export interface Question {
  /** Does it hold? */
  holds(outage: Outage): boolean;
  /**
   * What to take away next: nodes of the wave, and failures, at least one of which is in every breaking set that
   * contains what is down now. Asked only while it holds.
   */
  touches(outage: Outage, mayTake: (node: number) => boolean): Touches;
}

export interface Touches {
  readonly nodes: readonly number[];
  readonly blows: readonly Blow[];
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  readonly states: number;
  /** Sets of fewer than this many things were all covered; Infinity: every set was. */
  readonly covered: number;
}

const HITS_MAX = 40;

/** The same set, the same text. */
export function hitKey({ down, blow }: Hit): string {
  return `${down.toSorted((a, b) => a - b).join(',')}|${blow ? blowKey(blow) : ''}`;
}

function sizeOf({ down, blow }: Hit): number {
  return down.length + (blow ? 1 : 0);
}

export interface SearchOptions {
  readonly room: WaveRoom;
  /** Also with one failure that nobody planned. */
  readonly withBlows: boolean;
  readonly statesMax: number;
}

/** One search: takes away what the question names, the smallest sets first, until it breaks or the wave allows no more. */
class Searcher {
  private readonly outage: Outage;
  private readonly seen = new Set<string>();
  private readonly queue: Hit[] = [];
  private readonly hits = new Map<string, Hit>();
  private states = 0;
  private readonly topology: Topology;
  private readonly question: Question;
  private readonly options: SearchOptions;

  constructor(topology: Topology, question: Question, options: SearchOptions) {
    this.topology = topology;
    this.question = question;
    this.options = options;
    this.outage = noOutage(topology);
  }

  run(): SearchResult {
    this.add({ down: [] });
    let covered = Infinity;
    for (const hit of this.queue) {
      if (this.states >= this.options.statesMax || this.hits.size >= HITS_MAX) {
        covered = sizeOf(hit);
        break;
      }
      if (this.holds(hit)) this.extend(hit);
      else this.record(hit);
    }
    return { hits: [...this.hits.values()], states: this.states, covered };
  }

  private add(hit: Hit): void {
    const key = hitKey(hit);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.queue.push(hit);
  }

  private holds({ down, blow }: Hit): boolean {
    const { outage, topology } = this;
    outage.nodes.fill(0);
    outage.edges.fill(0);
    for (const node of down) outage.nodes[node] = 1;
    if (blow) strike(topology, outage, blow);
    this.states += 1;
    return this.question.holds(outage);
  }

  private extend({ down, blow }: Hit): void {
    const mayTake = (node: number) => this.mayTake(node, down);
    const { nodes, blows } = this.question.touches(this.outage, mayTake);
    for (const node of nodes) {
      if (mayTake(node)) this.add({ down: [...down, node], ...(blow ? { blow } : {}) });
    }
    if (!this.options.withBlows || blow) return;
    for (const each of blows) this.add({ down, blow: each });
  }

  private mayTake(node: number, down: readonly number[]): boolean {
    const { nodes, most, apart } = this.options.room;
    if (!nodes.has(node) || down.length >= most || this.outage.nodes[node] === 1) return false;
    return down.every((each) => !apart(each, node));
  }

  /** Leaves out what the breach does not need. */
  private record(hit: Hit): void {
    let least = hit;
    for (const node of hit.down) {
      const without = { ...least, down: least.down.filter((each) => each !== node) };
      if (!this.holds(without)) least = without;
    }
    if (least.blow && !this.holds({ down: least.down })) least = { down: least.down };
    this.hits.set(hitKey(least), least);
  }
}

/** The least sets that break what is asked. */
export function search(
  topology: Topology,
  question: Question,
  options: SearchOptions,
): SearchResult {
  return new Searcher(topology, question, options).run();
}
