import { messageOf, Fault } from '../kernel/fault.js';
import type { UnitId } from '../kernel/id.js';
import { toJson } from '../kernel/recall.js';
import { sleep } from '../ports/clock.js';
import type { Driver } from '../driver/driver.js';
import type { Probe, Step } from '../driver/step.js';
import { Contact } from '../fingerprint/contact.js';
import { acceptedHopKeys, acceptedHostKeys } from '../fingerprint/pins.js';
import type { TranscriptEntry } from '../session/dialect.js';
import { readOnlyPermit, sealedPermit, type Permit } from '../session/permission.js';
import type { Unit } from '../inventory/inventory.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunServices, WorkerOptions } from './services.js';
import type { RunEvent, RunMode } from './event.js';
import { Asker } from './asker.js';
import { judgeAway, lostUnit } from './away.js';
import { kindOf } from './step-kind-of.js';
import type { UnitState } from './state.js';
import { keepStaged, stagedFiles } from './staged-file.js';
import { copyOf, stagedUnit, stagingFence, stagingSteps, stagingWait } from './staging.js';
import { makeStepContext, permitStep, type HeldStepContext } from './step-context.js';
import { decideUnit, judgeProbe, type UnitTask } from './unit-decide.js';
import { droppedUnit, observedUnit } from './unit-endings.js';
import { UnitGates } from './unit-gates.js';

type Probed =
  | { readonly kind: 'answer'; readonly probe: Probe }
  | { readonly kind: 'away'; readonly fault: Fault };

/** Modes in which steps are sent by us. */
const MAY_CHANGE: ReadonlySet<RunMode> = new Set(['run', 'stage']);

interface Begun {
  readonly attempt: number;
  readonly known: Probe['known'] & {};
  /** Who was asked to do it, and let us do it instead. */
  readonly letBy?: string;
}

/** Drives one unit from where its journal stands to the next point where it must wait. One at a time per unit. */
export class UnitWorker {
  readonly #services: RunServices;
  readonly #unit: Unit;
  readonly #plan: UnitPlan;
  readonly #driver: Driver;
  readonly #permit: Permit;
  readonly #asker: Asker;
  readonly #gates: UnitGates;
  #contact: Contact | undefined;
  #transcript: TranscriptEntry[] = [];
  #lastAnswer = '';
  #rests = false;
  #heardAtMs = 0;

