import { digestOf } from '../kernel/digest.js';
import { Fault } from '../kernel/fault.js';
import { suggest } from '../kernel/suggest.js';
import { planDigest, type InstantMs, type PersonId } from '../kernel/id.js';
import type { Driver } from '../driver/driver.js';
import type { Step } from '../driver/step.js';
import { roleIn } from '../fingerprint/sight.js';
import type { Fleet, KeptConfig, Sighting } from '../fingerprint/fleet.js';
import type { Inventory, RedundancyGroup, Unit } from '../inventory/inventory.js';
import type { Playbook } from '../playbook/playbook.js';
import type { WindowOccurrence } from '../window/occurrence.js';
import { unitBasis, windowNames } from './basis.js';
import type { LeftOut, Plan, PlanBody, RosterEntry, UnitPlan } from './plan.js';
import { flowProbesOf } from './flow-probes.js';
import { aheadOf } from './hops.js';
import { configChange } from './config-change.js';
import { firmwareChange } from './firmware-change.js';
import {
  isChange,
  isRefused,
  together,
  type Candidate,
  type NoChange,
  type UnitChange,
} from './unit-change.js';
import { changeInStagingWindow, stagingTimes } from './staging.js';
import { provenWaves } from './proving.js';
import type { WaveCandidate } from './waves.js';

/** All that a plan is made from. No I/O: the windows are asked through `occurrences`, which is pure. */
export interface PlanInputs {
  readonly inventory: Inventory;
  /** The units that playbook and --limit select. */
  readonly units: readonly Unit[];
  readonly fleet: Fleet;
  readonly playbook: Playbook;
  readonly drivers: ReadonlyMap<string, Driver>;
  /** By unit, the running config as it was kept when it was last seen. */
  readonly configs: ReadonlyMap<string, KeptConfig>;
  readonly author: PersonId;
  readonly nowMs: InstantMs;
  /** Openings for a unit from `nowMs` on, soonest first, freezes cut out. */
  readonly occurrences: (
    unit: Unit,
    names: readonly string[],
    count?: number,
  ) => readonly WindowOccurrence[];
}

/** A change may be weeks ahead, and copies nightly. */
const STAGING_WINDOWS_MAX = 60;
const SIGHTING_AGE_MAX_MS = 8 * 86_400_000;

type Planned =
  | { readonly kind: 'planned'; readonly unitPlan: UnitPlan; readonly candidate: WaveCandidate }
  | { readonly kind: 'left-out'; readonly leftOut: LeftOut };

function refuse(unit: Unit, why: string): Planned {
  return { kind: 'left-out', leftOut: { unit: unit.id, why, kind: 'refused' } };
}

function worstOf(steps: readonly Step[]): number {
  return steps.slice(aheadOf(steps)).reduce((sum, each) => sum + each.maxMs, 0);
}

/** Going back is one hop at a time: the longest of them counts. */
function rollbackWorstOf({ hops, rollback }: UnitChange): number {
  if (hops.length === 0) return worstOf(rollback);
  return Math.max(
    ...hops.map((hop) => worstOf(rollback.slice(hop.rollback.from, hop.rollback.to))),
  );
}

/** One look takes half a minute at most; a check that may wait is given its time. */
function checksWorstOf(playbook: Playbook): number {
  return Math.max(30_000, ...playbook.checks.after.map((each) => each.withinMs));
}

/** A device that has just booted is watched for a while, whatever the playbook asks of it. */
const AFTER_BOOT_WORST_MS = 5 * 60_000;

function worstOfChecks(playbook: Playbook, firmware: UnitChange | NoChange): number {
  const checksMs = checksWorstOf(playbook);
  const isBooted = isChange(firmware) && firmware.images.length > 0;
  return isBooted ? Math.max(AFTER_BOOT_WORST_MS, checksMs) : checksMs;
}

/** Where an uncommitted upgrade reverts by itself, the post-checks must be over long before. */
function timerRefusal(driver: Driver, playbook: Playbook): string | undefined {
  const { commitTimerMs } = driver.platform;
  const checksMs = checksWorstOf(playbook);
  if (commitTimerMs === undefined || checksMs <= commitTimerMs / 2) return undefined;
  return (
    `its post-checks may take ${minutes(checksMs)}, and an upgrade that is not committed after ` +
    `${minutes(commitTimerMs)} reverts by itself: shorten \`within\` in the playbook`
  );
}

function minutes(ms: number): string {
  return `${Math.ceil(ms / 60_000)} min`;
}

/** Why a redundancy group cannot spare this unit, going by what was last seen of its other members. */
function groupRefusal(
  group: RedundancyGroup | undefined,
  unit: Unit,
  fleet: Fleet,
): string | undefined {
  if (!group) return undefined;
  const mates = group.units.filter((each) => each !== unit.id);
  const up = mates.filter((mate) =>
    fleet.sightings.some((each) => each.unit === mate && each.kind === 'seen'),
  );
  if (up.length >= group.minHealthy) return undefined;
  const missing = mates.filter((each) => !up.includes(each)).join(', ');
  return `${group.name} would be down: ${missing} was not seen up, ${group.minHealthy} must stay up`;
}

