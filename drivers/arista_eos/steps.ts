import type { Line, Phase, Step } from '../../src/driver/step.js';
import type { CommandLimits } from '../../src/session/dialect.js';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;

/** A line that asks nothing and comes back to a prompt. */
export function line(send: string, limits?: Partial<CommandLimits>): Line {
  return { send, dialogs: [], ends: 'prompt', ...(limits ? { limits } : {}) };
}

/** The same line, not always sent. */
export function sometimes(when: 'refused' | 'needed', each: Line): Line {
  return { ...each, when };
}

export interface StepFrame {
  readonly id: string;
  readonly kind: string;
  readonly phase: Phase;
  readonly title: string;
  readonly expectedMs: number;
  readonly maxMs: number;
}

/** A step of version 1; what is not given sends nothing and disrupts nothing. */
export function step(frame: StepFrame, rest: Partial<Step> = {}): Step {
  return {
    version: 1,
    params: {},
    commands: [],
    disrupts: 'nothing',
    pointOfNoReturn: false,
    settleMs: 30 * SECOND_MS,
    ...frame,
    ...rest,
  };
}

const SAVE_LIMITS: Partial<CommandLimits> = { idleMs: 2 * MINUTE_MS, totalMs: 3 * MINUTE_MS };
export const saveLine = line('write memory', SAVE_LIMITS);

export function saveConfig(id: string, phase: Phase): Step {
  return step(
    {
      id,
      kind: 'save-config',
      phase,
      title: 'save the running config as startup config',
      expectedMs: 10 * SECOND_MS,
      maxMs: 5 * MINUTE_MS,
    },
    { commands: [saveLine] },
  );
}
