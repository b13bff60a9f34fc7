import { messageOf, Fault } from '../kernel/fault.js';
import type { UnitId } from '../kernel/id.js';
import { digestOf } from '../kernel/digest.js';
import { recall, toJson } from '../kernel/recall.js';
import { sleep } from '../ports/clock.js';
import { evaluateCondition } from '../check/condition.js';
import type { CheckOutcome } from '../check/outcome.js';
import type { Driver } from '../driver/driver.js';
import type { Snapshot } from '../driver/facts.js';
import type { Probe, Step, StepKind } from '../driver/step.js';
import { Contact } from '../fingerprint/contact.js';
import { acceptedHostKeys } from '../fingerprint/pins.js';
import { sight } from '../fingerprint/sight.js';
import type { TranscriptEntry } from '../session/dialect.js';
import { readOnlyPermit } from '../session/permission.js';
import type { Unit } from '../inventory/inventory.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunServices } from './services.js';
import type { RunEvent } from './event.js';
import { driftOf } from './drift.js';
import { judgeAway } from './away.js';
import type { UnitState } from './state.js';
import { makeStepContext, permitStep } from './step-context.js';
import { decideUnit, judgeProbe, pollAfterMs } from './unit-decide.js';

interface WorkerOptions {
  readonly services: RunServices;
  readonly unit: Unit;
  readonly unitPlan: UnitPlan;
  readonly driver: Driver;
}

type Probed =
  | { readonly kind: 'answer'; readonly probe: Probe }
  | { readonly kind: 'away'; readonly fault: Fault };

/** Drives one unit from where its journal stands to the next point where it must wait. One at a time per unit. */
export class UnitWorker {
  readonly #services: RunServices;
  readonly #unit: Unit;
  readonly #plan: UnitPlan;
  readonly #driver: Driver;
  readonly #permit = readOnlyPermit();
  #contact: Contact | undefined;
  #transcript: TranscriptEntry[] = [];
  #lastAnswer = '';

  constructor(options: WorkerOptions) {
    this.#services = options.services;
    this.#unit = options.unit;
    this.#plan = options.unitPlan;
    this.#driver = options.driver;
  }

