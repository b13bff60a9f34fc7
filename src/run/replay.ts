import type { InstantMs, RunId } from '../kernel/id.js';
import { recall } from '../kernel/recall.js';
import type { Journal } from '../ports/journal.js';
import type { Plan } from '../plan/plan.js';
import type { RunEvent } from './event.js';
import { fold, initialState, type RunState } from './state.js';

/** An event of a run as its journal has it, and the state that it led to. */
export interface ReplayedEvent {
  readonly seq: number;
  readonly atMs: InstantMs;
  readonly event: RunEvent;
  readonly state: RunState;
}

/** A run read from its first event on. */
export interface RunReplay {
  readonly plan: Plan;
  /** After the last event that `next` gave; at first, before all of them. */
  readonly state: RunState;
  /** What was journaled since the last call. Fault `journal-tampered`. */
  next(): Promise<readonly ReplayedEvent[]>;
}

export function replayRun(journal: Journal, run: RunId, plan: Plan): RunReplay {
  let state = initialState(plan);
  let seen = 0;
  return {
    plan,
    get state() {
      return state;
    },
    async next() {
      return (await journal.read(run, seen)).map((record) => {
        const { seq, atMs } = record;
        const event = recall<RunEvent>(record.event);
        state = fold(state, event, atMs, plan);
        seen = seq;
        return { seq, atMs, event, state };
      });
    },
  };
}