function seenOf(inputs: PlanInputs, unit: Unit): Extract<Sighting, { kind: 'seen' }> | string {
  const sighting = inputs.fleet.sightings.find((each) => each.unit === unit.id);
  if (!sighting) return 'it was never fingerprinted';
  if (sighting.kind === 'not-seen') return `it could not be fingerprinted: ${sighting.why}`;
  if (inputs.nowMs - sighting.atMs > SIGHTING_AGE_MAX_MS) {
    return 'its fingerprint is older than eight days: fingerprint it again';
  }
  return sighting;
}

/** Firmware and configuration, whichever the playbook asks for and the unit still lacks. */
function changeOf(candidate: Candidate): UnitChange | NoChange {
  const { playbook, driver } = candidate;
  const none: NoChange = { kind: 'nothing to do', why: 'the playbook changes nothing on it' };
  const firmware = playbook.firmware ? firmwareChange(candidate, playbook.firmware) : none;
  if (playbook.firmware && isChange(firmware)) {
    const timer = timerRefusal(driver, playbook);
    if (timer !== undefined) return { kind: 'refused', why: timer };
  }
  if (isRefused(firmware) || playbook.config.length === 0) return firmware;
  const config = configChange(candidate, worstOfChecks(playbook, firmware));
  if (!isChange(firmware)) return config;
  if (!isChange(config)) return isRefused(config) ? config : firmware;
  return together(firmware, config);
}

function planUnit(inputs: PlanInputs, unit: Unit): Planned {
  const { inventory, playbook } = inputs;
  const seen = seenOf(inputs, unit);
  if (typeof seen === 'string') return refuse(unit, seen);
  const driver = inputs.drivers.get(seen.facts.platform);
  if (!driver) return refuse(unit, `no driver for platform ${seen.facts.platform}`);
  const running = inputs.configs.get(unit.id);
  const change = changeOf({ inventory, playbook, unit, seen, driver, running });
  if (!isChange(change)) return { kind: 'left-out', leftOut: { unit: unit.id, ...change } };
  const group = inventory.redundancyGroups.find((each) => each.name === unit.redundancyGroup);
  const uncovered = groupRefusal(group, unit, inputs.fleet);
  if (uncovered !== undefined) return refuse(unit, uncovered);
  return fitWindows(inputs, unit, { seen, change });
}

interface Fitting {
  readonly seen: Extract<Sighting, { kind: 'seen' }>;
  readonly change: UnitChange;
}

function fitWindows(inputs: PlanInputs, unit: Unit, fitting: Fitting): Planned {
  const { seen, change } = fitting;
  const { facts } = seen;
  const names = windowNames(unit, inputs.playbook.window);
  const misused = changeInStagingWindow(inputs.inventory, names);
  if (misused !== undefined) return refuse(unit, misused);
  const windows = inputs.occurrences(unit, names);
  const checksWorstMs = worstOfChecks(inputs.playbook, change);
  const worstMs = worstOf(change.steps) + Math.max(1, change.hops.length) * checksWorstMs;
  const rollbackWorstMs = rollbackWorstOf(change);
  const needMs = worstMs + rollbackWorstMs;
  const fits = windows.filter(
    (each) => each.endMs - Math.max(each.startMs, inputs.nowMs) >= needMs,
  );
  const first = fits[0];
  if (!first) {
    const longest = Math.max(0, ...windows.map((each) => each.endMs - each.startMs));
    const why =
      windows.length === 0
        ? `window ${names.join(', ')} never opens in the time looked ahead`
        : `no window holds it: ${minutes(worstMs)} at worst and ${minutes(rollbackWorstMs)} for the rollback, ` +
          `the longest window is ${minutes(longest)}`;
    return refuse(unit, why);
  }
  const { staging } = inputs.playbook;
  const times = stagingTimes({
    staging,
    change: fits,
    nowMs: inputs.nowMs,
    occurrences: (wanted) => inputs.occurrences(unit, wanted, STAGING_WINDOWS_MAX),
  });
  if (times.kind === 'refused') return refuse(unit, times.why);
  const windowRules = staging?.window === undefined ? names : [...names, staging.window];
  const unitPlan: UnitPlan = {
    unit: unit.id,
    address: unit.device.host,
    site: unit.device.site,
    criticality: unit.device.criticality,
    ...(unit.redundancyGroup === undefined ? {} : { redundancyGroup: unit.redundancyGroup }),
    neighbours: [],
    ...change,
    material: {
      platform: facts.platform,
      model: facts.model,
      serials: facts.serials,
      runningVersion: facts.runningVersion,
      nextBoot: facts.nextBoot ?? '',
      configDigest: seen.configDigest,
      hostKey: seen.hostKey,
      ...roleIn(facts, unit),
    },
    windows: fits,
    ...(times.kind === 'in' ? { stagingWindows: times.windows } : {}),
    windowRules,
    basis: unitBasis(inputs.inventory, unit, {
      images: change.images.map((each) => each.name),
      windows: windowRules,
    }),
    expectedMs: change.steps.reduce((sum, each) => sum + each.expectedMs, 0),
    worstMs,
    checksWorstMs,
    rollbackWorstMs,
    backOutDeadlineMs: first.endMs - rollbackWorstMs,
  };
  return { kind: 'planned', unitPlan, candidate: candidateOf(inputs, unit, seen) };
}

