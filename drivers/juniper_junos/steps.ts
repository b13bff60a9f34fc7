import type { Line, Phase, Step } from '../../src/driver/step.js';
import type { CommandLimits, Dialog } from '../../src/session/dialect.js';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;

/** A line that ends at the prompt, with the questions that it may ask. */
export function line(
  send: string,
  limits?: Partial<CommandLimits>,
  dialogs: readonly Dialog[] = [],
): Line {
  return { send, dialogs, ends: 'prompt', ...(limits ? { limits } : {}) };
}

export const COMMIT_LIMITS: Partial<CommandLimits> = {
  idleMs: 5 * MINUTE_MS,
  totalMs: 10 * MINUTE_MS,
};

/** Asked on the way out where something uncommitted is left: in exclusive mode it can only be ours. */
const DISCARD: Dialog = {
  ask: String.raw`(?:Discard uncommitted changes|Exit with uncommitted changes) ?\? \[yes,no\] \(yes\) ?$`,
  answer: 'yes',
};

/** Refused by the device where somebody else has the candidate open or changed it. */
export const ENTER_CONFIG = line('configure exclusive');
export const LEAVE_CONFIG = line('exit configuration-mode', undefined, [DISCARD]);
/** Sent where the device refused a line of ours; else passed over. */
export const DROP_CANDIDATE: Line = {
  ...line('rollback 0', COMMIT_LIMITS),
  when: 'refused',
};

/** The same line, sent where what the device shows then asks for it. */
export function needed(each: Line): Line {
  return { ...each, when: 'needed' };
}

/** Lines of one change, from entering the mode to leaving it. */
export function configLines(lines: readonly Line[]): readonly Line[] {
  return [ENTER_CONFIG, ...lines, DROP_CANDIDATE, LEAVE_CONFIG];
}

/** `commit`, on both engines where there are two. */
export function commitLine(engines: number, rest: string): Line {
  return line(`commit${engines > 1 ? ' synchronize' : ''} ${rest}`.trim(), COMMIT_LIMITS);
}

interface Frame {
  readonly id: string;
  readonly kind: string;
  readonly phase: Phase;
  readonly title: string;
  readonly expectedMs: number;
  readonly maxMs: number;
}

export function step(frame: Frame, rest: Partial<Step> = {}): Step {
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