  constructor(options: WorkerOptions) {
    this.#services = options.services;
    this.#unit = options.unit;
    this.#plan = options.unitPlan;
    this.#driver = options.driver;
    this.#permit = MAY_CHANGE.has(this.#mode) ? readOnlyPermit() : sealedPermit();
    this.#asker = this.#makeAsker();
    this.#gates = new UnitGates({ ...options, ready: () => this.#ready(), permit: this.#permit });
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
      // Closed first: a disk that refuses the transcript must not leave the session open, and the process with it.
      this.#contact?.close();
      this.#contact = undefined;
      await this.#keepTranscript();
    }
  }

  #task(): UnitTask {
    return decideUnit(this.#state, {
      run: this.#services.runState(),
      plan: this.#services.plan,
      unitPlan: this.#plan,
      nowMs: this.#nowMs,
      wallMs: this.#services.wallMs(),
    });
  }

  async #once(): Promise<boolean> {
    const task = this.#task();
    switch (task.kind) {
      case 'stop':
        return false;
      case 'record':
        await this.#record(...task.events);
        return true;
      case 'check-before':
        await this.#gates.before();
        return true;
      case 'check-after':
        await this.#gates.after();
        return true;
      case 'check-reverted':
        await this.#gates.reverted();
        return true;
      case 'check-soak':
        await this.#gates.soak();
        return true;
      case 'observe':
        await this.#observe();
        return true;
      case 'staged':
        await this.#staged();
        return true;
      case 'probe':
        await this.#heedOrStep(task.step);
        return !this.#rests;
    }
  }

  async #record(...events: readonly RunEvent[]): Promise<void> {
    await this.#services.record(events);
  }

  async #ready(): Promise<Contact> {
    if (this.#contact) return this.#contact;
    const { world, budget } = this.#services;
    const hostKeys = await acceptedHostKeys(world.store, this.#id);
    const hopKeys = await acceptedHopKeys(world.store, this.#unit.device);
    this.#contact = new Contact({
      world,
      budget,
      device: this.#unit.device,
      platform: this.#driver.platform,
      hostKeys,
      hopKeys,
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
    await this.#record(observedUnit(this.#id));
  }

  get #mode(): RunMode {
    return this.#services.runState().mode;
  }

  get #isStaging(): boolean {
    return this.#mode === 'stage';
  }

  #makeAsker(): Asker {
    return new Asker({
      services: this.#services,
      unitPlan: this.#plan,
      kindOf: (step) => kindOf(this.#driver, step),
      context: (step) => this.#context(step),
      look: async (step) => {
        const probed = await this.#probe(step);
        return probed.kind === 'answer' ? probed.probe : undefined;
      },
      rest: async () => {
        this.#contact?.close();
        await this.#keepTranscript();
      },
      act: (step, attempt, letBy) =>
        this.#inTurn(step, () => this.#act(step, { attempt, known: {}, letBy })),
      hold: (why) => this.#hold(why, ''),
    });
  }

  #stagingWait(step: Step): RunEvent | undefined {
    const image = this.#plan.images.find((each) => each.name === step.transfer?.image);
    const extraMs = this.#services.transfers(this.#plan.site).worstMs(image?.sizeBytes ?? 0);
    return stagingWait(this.#plan, copyOf(step, extraMs), this.#nowMs);
  }

  async #staged(): Promise<void> {
    const { world, run, plan } = this.#services;
    const about = { run, plan: plan.digest, nowMs: this.#nowMs };
    await keepStaged(world.store, stagedFiles(this.#plan, stagingSteps(this.#plan), about));
    await this.#record(stagedUnit(this.#plan));
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
      client: this.#unit.device.host,
      transfer: this.#services.transfers(this.#plan.site),
      ...this.#copyEnd(),
      onProgress: (progress) => this.#services.onProgress(progress),
    });
  }

  /** Copying ends with the staging window; what is there is gone on with in the next. */
  #copyEnd(): { readonly copyUntilMs?: number } {
    if (!this.#isStaging || !this.#plan.stagingWindows) return {};
    const answer = stagingFence(this.#plan, this.#nowMs, { needMs: 0, resumes: true });
    return answer.kind === 'open' ? { copyUntilMs: answer.endMs } : {};
  }

  async #probe(step: Step): Promise<Probed> {
    permitStep(this.#permit, undefined, {});
    try {
      const probe = await kindOf(this.#driver, step).probe(await this.#context(step));
      this.#heardAtMs = this.#nowMs;
      return { kind: 'answer', probe };
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
      changes: kindOf(this.#driver, step).changes,
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
        if (this.#mode === 'manual' && kindOf(this.#driver, step).changes)
          return this.#ask(step, { attempt: verdict.attempt, known, seen: probe.why });
        // The probe took its time: window, pause and abort are asked once more before anything is sent.
        return this.#inTurn(step, async () => {
          if (this.#task().kind !== 'probe') return;
          const wait = this.#isStaging && this.#stagingWait(step);
          return wait ? this.#record(wait) : this.#act(step, { attempt: verdict.attempt, known });
        });
    }
  }

  /** What was said while nobody listened comes first. */
  async #heedOrStep(step: Step): Promise<void> {
    if (!(await this.#asker.catchUp(step))) await this.#step(step);
  }

  /** A person is asked to do it; a device that cannot be read meanwhile is away as ever. */
  async #ask(step: Step, about: Begun & { readonly seen: string }): Promise<void> {
    try {
      this.#rests = !(await this.#asker.ask(step, about));
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code.startsWith('state-')) throw thrown;
      await this.#away(step, thrown);
    }
  }

  /** With a place among the transfers of its site, if it copies. No intent stands open while it waits for one. */
  async #inTurn(step: Step, work: () => Promise<void>): Promise<void> {
    const transfer = this.#services.transfers(this.#plan.site);
    const leave = step.transfer ? await transfer.place() : undefined;
    try {
      await work();
    } finally {
      leave?.();
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

  /** Only with a person's leave, and only until the act is over. */
  #unseal(letBy: string | undefined): () => void {
    const { sealed = false } = this.#permit;
    this.#permit.sealed = sealed && letBy === undefined;
    return () => void (this.#permit.sealed = sealed);
  }

  async #act(step: Step, { letBy, ...about }: Begun): Promise<void> {
    const before = this.#state;
    const at = { unit: this.#id, list: before.list, step: before.step, id: step.id };
    // Write-ahead: durable before a byte of the act leaves.
    const leave = letBy === undefined ? {} : { letBy };
    await this.#record({ kind: 'step-intent', ...at, ...about, ...leave });
    const reseal = this.#unseal(letBy);
    permitStep(this.#permit, step, this.#state.known);
    let result: 'acted' | 'refused' | 'ambiguous';
    let why = '';
    let learned: Probe['known'] & {} = {};
    let context: HeldStepContext | undefined;
    try {
      context = await this.#context(step);
      const act = await kindOf(this.#driver, step).act(context);
      result = act.kind;
      if (act.kind !== 'refused') learned = act.known ?? {};
      if (act.kind !== 'acted') why = act.why;
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code.startsWith('state-')) throw thrown;
      [result, why] = ['ambiguous', thrown.message];
    } finally {
      context?.release();
      permitStep(this.#permit, undefined, {});
      reseal();
    }
    await this.#record({ kind: 'step-acted', ...at, result, why, known: learned });
    await this.#keepTranscript();
  }

  async #away(step: Step, fault: Fault): Promise<void> {
    const state = this.#state;
    const [nowMs, heardAtMs] = [this.#nowMs, this.#heardAtMs];
    const verdict = judgeAway({ unit: state, step, fault, nowMs, heardAtMs });
    this.#contact?.close();
    switch (verdict.kind) {
      case 'again':
        await this.#note(step, 'absent', messageOf(fault));
        return sleep(this.#services.world.clock, verdict.afterMs);
      case 'held':
        return this.#hold(fault.message, fault.code);
      case 'dropped':
        return this.#record(droppedUnit(this.#id, fault));
      case 'lost':
        return this.#record(lostUnit(this.#id, fault));
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
