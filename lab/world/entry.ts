import type { Personality } from '../../src/driver/personality.js';
import type { CancelTimer } from '../../src/ports/clock.js';
import type { RandomStream } from '../../src/ports/random.js';
import type { DeviceState } from './device-state.js';
import type { FaultEffect } from './fault.js';
import { deepFreeze } from './freeze.js';
import type { LabDevice } from './lab-spec.js';
import type { LiveStrike } from './strike-book.js';

/** Where a shell's output goes: one of the faces. */
export interface ShellSink {
  output(text: string): void;
  closed(detail: string): void;
  /** A line is about to take effect: what is in the way of it? */
  entered(text: string): readonly FaultEffect[];
  /** The session breaks as seen from the controller. */
  drop(detail: string): void;
  /** Whose shell it is, when not the controller's. */
  readonly by?: string;
}

/** Called when the device goes down. Silent: it lost its power, and nothing more will come from it. */
export type Breaks = (detail: string, isSilent: boolean) => void;

/** One device with everything that is not its own state. */
export interface Entry {
  readonly spec: LabDevice;
  readonly personality: Personality;
  readonly chance: RandomStream;
  readonly timers: Map<string, CancelTimer>;
  readonly shells: Map<string, ShellSink>;
  readonly breakers: Set<Breaks>;
  readonly inForce: Map<string, LiveStrike>;
  /** Cleared while the device was away: undone when it is back. */
  readonly owed: LiveStrike[];
  /** The personality, or what a fault made of it. */
  acting: Personality;
  state: DeviceState;
  hostKeySeed: string;
  goingDown: CancelTimer | undefined;
}

/** A device of the lab, fresh and up. */
export function createEntry(
  spec: LabDevice,
  personality: Personality,
  chance: RandomStream,
): Entry {
  const device = { ...personality.create(spec), platform: spec.platform };
  return {
    spec,
    personality,
    chance,
    timers: new Map(),
    shells: new Map(),
    breakers: new Set(),
    inForce: new Map(),
    owed: [],
    acting: personality,
    state: deepFreeze({ device, shells: {} }),
    hostKeySeed: spec.hostKeySeed ?? spec.id,
    goingDown: undefined,
  };
}