  get #id(): UnitId {
    return this.#plan.unit;
  }

  get #state(): UnitState {
    return this.#services.unitState(this.#id);
  }

  get #nowMs(): number {
    return this.#services.world.clock.now();
  }

  /** Works until the unit is over, waits for a time, soaks, or is paused at a safe point. */
  async work(): Promise<void> {
    try {
      while (await this.#once());
    } finally {
      await this.#keepTranscript();
      this.#contact?.close();
      this.#contact = undefined;
    }
  }

  async #once(): Promise<boolean> {
    const { plan } = this.#services;
    const runState = this.#services.runState();
    const task = decideUnit(runState, this.#state, plan, this.#plan, this.#nowMs);
    switch (task.kind) {
      case 'stop':
        return false;
      case 'record':
        await this.#record(...task.events);
        return true;
      case 'check-before':
        await this.#checkBefore();
        return true;
      case 'check-after':
        await this.#checkAfter();
        return true;
      case 'check-soak':
        await this.#checkSoak();
        return true;
      case 'observe':
        await this.#observe();
        return true;
      case 'probe':
        await this.#step(task.step);
        return true;
    }
  }

  async #record(...events: readonly RunEvent[]): Promise<void> {
    await this.#services.record(events);
  }

  async #ready(): Promise<Contact> {
    if (this.#contact) return this.#contact;
    const { world, budget } = this.#services;
    const hostKeys = await acceptedHostKeys(world.store, this.#id);
    this.#contact = new Contact({
      world,
      budget,
      device: this.#unit.device,
      platform: this.#driver.platform,
      hostKeys,
      permit: this.#permit,
      record: (entry) => this.#transcript.push(entry),
    });
    return this.#contact;
  }

  async #keepTranscript(): Promise<void> {
    if (this.#transcript.length === 0) return;
    const entries = this.#transcript;
    this.#transcript = [];
    const { world, run } = this.#services;
    const value = { entries: entries.map((entry) => toJson(entry)) };
    const key = `${run}/${this.#id}/transcript`;
    await world.store.put('artefact', { key, atMs: this.#nowMs, value });
  }

  // --- gates -------------------------------------------------------------------------------------------------------

  async #snapshot(when: 'before' | 'after' | 'soak'): Promise<Snapshot> {
    const contact = await this.#ready();
    permitStep(this.#permit, undefined, {});
    const snapshot = await this.#driver.snapshot(await contact.session());
    const { world, run } = this.#services;
    const digest = digestOf(snapshot);
    const value = { when, digest, snapshot: toJson(snapshot) };
    await world.store.put('snapshot', {
      key: `${run}/${this.#id}/${when}`,
      atMs: this.#nowMs,
      value,
    });
    await this.#record({ kind: 'unit-observed', unit: this.#id, when, snapshot: digest });
    return snapshot;
  }

  async #snapshotBefore(): Promise<Snapshot> {
    const { world, run } = this.#services;
    const row = await world.store.latest('snapshot', `${run}/${this.#id}/before`);
    if (!row) throw new Fault('state-unreadable', `the snapshot before of ${this.#id} is missing`);
    return recall<Snapshot>(row.value['snapshot']);
  }

  get #naming(): { readonly id: string; readonly site: string; readonly version: string } {
    return { id: this.#id, site: this.#plan.site, version: this.#plan.toVersion };
  }

  async #dropped(code: string, why: string, next: string): Promise<void> {
    await this.#record({
      kind: 'unit-ended',
      unit: this.#id,
      as: 'dropped',
      why,
      next,
      code,
      failure: true,
      healthy: code !== 'unreachable',
    });
  }

  async #checkBefore(): Promise<void> {
    const { plan } = this.#services;
    let state: Snapshot;
    try {
      const contact = await this.#ready();
      const seen = await sight({ driver: this.#driver, contact, unit: this.#unit });
      const drift = driftOf(this.#plan, {
        material: seen,
        basis: this.#services.basisOf(this.#id),
      });
      if (drift !== undefined) {
        return await this.#dropped('plan-stale', drift, 'look at the change, then make a new plan');
      }
      state = await this.#snapshot('before');
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code.startsWith('state-')) throw thrown;
      const mend = thrown.mend ?? `nightshift explain ${thrown.code}`;
      return await this.#dropped(thrown.code, thrown.message, mend);
    }
    const unit = this.#naming;
    const outcomes = plan.body.checks.before.map((each) =>
      evaluateCondition(each, 'before', { state, unit }),
    );
    if (!state.ha.healthy) {
      const why = `${state.ha.kind} is not healthy: ${state.ha.state}`;
      outcomes.push({ kind: 'failed', name: 'redundancy is healthy', why });
    }
    const passed = outcomes.every((each) => each.kind === 'passed');
    await this.#record({ kind: 'unit-checked', unit: this.#id, when: 'before', outcomes, passed });
  }

  /** Post-checks: repeated until true or their time is over. What cannot be read counts as not yet true. */
  async #checkAfter(): Promise<void> {
    const rules = this.#services.plan.body.checks.after;
    const before = await this.#snapshotBefore();
    const sinceMs = this.#nowMs;
    const longestMs = Math.max(30_000, ...rules.map((each) => each.withinMs));
    for (;;) {
      const outcomes = await this.#evaluateAfter(before, 'after');
      const late = this.#nowMs - sinceMs;
      const lasting = outcomes.filter(
        (each) =>
          each.kind !== 'passed' &&
          late >= Math.max(30_000, rules.find((rule) => rule.name === each.name)?.withinMs ?? 0),
      );
      const passed = outcomes.every((each) => each.kind === 'passed');
      if (passed || lasting.length > 0 || late >= longestMs) {
        return this.#record({
          kind: 'unit-checked',
          unit: this.#id,
          when: 'after',
          outcomes,
          passed,
        });
      }
      await sleep(this.#services.world.clock, pollAfterMs(sinceMs, this.#nowMs));
    }
  }

  async #evaluateAfter(before: Snapshot, when: 'after' | 'soak'): Promise<readonly CheckOutcome[]> {
    let after: Snapshot;
    try {
      after = await this.#snapshot(when);
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code.startsWith('state-')) throw thrown;
      return [{ kind: 'broken', name: 'the unit answers', why: thrown.message }];
    }
    const bindings = { before, after, unit: this.#naming };
    const outcomes = this.#services.plan.body.checks.after.map((each) =>
      evaluateCondition(each, 'after', bindings),
    );
    if (before.ha.healthy && !after.ha.healthy) {
      const why = `${after.ha.kind} is ${after.ha.state}`;
      outcomes.push({ kind: 'failed', name: 'redundancy is healthy', why });
    }
    const { versions } = this.#driver;
    const running = versions.parse(after.version)?.normal ?? after.version;
    if (running !== this.#plan.toVersion) {
      const why = `it runs ${running}, not ${this.#plan.toVersion}`;
      outcomes.push({ kind: 'failed', name: 'the target version runs', why });
    }
    return outcomes;
  }

  async #checkSoak(): Promise<void> {
    const untilMs = this.#state.soakUntilMs ?? 0;
    const before = await this.#snapshotBefore();
    let outcomes = await this.#evaluateAfter(before, 'soak');
    // One look may meet a flap; only what lasts counts.
    for (let look = 1; look < 3 && outcomes.some((each) => each.kind !== 'passed'); look += 1) {
      await sleep(this.#services.world.clock, 30_000);
      outcomes = await this.#evaluateAfter(before, 'soak');
    }
    const passed = outcomes.every((each) => each.kind === 'passed');
    await this.#record({ kind: 'unit-checked', unit: this.#id, when: 'soak', outcomes, passed });
    const base = { kind: 'unit-ended', unit: this.#id, code: '' } as const;
    if (!passed) {
      await this.#record({
        ...base,
        as: 'held',
        why: `found while soaking: ${this.#state.failure}`,
        next: 'decide whether to roll back in the next window',
        failure: true,
        healthy: false,
      });
    } else if (this.#nowMs >= untilMs) {
      const why = 'upgraded, checked and soaked';
      await this.#record({ ...base, as: 'done', why, next: '', failure: false, healthy: true });
    }
  }

  /** The read-only half: what would be done already, without a single change. */
  async #observe(): Promise<void> {
    const ahead = this.#plan.steps.filter(
      (each) => each.phase === 'prepare' || each.phase === 'stage',
    );
    for (const [index, step] of ahead.entries()) {
      const probed = await this.#probe(step);
      const at = { list: 'forward', step: index, id: step.id } as const;
      const answer = probed.kind === 'away' ? 'unknown' : probed.probe.answer;
      const why = probed.kind === 'away' ? probed.fault.message : probed.probe.why;
      await this.#record({ kind: 'step-probed', unit: this.#id, ...at, answer, why });
    }
    await this.#record({
      kind: 'unit-ended',
      unit: this.#id,
      as: 'done',
      why: 'observed only: nothing was changed',
      next: '',
      code: '',
      failure: false,
      healthy: true,
    });
  }

  // --- steps -------------------------------------------------------------------------------------------------------

  #kindOf(step: Step): StepKind {
    const found = this.#driver.stepKinds.find(
      (each) => each.kind === step.kind && each.version === step.version,
    );
    if (found) return found;
    throw new Fault('driver-broken', `this build does not know step ${step.kind}@${step.version}`);
  }

  async #context(step: Step) {
    const contact = await this.#ready();
    return makeStepContext({
      world: this.#services.world,
      run: this.#services.run,
      contact,
      permit: this.#permit,
      unitPlan: this.#plan,
      state: this.#state,
      step,
      onProgress: this.#services.onProgress,
    });
  }

  async #probe(step: Step): Promise<Probed> {
    permitStep(this.#permit, undefined, {});
    try {
      return { kind: 'answer', probe: await this.#kindOf(step).probe(await this.#context(step)) };
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      if (thrown.code.startsWith('state-') || thrown.code === 'driver-broken') throw thrown;
      return { kind: 'away', fault: thrown };
    }
  }

  async #step(step: Step): Promise<void> {
    const state = this.#state;
    const at = { unit: this.#id, list: state.list, step: state.step, id: step.id };
    const probed = await this.#probe(step);
    if (probed.kind === 'away') return this.#away(step, probed.fault);
    const { probe } = probed;
    const verdict = judgeProbe({
      unit: state,
      step,
      changes: this.#kindOf(step).changes,
      probe,
      nowMs: this.#nowMs,
    });
    const known = probe.known ?? {};
    switch (verdict.kind) {
      case 'done': {
        const skipped = state.intent === undefined;
        return this.#record({ kind: 'step-done', ...at, skipped, why: probe.why, known });
      }
      case 'failed':
        return this.#record({ kind: 'step-failed', ...at, why: verdict.why });
      case 'held':
        return this.#hold(verdict.why, '');
      case 'again':
        await this.#note(step, probe.answer, probe.why);
        return sleep(this.#services.world.clock, verdict.afterMs);
      case 'act':
        return this.#act(step, verdict.attempt, known);
    }
  }

  /** Journals what a waiting probe sees, but only when it sees something new. */
  async #note(step: Step, answer: Probe['answer'], why: string): Promise<void> {
    const state = this.#state;
    const seen = `${state.list}/${state.step}/${answer}`;
    if (seen === this.#lastAnswer) return;
    this.#lastAnswer = seen;
    const at = { unit: this.#id, list: state.list, step: state.step, id: step.id };
    await this.#record({ kind: 'step-probed', ...at, answer, why });
  }

  async #act(step: Step, attempt: number, known: Probe['known'] & {}): Promise<void> {
    const before = this.#state;
    const at = { unit: this.#id, list: before.list, step: before.step, id: step.id };
    // Write-ahead: durable before a byte of the act leaves.
    await this.#record({ kind: 'step-intent', ...at, attempt, known });
    permitStep(this.#permit, step, this.#state.known);
    let result: 'acted' | 'refused' | 'ambiguous';
    let why = '';
    let learned: Probe['known'] & {} = {};
    try {
      const act = await this.#kindOf(step).act(await this.#context(step));
      result = act.kind;
      if (act.kind === 'acted') learned = act.known ?? {};
      else why = act.why;
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code.startsWith('state-')) throw thrown;
      [result, why] = ['ambiguous', thrown.message];
    } finally {
      permitStep(this.#permit, undefined, {});
    }
    await this.#record({ kind: 'step-acted', ...at, result, why, known: learned });
    await this.#keepTranscript();
  }

  async #away(step: Step, fault: Fault): Promise<void> {
    const state = this.#state;
    const verdict = judgeAway({ unit: state, step, fault, nowMs: this.#nowMs });
    this.#contact?.close();
    switch (verdict.kind) {
      case 'again':
        await this.#note(step, 'absent', messageOf(fault));
        return sleep(this.#services.world.clock, verdict.afterMs);
      case 'held':
        return this.#hold(fault.message, fault.code);
      case 'dropped':
        return this.#dropped(fault.code, fault.message, fault.mend ?? 'nothing was changed on it');
      case 'lost':
        return this.#record({
          kind: 'unit-ended',
          unit: this.#id,
          as: 'lost',
          why: `it did not come back: ${fault.message}`,
          next: 'go to its console; look at the loader prompt and at its power',
          failure: true,
          healthy: false,
          code: fault.code,
        });
    }
  }

  async #hold(why: string, code: string): Promise<void> {
    await this.#record({
      kind: 'unit-ended',
      unit: this.#id,
      as: 'held',
      why,
      next: 'look at the unit by hand; nothing more is done to it until a person decides',
      failure: true,
      healthy: false,
      code,
    });
  }
}