function candidateOf(
  inputs: PlanInputs,
  unit: Unit,
  seen: Extract<Sighting, { kind: 'seen' }>,
): WaveCandidate {
  const { id } = unit.device;
  const far = inputs.inventory.links.flatMap(({ a, b }) => {
    if (a.device === id) return [b.device];
    return b.device === id ? [a.device] : [];
  });
  const neighbours = inputs.units.filter((each) => far.includes(each.device.id));
  const role = String(seen.facts.details['redundancyRole'] ?? '');
  return {
    unit: unit.id,
    platform: seen.facts.platform,
    model: seen.facts.model,
    redundancyGroup: unit.redundancyGroup,
    isStandby: ['standby', 'secondary', 'backup'].includes(role),
    neighbours: neighbours.map((each) => each.id),
  };
}

/** Everybody who could approve this plan: has a key, may approve, is not its author. */
export function rosterOf(inventory: Inventory, author: PersonId): readonly RosterEntry[] {
  return inventory.people.flatMap(({ id, name, publicKey, mayApprove }) =>
    mayApprove && publicKey !== undefined && id !== author ? [{ id, name, publicKey }] : [],
  );
}

function checkRoster(inputs: PlanInputs, roster: readonly RosterEntry[]): void {
  const { quorum } = inputs.playbook.approval;
  if (roster.length >= quorum) return;
  const message = `the playbook wants ${quorum} approvals, but only ${roster.length} people could give one`;
  throw new Fault('plan-refused', message, {
    mend: 'add approvers with keys to people, or lower approval.quorum; the author does not count',
  });
}

/** Every window that a unit would use must be declared. */
function checkWindows(inputs: PlanInputs): void {
  const declared = inputs.inventory.windows.map((each) => each.name);
  for (const unit of inputs.units) {
    const { window, staging } = inputs.playbook;
    for (const name of [...windowNames(unit, window), staging?.window ?? window]) {
      if (declared.includes(name)) continue;
      const near = suggest(name, declared);
      throw new Fault('plan-refused', `the inventory has no window ${name} (for ${unit.id})`, {
        mend: near === undefined ? 'declare it in windows.yaml' : `did you mean ${near}?`,
      });
    }
  }
}

/** The plan, content-addressed; what was left out is in it with its reasons. Fault `plan-refused` when nobody is left. */
export function makePlan(inputs: PlanInputs): Plan {
  const { playbook, inventory } = inputs;
  checkWindows(inputs);
  const probes = flowProbesOf(playbook, inventory);
  const results = inputs.units.map((unit) => planUnit(inputs, unit));
  const leftOut = results.flatMap((each) => (each.kind === 'left-out' ? [each.leftOut] : []));
  const planned = results.flatMap((each) => (each.kind === 'planned' ? [each] : []));
  const refused = leftOut.filter((each) => each.kind === 'refused');
  if (planned.length === 0 && refused.length > 0) {
    const reasons = refused.map((each) => `${each.unit}: ${each.why}`).join('\n  ');
    throw new Fault('plan-refused', `no unit can be changed:\n  ${reasons}`);
  }
  const roster = rosterOf(inventory, inputs.author);
  checkRoster(inputs, roster);
  const ids = new Set(planned.map((each) => each.unitPlan.unit));
  const units = planned.map(({ unitPlan, candidate }): UnitPlan => {
    const neighbours = [...new Set(candidate.neighbours)].filter((each) => ids.has(each)).sort();
    return { ...unitPlan, neighbours };
  });
  const candidates = planned.map((each) => each.candidate);
  const proven = provenWaves({ inventory, playbook, units, candidates });
  const body: PlanBody = {
    format: 1,
    playbook: { name: playbook.name, summary: playbook.summary, digest: playbook.digest },
    author: inputs.author,
    createdAtMs: inputs.nowMs,
    units,
    ...proven,
    leftOut,
    strategy: {
      parallel: playbook.strategy.parallel,
      stopAfterFailures: playbook.strategy.stopAfterFailures,
      soakMs: playbook.strategy.soakMs,
    },
    checks: playbook.checks,
    ...(probes.length > 0 ? { flowProbes: probes } : {}),
    rollback: playbook.rollback,
    approval: { ...playbook.approval, roster },
    redundancyGroups: inventory.redundancyGroups
      .filter((group) => group.units.some((each) => ids.has(each)))
      .map(({ name, units: members, minHealthy }) => ({ name, units: members, minHealthy })),
  };
  return { digest: planDigest(digestOf(body)), body };
}

/** A stored plan, if its content still has its digest. Fault `plan-tampered`. */
export function verifyPlan(plan: Plan): Plan {
  if (digestOf(plan.body) === (plan.digest as string)) return plan;
  throw new Fault('plan-tampered', `the content of plan ${plan.digest} does not match its digest`);
}
