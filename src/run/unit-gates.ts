import { digestOf } from '../kernel/digest.js';
import { Fault } from '../kernel/fault.js';
import type { UnitId } from '../kernel/id.js';
import { recall, toJson } from '../kernel/recall.js';
import { sleep } from '../ports/clock.js';
import { hopOf } from '../plan/hops.js';
import { evaluateCondition } from '../check/condition.js';
import type { CheckOutcome } from '../check/outcome.js';
import type { Snapshot } from '../driver/facts.js';
import type { Contact } from '../fingerprint/contact.js';
import { sight, type Sight } from '../fingerprint/sight.js';
import type { Permit } from '../session/permission.js';
import { configOutcome, configStanding, lossBeyond, type ConfigStanding } from './config-judge.js';
import { configLoss, isLost, linesRejected, type ConfigLoss } from './config-loss.js';
import { driftOf } from './drift.js';
import type { RunEvent } from './event.js';
import { lookAtFlows } from './flow-look.js';
import { BLIND_PATIENCE_MS, blindPatienceMs, isDevicesFault, lostUnit } from './away.js';
import { permitStep } from './step-context.js';
import { STAYS_UP, STEADY_WORST_MS, stayedUp, staysUp, uptimeOf, type Moment } from './steady.js';
import { pollAfterMs } from './unit-decide.js';
import { droppedUnit, revertedUnit, soakedUnit, troubled, unreadableUnit } from './unit-endings.js';
import type { WorkerOptions } from './services.js';

interface GateOptions extends WorkerOptions {
  readonly ready: () => Promise<Contact>;
  readonly permit: Permit;
}

const FIRST_TRIES_MAX = 3;
const FIRST_RETRY_MS = 10_000;
const PATIENCE_MS = 30_000;
const SOAK_LOOKS_MAX = 3;
/** How long after its own end a changed unit may still be missed by its neighbours' tables. */
const SETTLE_MS = 10 * 60_000;

type Look =
  | {
      readonly kind: 'seen';
      readonly snapshot: Snapshot;
      readonly hostname: string;
      readonly config: string;
    }
  | { readonly kind: 'blind'; readonly why: string; readonly fault: Fault };

