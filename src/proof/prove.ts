import { unitId, type UnitId } from '../kernel/id.js';
import type { RedundancyGroup } from '../inventory/inventory.js';
import { FlowMeter } from '../topology/flow-meter.js';
import { noOutage } from '../topology/outage.js';
import type { Topology } from '../topology/topology.js';
import { WayFinder } from '../topology/way.js';
import { blowText, strike } from './blow.js';
import { drawGroup, drawWays } from './drawing.js';
import { reachesOf, type Reach } from './obligations.js';
import type { Breach, BreachList, Proof, ProofPlan } from './proof.js';
import { FlowLedger, flowQuestion, meteredFlows, reachQuestion } from './questions.js';
import { hitKey, search, type Hit, type Question, type WaveRoom } from './search.js';

const SHOWN_MAX = 20;
const WHAT_MAX = 5;
/** Networks looked at for one obligation in one wave. */
const REACH_STATES_MAX = 4000;
const FLOW_STATES_MAX = 1500;

interface Found {
  readonly hit: Hit;
  readonly what: string;
  readonly draw: () => readonly string[];
}

/** One proof under way. */
interface Work {
  readonly topology: Topology;
  readonly plan: ProofPlan;
  readonly finder: WayFinder;
  readonly ledger: FlowLedger;
  readonly withBlows: boolean;
  readonly outageMsOf: (node: number) => number;
  readonly goesDown: (node: number) => boolean;
  readonly found: Map<string, Found>;
  readonly unproven: Set<string>;
  states: number;
}

/** The wave as the search may use it; with `beside`, what may be down together with that unit. */
function roomOf(work: Work, wave: readonly UnitId[], beside?: number): WaveRoom {
  const { topology, plan } = work;
  const apart = (a: number, b: number) => {
    const [one, other] = [topology.nodes[a]?.name ?? '', topology.nodes[b]?.name ?? ''];
    return plan.apart.get(unitId(one))?.has(unitId(other)) ?? false;
  };
  const nodes = wave.flatMap((unit) => topology.at.get(unit) ?? []).filter(work.goesDown);
  if (beside === undefined) return { nodes: new Set(nodes), most: plan.parallel, apart };
  const others = nodes.filter((node) => node !== beside && !apart(node, beside));
  return { nodes: new Set(others), most: plan.parallel - 1, apart };
}

function note(work: Work, found: Found): void {
  work.found.set(`${hitKey(found.hit)}|${found.what}`, found);
}

/** Was the flow promised to be lost for so long while these units are changed? */
function isPromised(work: Work, { down }: Hit, outageMs: number): boolean {
  return down.length > 0 && down.every((node) => work.outageMsOf(node) <= outageMs);
}

interface Asked {
  readonly what: string;
  readonly question: Question;
  readonly room: WaveRoom;
  readonly outageMs: number;
  readonly statesMax: number;
}

/** What breaks it, promised outages left out; what was not all looked at is noted. */
function ask(work: Work, asked: Asked): readonly Hit[] {
  const { room, statesMax } = asked;
  const options = { room, statesMax, withBlows: work.withBlows };
  const { hits, states, covered } = search(work.topology, asked.question, options);
  work.states += states;
  if (covered < Infinity) {
    const size = Math.max(0, covered - 1);
    work.unproven.add(`${asked.what}: looked at with up to ${size} things down at once, no more`);
  }
  return hits.filter((hit) => !isPromised(work, hit, asked.outageMs));
}

function reachHits(work: Work, reach: Reach, wave: readonly UnitId[]): readonly Hit[] {
  return ask(work, {
    what: `it is not so that ${reach.what}`,
    question: reachQuestion(work.finder, reach),
    room: roomOf(work, wave, reach.unit),
    outageMs: reach.outageMs,
    statesMax: REACH_STATES_MAX,
  });
}

