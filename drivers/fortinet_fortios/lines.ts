import type { Dialog, CommandLimits } from '../../src/session/dialect.js';
import type { Hole, Line, Phase, Step } from '../../src/driver/step.js';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;

export function line(send: string, limits?: Partial<CommandLimits>): Line {
  return { send, dialogs: [], ends: 'prompt', ...(limits ? { limits } : {}) };
}

/** One key answers. Bound to what it confirms: a warning about a signature ends in the same words. */
function confirms(what: string): Dialog {
  return {
    ask: `${what}\\s+Do you want to continue\\? ?\\(y/n\\)\\s*$`,
    answer: 'y',
    enter: false,
  };
}

const FEATURE_IMAGE: Dialog = {
  ask: String.raw`Image file uploaded is marked as a Feature image, are you sure you want to upgrade\?\s{0,3}(?:Do you want to continue\? ?)?\(y/n\)\s*$`,
  answer: 'y',
  enter: false,
};

/** Where the device finds the image; given by the offer that the step makes. */
const OFFER_HOLES: readonly Hole[] = [
  {
    name: 'path',
    from: 'offer.path',
    permitted: String.raw`^[A-Za-z0-9][\w-]{0,63}(?:/[A-Za-z0-9][\w.-]{0,99}){0,2}$`,
  },
  { name: 'server', from: 'offer.host', permitted: String.raw`^(?:\d{1,3}\.){3}\d{1,3}$` },
];

/** Into the partition that is not booted; nothing else happens. */
export function stageLine(pullMs: number): Line {
  return {
    send: 'execute restore secondary-image tftp <path> <server>',
    dialogs: [
      confirms(String.raw`This operation will store the firmware to backup partition\.`),
      FEATURE_IMAGE,
    ],
    holes: OFFER_HOLES,
    ends: 'prompt',
    limits: { idleMs: pullMs, totalMs: pullMs + 10 * MINUTE_MS },
  };
}

/** Fetches, checks, and upgrades all members of a cluster, each with its own reboot. */
export function upgradeLine(pullMs: number, upgradeMs: number): Line {
  return {
    send: 'execute restore image tftp <path> <server>',
    dialogs: [
      confirms('This operation will replace the current firmware version ?!'),
      confirms(
        String.raw`This operation will download and upgrade the firmware, and the system will reboot\.`,
      ),
      FEATURE_IMAGE,
    ],
    holes: OFFER_HOLES,
    ends: 'disconnect',
    limits: { idleMs: Math.max(pullMs, upgradeMs), totalMs: pullMs + upgradeMs },
  };
}

export const rebootLine: Line = {
  send: 'execute reboot',
  dialogs: [confirms('This operation will reboot the system ?!')],
  ends: 'disconnect',
  limits: { idleMs: MINUTE_MS, totalMs: 3 * MINUTE_MS },
};

export interface StepFrame {
  readonly id: string;
  readonly kind: string;
  readonly phase: Phase;
  readonly title: string;
  readonly expectedMs: number;
  readonly maxMs: number;
}

export function step(frame: StepFrame, rest: Partial<Step> = {}): Step {
  return {
    version: 1,
    params: {},
    commands: [],
    disrupts: 'nothing',
    pointOfNoReturn: false,
    settleMs: 0,
    ...frame,
    ...rest,
  };
}
