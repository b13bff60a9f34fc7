import type { Phase, Probe, Step, StepKind } from '../../src/driver/step.js';
import { facts } from './facts.js';
import { MINUTE_MS, quiet, SECOND_MS } from './lines.js';
import { bootRefusal } from './refuse.js';

/** Looks whether every member would boot by itself: asked when planned, and anew before anything is disrupted. */
export function bootReadyStep(id: string, phase: Phase): Step {
  return {
    ...quiet,
    id,
    kind: 'boot-ready',
    phase,
    title: 'every member boots by itself and reads its startup config',
    params: {},
    commands: [],
    expectedMs: 10 * SECOND_MS,
    maxMs: 5 * MINUTE_MS,
    settleMs: 0,
  };
}

export const bootReady: StepKind = {
  kind: 'boot-ready',
  version: 1,
  changes: false,
  async probe(context): Promise<Probe> {
    const refusal = bootRefusal(await facts(await context.session()));
    return refusal
      ? { answer: 'failed', why: `${refusal.why}. ${refusal.mend}` }
      : { answer: 'done', why: 'no member would wait in its boot loader' };
  },
  act: () => Promise.resolve({ kind: 'refused', why: 'boot settings can only be observed' }),
};