function flowHits(work: Work, flow: number, wave: readonly UnitId[]): readonly Hit[] {
  const described = work.topology.flows[flow];
  if (!described) return [];
  return ask(work, {
    what: `flow ${described.name} loses at most ${described.lossPercent} %`,
    question: flowQuestion(work.ledger, flow),
    room: roomOf(work, wave),
    outageMs: described.outageMs,
    statesMax: FLOW_STATES_MAX,
  });
}

function proveReach(work: Work, reach: Reach, wave: readonly UnitId[]): void {
  for (const hit of reachHits(work, reach, wave)) {
    note(work, { hit, what: reach.what, draw: () => drawWays(work.finder, reach, hit) });
  }
}

function lossUnder({ topology, ledger }: Work, flow: number, hit: Hit): number {
  const outage = noOutage(topology);
  for (const node of hit.down) outage.nodes[node] = 1;
  if (hit.blow) strike(topology, outage, hit.blow);
  const loss = ledger.meter.measure(outage)[flow];
  return loss ? loss.lossPercent - loss.ownPercent : 0;
}

function proveFlow(work: Work, flow: number, wave: readonly UnitId[]): void {
  const described = work.topology.flows[flow];
  if (!described) return;
  const { name, lossPercent, from, to } = described;
  for (const hit of flowHits(work, flow, wave)) {
    const lost = lossUnder(work, flow, hit);
    // That it is cut altogether is found as a way that must exist.
    if (lost >= 100 - 1e-6 && from.length * to.length === 1) continue;
    const shown = lost.toFixed(lost < 10 ? 1 : 0);
    const what = `flow ${name} loses ${shown} %, ${lossPercent} % may be lost`;
    note(work, { hit, what, draw: () => drawWays(work.finder, described, hit) });
  }
}

/** While one member is changed, no other is: what is left is one further failure. */
function proveGroup(work: Work, group: RedundancyGroup, member: UnitId): void {
  const { topology } = work;
  const { name, units, minHealthy } = group;
  const left = units.length - 2;
  const own = topology.at.get(member);
  if (own === undefined || left >= minHealthy || !work.goesDown(own)) return;
  for (const mate of units.filter((each) => each !== member)) {
    const other = topology.at.get(mate);
    if (other === undefined) continue;
    const hit: Hit = { down: [own], blow: { kind: 'unit', node: other } };
    const what = `${name} has ${left} of the ${minHealthy} that must stay up`;
    note(work, { hit, what, draw: () => [drawGroup(topology, units, hit)] });
  }
}

function proveGroups(work: Work, wave: readonly UnitId[]): void {
  for (const group of work.topology.groups) {
    for (const unit of group.units.filter((each) => wave.includes(each))) {
      proveGroup(work, group, unit);
    }
  }
}

function sizeOf({ hit }: Found): number {
  return hit.down.length + (hit.blow ? 1 : 0);
}

/** Those of the same cause together, the smallest cause first. */
function listOf(work: Work, found: readonly Found[]): BreachList {
  const causes = new Map<string, Found[]>();
  for (const each of found) {
    const key = hitKey(each.hit);
    causes.set(key, [...(causes.get(key) ?? []), each]);
  }
  const ordered = [...causes.values()].toSorted((a, b) => {
    const [one, other] = [a[0], b[0]];
    if (!one || !other) return 0;
    return sizeOf(one) - sizeOf(other) || b.length - a.length;
  });
  return {
    count: ordered.length,
    shown: ordered.slice(0, SHOWN_MAX).flatMap((each) => breachOf(work.topology, each)),
  };
}

function breachOf(topology: Topology, found: readonly Found[]): readonly Breach[] {
  const [first] = found;
  if (!first) return [];
  const { down, blow } = first.hit;
  return [
    {
      what: found.slice(0, WHAT_MAX).map((each) => each.what),
      more: Math.max(0, found.length - WHAT_MAX),
      down: down.map((node) => unitId(topology.nodes[node]?.name ?? '')).toSorted(),
      ...(blow ? { failed: blowText(topology, blow) } : {}),
      drawing: first.draw(),
    },
  ];
}

