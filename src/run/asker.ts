import type { UnitId } from '../kernel/id.js';
import type { Json } from '../kernel/json.js';
import { sleep } from '../ports/clock.js';
import type { Probe, Step, StepKind } from '../driver/step.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunEvent } from './event.js';
import { askOf, heard, type SpokenWord } from './manual-word.js';
import type { RunServices } from './services.js';
import { openAsk, type UnitState } from './state.js';
import type { HeldStepContext } from './step-context.js';
import { decideUnit } from './unit-decide.js';

type KnownOfStep = Readonly<Record<string, Json>>;

/** A word is looked for this often. */
const ASK_POLL_MS = 2000;

export interface AskerOptions {
  readonly services: RunServices;
  readonly unitPlan: UnitPlan;
  readonly kindOf: (step: Step) => StepKind;
  readonly context: (step: Step) => Promise<HeldStepContext>;
  /** What the device shows; undefined: it cannot be asked. */
  readonly look: (step: Step) => Promise<Probe | undefined>;
  /** Leaves the device: nobody keeps a session open for a person who is asleep. */
  readonly rest: () => Promise<void>;
  /** Does the step after all, with a person's leave. */
  readonly act: (step: Step, attempt: number, letBy: string) => Promise<void>;
  readonly hold: (why: string) => Promise<void>;
}

interface Asked {
  readonly attempt: number;
  readonly known: KnownOfStep;
  /** What the device shows now. */
  readonly seen: string;
}

type Waited =
  | { readonly kind: 'spoken'; readonly spoken: SpokenWord }
  | { readonly kind: 'withdrawn'; readonly why: string }
  | { readonly kind: 'left' };

/** Has a person do what changes the device, and takes their word for no more than that they tried. */
export class Asker {
  readonly #options: AskerOptions;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  get #id(): UnitId {
    return this.#options.unitPlan.unit;
  }

  get #state(): UnitState {
    return this.#options.services.unitState(this.#id);
  }

  get #nowMs(): number {
    return this.#options.services.world.clock.now();
  }

  /** Asks for one step. False: the runner goes; whoever resumes looks at the device and asks again. */
  async ask(step: Step, about: Asked): Promise<boolean> {
    const { services } = this.#options;
    const late = this.#withdrawal(step);
    if (late !== undefined) {
      await this.#withdraw(step, late);
      return true;
    }
    const context = await this.#options.context(step);
    try {
      const asks = await context.script(this.#options.kindOf(step));
      if ('obstacle' in asks) {
        await this.#obstructed(step, about, asks.obstacle);
        return true;
      }
      // Durable before anybody is asked: what they do from here on may have happened.
      await services.record([{ kind: 'step-intent', ...this.#at(step), ...about, asks }]);
      await this.#options.rest();
      return await this.#hear(step, await this.#wait(step));
    } finally {
      context.release();
    }
  }

  /** A word that was said while nobody listened. False: none was. */
  async catchUp(step: Step): Promise<boolean> {
    const { services, unitPlan } = this.#options;
    const ask = askOf(this.#state, unitPlan);
    const spoken = ask && (await heard(services.world.store, services.run, ask));
    if (!spoken) return false;
    await this.#heed(step, spoken);
    return true;
  }

  /** We would send nothing: nobody is asked to type it either. */
  async #obstructed(step: Step, { attempt, known }: Asked, why: string): Promise<void> {
    const at = this.#at(step);
    const { services } = this.#options;
    await services.record([{ kind: 'step-intent', ...at, attempt, known }]);
    await services.record([{ kind: 'step-acted', ...at, result: 'refused', why, known: {} }]);
  }

  async #wait(step: Step): Promise<Waited> {
    const { services, unitPlan } = this.#options;
    const { store, clock } = services.world;
    const ask = askOf(this.#state, unitPlan);
    for (;;) {
      const spoken = ask && (await heard(store, services.run, ask));
      if (spoken) return { kind: 'spoken', spoken };
      if (services.isLeaving()) return { kind: 'left' };
      const why = this.#withdrawal(step);
      if (why !== undefined) return { kind: 'withdrawn', why };
      await sleep(clock, ASK_POLL_MS);
    }
  }

  async #hear(step: Step, waited: Waited): Promise<boolean> {
    if (waited.kind === 'left') return false;
    if (waited.kind === 'spoken') await this.#heed(step, waited.spoken);
    else await this.#withdraw(step, waited.why);
    return true;
  }

  async #heed(step: Step, { by, word, remark }: SpokenWord): Promise<void> {
    const said = remark === '' ? '' : `: ${remark}`;
    switch (word) {
      case 'done':
        return this.#done(step, by, said);
      case 'refuse':
        return this.#record(step, {
          result: 'refused',
          why: `${by} refuses${said}`,
          known: {},
          by,
        });
      case 'let':
        return this.#options.act(step, (this.#state.intent?.attempt ?? 0) + 1, by);
      case 'stop':
        return this.#stop(step, `${by} says stop at ${step.id} of ${this.#id}${said}`);
    }
  }

  async #done(step: Step, by: string, said: string): Promise<void> {
    const context = await this.#options.context(step);
    const known = this.#options.kindOf(step).attest?.(context) ?? {};
    const why = `${by} says that it is done${said}`;
    await this.#record(step, { result: 'ambiguous', why, known, by });
  }

  /** Untouched, the unit rests; else it stays as it is, for a person. */
  async #stop(step: Step, why: string): Promise<void> {
    await this.#options.services.record([{ kind: 'run-stopped', why, code: '' }]);
    if (openAsk(this.#state)?.wasTouched === true) {
      await this.#options.hold(why);
    } else {
      await this.#withdraw(step, why);
    }
  }

  /** Why nobody may do it any more; undefined while it may be done. As if it were about to be asked for. */
  #withdrawal(step: Step): string | undefined {
    const { services, unitPlan } = this.#options;
    const state = this.#state;
    const touched = state.intent?.wasTouched ?? state.touched;
    const task = decideUnit(
      { ...state, intent: undefined, touched },
      {
        run: services.runState(),
        plan: services.plan,
        unitPlan,
        nowMs: this.#nowMs,
        wallMs: services.wallMs(),
      },
    );
    if (task.kind === 'probe' && task.step === step) return undefined;
    const [event] = task.kind === 'record' ? task.events : [];
    return event && 'why' in event ? event.why : 'the run was stopped';
  }

  /** Only the device can tell that nobody did it: else it counts as done without a word. */
  async #withdraw(step: Step, why: string): Promise<void> {
    if (!this.#state.intent) return;
    // What was typed a moment ago may not show yet.
    await sleep(this.#options.services.world.clock, step.settleMs);
    const probe = await this.#options.look(step);
    if (probe?.answer === 'absent') {
      const event: RunEvent = { kind: 'step-withdrawn', ...this.#at(step), why };
      await this.#options.services.record([event]);
    } else {
      const unsaid = `nobody said whether it is done, and nobody is asked any more: ${why}`;
      await this.#record(step, { result: 'ambiguous', why: unsaid, known: {}, by: '' });
    }
  }

  #at(step: Step) {
    const { list, step: position } = this.#state;
    return { unit: this.#id, list, step: position, id: step.id };
  }

  async #record(
    step: Step,
    outcome: {
      readonly result: 'refused' | 'ambiguous';
      readonly why: string;
      readonly known: KnownOfStep;
      readonly by: string;
    },
  ): Promise<void> {
    const event: RunEvent = { kind: 'step-acted', ...this.#at(step), ...outcome };
    await this.#options.services.record([event]);
  }
}