/** The checks around a unit's change: before it, after it, after a rollback, while it soaks. */
export class UnitGates {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get #id(): UnitId {
    return this.#options.unitPlan.unit;
  }

  get #nowMs(): number {
    return this.#options.services.world.clock.now();
  }

  /** Still what was approved, healthy, and as the playbook wants it: else the unit is dropped, untouched. */
  async before(): Promise<void> {
    const { services, unitPlan } = this.#options;
    let seen: Sight;
    let state: Snapshot;
    try {
      seen = await this.#firstSight();
      const basis = services.basisOf(this.#id);
      const now = { material: seen, basis, isMateChanged: this.#isMateChanged() };
      const drift = driftOf(unitPlan, now);
      if (drift !== undefined) {
        const mend = 'look at the change, then make a new plan';
        throw new Fault('plan-stale', drift, { mend });
      }
      await this.#keepConfig('before', seen.config);
      state = await this.#snapshot('before', seen.facts.hostname);
    } catch (thrown) {
      if (!isDevicesFault(thrown)) throw thrown;
      return this.#record(droppedUnit(this.#id, thrown));
    }
    const unit = this.#naming;
    const { world, plan } = services;
    const flow = await lookAtFlows(world, plan, plan.body.checks.before);
    const outcomes = services.plan.body.checks.before.map((each) =>
      evaluateCondition(each, 'before', { state, unit, ...flow }),
    );
    if (!state.ha.healthy) {
      const why = `${state.ha.kind} is not healthy: ${state.ha.state}`;
      outcomes.push({ kind: 'failed', name: 'redundancy is healthy', why });
    }
    await this.#checked('before', outcomes);
  }

  /** Post-checks: repeated until true or their time is over. What cannot be read counts as not yet true. */
  async after(): Promise<void> {
    const sinceMs = this.#nowMs;
    let seenAtMs = sinceMs;
    for (;;) {
      const look = await this.#look('after');
      if (look.kind === 'seen') {
        seenAtMs = this.#nowMs;
        const lost = await this.#configLost(look);
        if (lost !== undefined) return this.#held(lost);
      } else if (this.#nowMs - seenAtMs >= blindPatienceMs(this.#options.unitPlan, look.fault)) {
        return this.#blind(look.fault);
      }
      const outcomes = await this.#evaluate(look, { when: 'after', sinceMs });
      const lateMs = this.#nowMs - sinceMs;
      const failed = outcomes.filter((each) => each.kind !== 'passed');
      const isOver = failed.some((each) => lateMs >= this.#withinMs(each.name));
      if (failed.length === 0 || (look.kind === 'seen' && isOver)) {
        const rejected = failed.length === 0 ? await this.#rejected(look) : undefined;
        if (rejected !== undefined) return this.#held(rejected);
        await this.#checked('after', outcomes);
        return;
      }
      await sleep(this.#options.services.world.clock, pollAfterMs(sinceMs, this.#nowMs));
    }
  }

  #withinMs(name: string): number {
    if (name === STAYS_UP) return STEADY_WORST_MS;
    const rules = this.#options.services.plan.body.checks.after;
    return Math.max(PATIENCE_MS, rules.find((rule) => rule.name === name)?.withinMs ?? 0);
  }

  /** After the rollback steps: rolled back is only what runs the old version with its old configuration. */
  async reverted(): Promise<void> {
    const { unitPlan, services } = this.#options;
    const sinceMs = this.#nowMs;
    let look = await this.#look('reverted');
    let loss = await this.#redundancyLost(look);
    const patienceMs = () => (look.kind === 'blind' ? BLIND_PATIENCE_MS : SETTLE_MS);
    while ((look.kind === 'blind' || loss) && this.#nowMs - sinceMs < patienceMs()) {
      await sleep(services.world.clock, pollAfterMs(sinceMs, this.#nowMs));
      look = await this.#look('reverted');
      loss = await this.#redundancyLost(look);
    }
    const state = services.unitState(this.#id);
    if (look.kind === 'blind') return this.#quarantined(look.why);
    const running = this.#normal(look.snapshot.version);
    const { fromVersion } = hopOf(unitPlan, state.hop);
    if (running !== fromVersion) {
      return this.#quarantined(`it runs ${running}, not ${fromVersion}`);
    }
    const lost = (await this.#configLost(look)) ?? this.#notTakenBack(look.config);
    if (lost !== undefined) return this.#quarantined(lost);
    if (loss !== undefined) return this.#quarantined(loss);
    await this.#record(revertedUnit(this.#id, state.cause));
  }

  /** One look may meet a flap, or a linked unit that this run is changing; only what lasts beyond both counts. */
  async soak(): Promise<void> {
    const { services } = this.#options;
    const untilMs = services.unitState(this.#id).soakUntilMs ?? 0;
    let outcomes = await this.#evaluate(await this.#look('soak'), { when: 'soak' });
    for (let look = 1; look < SOAK_LOOKS_MAX;) {
      if (outcomes.every((each) => each.kind === 'passed')) break;
      if (!this.#isDisturbed()) look += 1;
      await sleep(services.world.clock, PATIENCE_MS);
      outcomes = await this.#evaluate(await this.#look('soak'), { when: 'soak' });
    }
    const passed = await this.#checked('soak', outcomes);
    if (!passed) {
      const { failure } = services.unitState(this.#id);
      const next = 'decide whether to roll back in the next window';
      await this.#record(troubled(this.#id, 'held', `found while soaking: ${failure}`, next));
    } else if (this.#nowMs >= untilMs) {
      await this.#record(soakedUnit(this.#options.unitPlan));
    }
  }

  /** Has this run changed another member of the redundancy group? */
  #isMateChanged(): boolean {
    const { services, unitPlan } = this.#options;
    const group = unitPlan.redundancyGroup;
    return services.plan.body.units.some(
      (each) =>
        each !== unitPlan &&
        group !== undefined &&
        each.redundancyGroup === group &&
        services.runState().units.get(each.unit)?.touched === true,
    );
  }

  /** Is a linked unit being changed by this run, or was it a moment ago? Its absence is no fault of this unit. */
  #isDisturbed(): boolean {
    const { units } = this.#options.services.runState();
    return this.#options.unitPlan.neighbours.some((id) => {
      const other = units.get(id);
      if (!other?.touched) return false;
      const settledMs = other.endedAtMs ?? other.soakSinceMs;
      return settledMs === undefined || this.#nowMs - settledMs < SETTLE_MS;
    });
  }

  async #firstSight(): Promise<Sight> {
    const { driver, unit, services } = this.#options;
    for (let tries = 1; ; tries += 1) {
      try {
        return await sight({ driver, contact: await this.#options.ready(), unit });
      } catch (thrown) {
        const again = thrown instanceof Fault && thrown.retry === 'safe';
        if (!again || tries >= FIRST_TRIES_MAX) throw thrown;
        (await this.#options.ready()).close();
        await sleep(services.world.clock, FIRST_RETRY_MS);
      }
    }
  }

  async #record(...events: readonly RunEvent[]): Promise<void> {
    await this.#options.services.record(events);
  }

  async #checked(
    when: 'before' | 'after' | 'soak',
    outcomes: readonly CheckOutcome[],
  ): Promise<boolean> {
    const passed = outcomes.every((each) => each.kind === 'passed');
    await this.#record({ kind: 'unit-checked', unit: this.#id, when, outcomes, passed });
    return passed;
  }

  #blind(fault: Fault): Promise<void> {
    const isSilent = fault.code === 'unreachable';
    return this.#record((isSilent ? lostUnit : unreadableUnit)(this.#id, fault));
  }

  #held(why: string): Promise<void> {
    const next = 'the backup is in the state directory: restore the configuration by hand';
    return this.#record(troubled(this.#id, 'held', why, next));
  }

  #quarantined(why: string): Promise<void> {
    const { cause } = this.#options.services.unitState(this.#id);
    const next = 'log in by the console and bring it back by hand';
    const all = `${why} (after the rollback for: ${cause})`;
    return this.#record(troubled(this.#id, 'quarantined', all, next));
  }

  get #naming(): { readonly id: string; readonly site: string; readonly version: string } {
    const { site, toVersion } = this.#options.unitPlan;
    return { id: this.#id, site, version: toVersion };
  }

  #normal(version: string): string {
    return this.#options.driver.versions.parse(version)?.normal ?? version;
  }

  #key(name: string): string {
    return `${this.#options.services.run}/${this.#id}/${name}`;
  }

  async #snapshot(
    when: 'before' | 'after' | 'soak' | 'reverted',
    hostname: string,
  ): Promise<Snapshot> {
    const { services, driver, permit, ready } = this.#options;
    permitStep(permit, undefined, {});
    const snapshot = await driver.snapshot(await (await ready()).session());
    const digest = digestOf(snapshot);
    const value = { when, digest, hostname, snapshot: toJson(snapshot) };
    await services.world.store.put('snapshot', { key: this.#key(when), atMs: this.#nowMs, value });
    await this.#record({ kind: 'unit-observed', unit: this.#id, when, snapshot: digest });
    return snapshot;
  }

  async #keepConfig(when: 'before' | 'after' | 'reverted', config: string): Promise<void> {
    const { services, driver } = this.#options;
    const text = driver.maskConfig(config);
    const value = { text: services.world.secrets.redact(text), digest: digestOf(text) };
    const key = this.#key(`masked-config-${when}`);
    await services.world.store.put('artefact', { key, atMs: this.#nowMs, value });
  }

  async #kept(book: 'snapshot' | 'artefact', name: string) {
    const row = await this.#options.services.world.store.latest(book, this.#key(name));
    if (row) return row.value;
    throw new Fault('state-unreadable', `${this.#id}: ${name} is missing from the state directory`);
  }

  async #look(when: 'after' | 'soak' | 'reverted'): Promise<Look> {
    const { driver, ready } = this.#options;
    try {
      const session = await (await ready()).session();
      const config = when === 'soak' ? '' : await driver.readConfig(session, 'running');
      if (when !== 'soak') await this.#keepConfig(when, config);
      const snapshot = await this.#snapshot(when, session.hostname ?? '');
      return { kind: 'seen', snapshot, config, hostname: session.hostname ?? '' };
    } catch (thrown) {
      if (!isDevicesFault(thrown)) throw thrown;
      return { kind: 'blind', why: thrown.message, fault: thrown };
    }
  }

  /** In words, when name or configuration are not those from before the change. */
  async #configLost(look: Extract<Look, { kind: 'seen' }>): Promise<string | undefined> {
    const { hostname, snapshot } = recall<{ hostname: string; snapshot: Snapshot }>(
      await this.#kept('snapshot', 'before'),
    );
    // After a failover another member of the unit answers, by its own name.
    const names = ['', hostname, ...(snapshot.names ?? [])];
    if (hostname !== '' && !names.includes(look.hostname)) {
      return `it calls itself ${look.hostname}, it was ${hostname}`;
    }
    const loss = await this.#lossIn(look.config);
    if (!isLost(loss)) return undefined;
    return `the configuration was lost: ${loss.gone.length} of ${loss.before} lines are gone`;
  }

  /** In words, what an upgrade cost of the configuration: less than would be lost, and nobody's wish either. */
  async #rejected(look: Look): Promise<string | undefined> {
    if (look.kind === 'blind' || this.#options.unitPlan.images.length === 0) return undefined;
    return linesRejected(await this.#lossIn(look.config));
  }

  /** What left the configuration since before the change, beyond what the plan takes away. */
  async #lossIn(config: string): Promise<ConfigLoss> {
    const { driver, services, unitPlan } = this.#options;
    const { text } = recall<{ text: string }>(await this.#kept('artefact', 'masked-config-before'));
    const after = services.world.secrets.redact(driver.maskConfig(config));
    return lossBeyond(configLoss(text, after), unitPlan.config);
  }

  /** In words, when the redundancy was healthy before the change and is not now. */
  async #redundancyLost(look: Look): Promise<string | undefined> {
    if (look.kind === 'blind' || look.snapshot.ha.healthy) return undefined;
    const { snapshot } = recall<{ snapshot: Snapshot }>(await this.#kept('snapshot', 'before'));
    const { kind, state } = look.snapshot.ha;
    return snapshot.ha.healthy ? `${kind} is ${state}` : undefined;
  }

  #standing(config: string): ConfigStanding | undefined {
    const { driver, unitPlan } = this.#options;
    if (!unitPlan.config || !driver.config) return undefined;
    return configStanding(config, unitPlan.config, driver.config);
  }

  /** In words, when a planned configuration change is still there after the rollback. */
  #notTakenBack(config: string): string | undefined {
    const standing = this.#standing(config);
    if (!standing || standing.kind === 'before') return undefined;
    const why = standing.kind === 'after' ? 'the change is there still' : standing.why;
    return `the configuration is not what it was: ${why}`;
  }

  async #configOutcomes(config: string): Promise<readonly CheckOutcome[]> {
    const standing = config === '' ? undefined : this.#standing(config);
    if (!standing) return [];
    const isAlone = this.#options.unitPlan.images.length === 0;
    return [configOutcome(standing, await this.#lossIn(config), isAlone)];
  }

  /** Did it stay up since the first look of the post-checks, as far as that can be told? */
  async #steady(before: Snapshot, now: Snapshot, rules: Moment): Promise<CheckOutcome[]> {
    const { services, unitPlan } = this.#options;
    const uptime = uptimeOf(before, now, this.#nowMs);
    if (rules.when === 'after') {
      return unitPlan.images.length > 0 ? [staysUp(uptime), stayedUp(rules.sinceMs, uptime)] : [];
    }
    const passed = await services.world.store.latest('snapshot', this.#key('after'));
    return passed ? [stayedUp(passed.atMs, uptime)] : [];
  }

  async #evaluate(look: Look, rules: Moment): Promise<readonly CheckOutcome[]> {
    if (look.kind === 'blind') return [{ kind: 'broken', name: 'the unit answers', why: look.why }];
    const { services, unitPlan } = this.#options;
    const { snapshot: before } = recall<{ snapshot: Snapshot }>(
      await this.#kept('snapshot', 'before'),
    );
    const after = look.snapshot;
    const { world, plan } = services;
    const flow = await lookAtFlows(world, plan, plan.body.checks.after);
    const bindings = { before, after, unit: this.#naming, ...flow };
    const outcomes = services.plan.body.checks.after.map((each) =>
      evaluateCondition(each, 'after', bindings),
    );
    const loss = await this.#redundancyLost(look);
    if (loss !== undefined) {
      outcomes.push({ kind: 'failed', name: 'redundancy is healthy', why: loss });
    }
    const running = this.#normal(after.version);
    const { toVersion } = hopOf(unitPlan, services.unitState(this.#id).hop);
    if (running !== toVersion) {
      const why = `it runs ${running}, not ${toVersion}`;
      outcomes.push({ kind: 'failed', name: 'the target version runs', why });
    }
    outcomes.push(...(await this.#steady(before, after, rules)));
    outcomes.push(...(await this.#configOutcomes(look.config)));
    return outcomes;
  }
}
