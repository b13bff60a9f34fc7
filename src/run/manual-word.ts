import { Fault } from '../kernel/fault.js';
import type { RunId, UnitId } from '../kernel/id.js';
import { recall, toJson } from '../kernel/recall.js';
import type { Store } from '../ports/store.js';
import type { World } from '../ports/world.js';
import type { Step } from '../driver/step.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { AskedLine, StepList } from './event.js';
import { openAsk, type RunState, type UnitState } from './state.js';

/**
 * What a person says of a step that they are asked for. `done`: it was typed. `let`: Nightshift may copy the file itself.
 * `refuse`: it is not done, and this step has failed. `stop`: nothing more is begun in this run.
 */
export type Word = 'done' | 'let' | 'refuse' | 'stop';

/** What one unit waits for a person to do. */
export interface Ask {
  readonly unit: UnitId;
  readonly list: StepList;
  /** Position in the list, from 0. */
  readonly position: number;
  readonly step: Step;
  readonly attempt: number;
  readonly askedAtMs: number;
  /** What the device showed, which is why it is asked for. */
  readonly seen: string;
  readonly lines: readonly AskedLine[];
  /** May it be left to Nightshift? Only copying ahead may. */
  readonly mayLet: boolean;
}

/** A person's word, as it was put down. */
export interface SpokenWord {
  readonly word: Word;
  readonly by: string;
  readonly remark: string;
}

/** Copying disturbs nobody and is checked by its hash: nothing else is done for a person. */
export function mayLet(step: Step): boolean {
  return step.transfer !== undefined && step.phase === 'stage';
}

/** What the unit asks a person for now; undefined when it asks nothing. */
export function askOf(unit: UnitState, plan: UnitPlan): Ask | undefined {
  const intent = openAsk(unit);
  const step = (unit.list === 'forward' ? plan.steps : plan.rollback)[unit.step];
  if (!intent?.asks || !step) return undefined;
  return {
    unit: unit.unit,
    list: unit.list,
    position: unit.step,
    step,
    attempt: intent.attempt,
    askedAtMs: intent.sinceMs,
    seen: intent.seen,
    lines: intent.asks,
    mayLet: mayLet(step),
  };
}

/** All that the run asks people for now, longest asked first. */
function asksOf(plan: Plan, state: RunState): readonly Ask[] {
  if (state.mode !== 'manual' || state.finished) return [];
  return plan.body.units
    .flatMap((own) => {
      const unit = state.units.get(own.unit);
      return (unit && askOf(unit, own)) ?? [];
    })
    .toSorted((a, b) => a.askedAtMs - b.askedAtMs);
}

/** The very asking that a word is for: a word that comes late is for nothing else. */
function nameOf({ list, position, attempt, askedAtMs }: Ask): string {
  return `${list}/${position}/${attempt}/${askedAtMs}`;
}

const keyOf = (run: RunId, unit: UnitId) => `${run}/${unit}`;

async function speak(
  store: Store,
  about: { readonly run: RunId; readonly ask: Ask; readonly atMs: number },
  spoken: SpokenWord,
): Promise<void> {
  const { run, ask, atMs } = about;
  if (spoken.word === 'let' && !ask.mayLet) {
    throw new Fault('usage', `${ask.unit}: ${ask.step.id} is no copy: only a person does it here`, {
      mend: 'say done, refuse or stop',
    });
  }
  const value = toJson({ ...spoken, ask: nameOf(ask) });
  await store.put('answer', { key: keyOf(run, ask.unit), atMs, value });
}

/** What was said of this asking; undefined while nobody spoke. */
export async function heard(store: Store, run: RunId, ask: Ask): Promise<SpokenWord | undefined> {
  const row = await store.latest('answer', keyOf(run, ask.unit));
  if (!row) return undefined;
  const { ask: name, ...spoken } = recall<SpokenWord & { readonly ask: string }>(row.value);
  return name === nameOf(ask) ? spoken : undefined;
}

/** What people and a run by hand have to say to each other. */
export interface AskDesk {
  /** What the run asks people for now, longest asked first. */
  asks(plan: Plan, state: RunState): readonly Ask[];
  /** A person's word for it, put down for the runner to find. Fault `usage` for a word that the step does not take. */
  speak(row: { readonly run: RunId }, ask: Ask, spoken: SpokenWord): Promise<void>;
}

export function askDesk({ store, clock }: Pick<World, 'store' | 'clock'>): AskDesk {
  return {
    asks: asksOf,
    speak: ({ run }, ask, spoken) => speak(store, { run, ask, atMs: clock.now() }, spoken),
  };
}
