import type { Line, Step } from '../../src/driver/step.js';
import type { Dialog } from '../../src/session/dialect.js';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;

const overwrite: Dialog = {
  ask: 'Overwrite the previous NVRAM configuration\\?\\s*\\[confirm\\]\\s*$',
  answer: 'y',
  enter: false,
};

/** One line, without questions unless told otherwise. */
export function line(send: string, more: Partial<Line> = {}): Line {
  return { send, dialogs: [], ends: 'prompt', ...more };
}

export const quiet = { version: 1, disrupts: 'nothing', pointOfNoReturn: false } as const;

/** `write memory`, with what it asks after a change of release. */
export const saveLine: Line = line('write memory', {
  dialogs: [overwrite],
  limits: { idleMs: 2 * MINUTE_MS, totalMs: 5 * MINUTE_MS },
});

/** Startup config becomes what runs. */
export function saveStep(id: string, phase: Step['phase']): Step {
  return {
    ...quiet,
    id,
    kind: 'save-config',
    phase,
    title: 'save the running config',
    params: {},
    commands: [saveLine],
    expectedMs: 15 * SECOND_MS,
    maxMs: 8 * MINUTE_MS,
    settleMs: 30 * SECOND_MS,
  };
}