function workOf(topology: Topology, plan: ProofPlan, withBlows: boolean): Work {
  const outages = new Map(
    plan.units.map(({ unit, outageMs }) => [topology.at.get(unit), outageMs]),
  );
  const dark = new Set(
    plan.units.filter((each) => each.goesDown).map((each) => topology.at.get(each.unit)),
  );
  return {
    topology,
    plan,
    withBlows,
    finder: new WayFinder(topology),
    ledger: new FlowLedger(new FlowMeter(topology)),
    outageMsOf: (node) => outages.get(node) ?? Infinity,
    goesDown: (node) => dark.has(node),
    found: new Map(),
    unproven: new Set(),
    states: 0,
  };
}

function proveWaves(work: Work, reaches: readonly Reach[], flows: readonly number[]): void {
  const { topology, plan } = work;
  for (const { units } of plan.waves) {
    const nodes = new Set(units.map((unit) => topology.at.get(unit)));
    for (const reach of reaches) {
      if (reach.unit === undefined || nodes.has(reach.unit)) proveReach(work, reach, units);
    }
    for (const flow of flows) proveFlow(work, flow, units);
    proveGroups(work, units);
  }
}

function verdictOf(proof: Omit<Proof, 'verdict'>): Proof['verdict'] {
  if (proof.broken.count > 0) return 'broken';
  if (proof.unproven.length > 0) return 'unproven';
  return proof.added.count > 0 ? 'risky' : 'holds';
}

/**
 * Looks at every set of units that may be down at one time, alone and with any one further failure of a unit, a member
 * or a link, and says what does not hold then: the ways to each unit under change and from it to what it needs, the
 * flows, the redundancy groups. Sets are not listed one by one: whatever breaks a way takes something from it, so only
 * what stands on a way is taken away next. Pure.
 */
export function provePlan(topology: Topology, plan: ProofPlan): Proof {
  const work = workOf(topology, plan, true);
  const reaches = reachesOf(topology, plan.units);
  const flows = meteredFlows(topology);
  proveWaves(work, reaches, flows);
  const found = [...work.found.values()];
  const among = (isOne: (hit: Hit) => boolean) =>
    listOf(
      work,
      found.filter((each) => isOne(each.hit)),
    );
  const managed = reaches.filter((each) => each.kind === 'management').length;
  const groups = topology.groups.filter((group) =>
    plan.units.some((each) => group.units.includes(each.unit)),
  );
  const proof = {
    obligations: {
      flow: topology.flows.length,
      management: managed,
      redundancy: groups.length,
    },
    states: work.states,
    broken: among(({ down, blow }) => down.length > 0 && !blow),
    added: among(({ down, blow }) => down.length > 1 && blow !== undefined),
    ofTheChange: among(({ down, blow }) => down.length === 1 && blow !== undefined),
    inherent: among(({ down }) => down.length === 0),
    unproven: [...work.unproven].toSorted(),
  };
  return { ...proof, verdict: verdictOf(proof) };
}

/** Two units that must not be down at the same time, since something would be lost that neither of them takes alone. */
export type Separation = readonly [UnitId, UnitId];

/** What a better order would avoid, going by what breaks without any further failure. */
export function separationsOf(topology: Topology, plan: ProofPlan): readonly Separation[] {
  const work = workOf(topology, plan, false);
  const reaches = reachesOf(topology, plan.units);
  const flows = meteredFlows(topology);
  const name = (node: number) => unitId(topology.nodes[node]?.name ?? '');
  return plan.waves.flatMap(({ units }) => {
    const pairOf = ({ down }: Hit, own?: number): readonly Separation[] => {
      const [first, second = own] = down;
      return first === undefined || second === undefined ? [] : [[name(first), name(second)]];
    };
    const mine = reaches.filter(({ unit }) => unit === undefined || units.includes(name(unit)));
    return [
      ...mine.flatMap((reach) =>
        reachHits(work, reach, units).flatMap((hit) => pairOf(hit, reach.unit)),
      ),
      ...flows.flatMap((flow) => flowHits(work, flow, units).flatMap((hit) => pairOf(hit))),
    ];
  });
}
