import type {
  Personality,
  PullResult,
  SimBoot,
  SimContext,
  SimDevice,
  SimEffect,
  SimFile,
} from '../../src/driver/personality.js';
import type { ShellState } from './shell.js';

/** A device as the lab holds it: what the personality knows, the open shells, the boot under way. */
export interface DeviceState {
  readonly device: SimDevice;
  readonly shells: Readonly<Record<string, ShellState>>;
  /** Which shell waits for which file that is being fetched, by its tag. */
  readonly pulls?: Readonly<Record<string, string>>;
  /** While booting: what it will come up as. */
  readonly boot?: SimBoot;
}

export type DeviceEvent =
  /** A channel for one command has no pager. */
  | { readonly kind: 'open-shell'; readonly shell: string; readonly paging?: false }
  /** Bytes typed. */
  | { readonly kind: 'input'; readonly shell: string; readonly text: string }
  /** A line that `entered` announced, let through to the personality. */
  | { readonly kind: 'line'; readonly shell: string; readonly text: string }
  /** The slow output of a line is complete. */
  | { readonly kind: 'output-over'; readonly shell: string }
  | { readonly kind: 'close-shell'; readonly shell: string }
  | { readonly kind: 'timer'; readonly name: string }
  /** The fetching of a file is over. */
  | { readonly kind: 'pulled'; readonly tag: string; readonly result: PullResult }
  | { readonly kind: 'go-down' }
  /** The boot that began with `go-down` is over. */
  | { readonly kind: 'come-up' }
  /** Mains off and on for a device that stayed dead. */
  | { readonly kind: 'power-cycle' }
  | { readonly kind: 'file'; readonly memberId: string; readonly file: SimFile }
  /** The surroundings changed the device: ports, neighbours, faults, a name. */
  | { readonly kind: 'replace'; readonly device: SimDevice };

export type SimPull = Extract<SimEffect, { kind: 'pull' }>;

export type DeviceEffect =
  | {
      readonly kind: 'output';
      readonly shell: string;
      readonly text: string;
      readonly delayMs: number;
    }
  /** A line was entered: bring it back as `line`, unless something is in the way. */
  | { readonly kind: 'entered'; readonly shell: string; readonly text: string }
  /** Bring `output-over` after `delayMs`. */
  | { readonly kind: 'running'; readonly shell: string; readonly delayMs: number }
  | { readonly kind: 'timer'; readonly name: string; readonly delayMs: number }
  | { readonly kind: 'cancel-timer'; readonly name: string }
  | { readonly kind: 'reload'; readonly delayMs: number; readonly reason: string }
  /** Fetch it and bring `pulled`. */
  | SimPull
  | { readonly kind: 'mutation'; readonly name: string; readonly line: string }
  /** Bring `come-up` after `afterMs`. */
  | { readonly kind: 'booting'; readonly afterMs: number }
  | { readonly kind: 'dead'; readonly why: string }
  | { readonly kind: 'up' }
  | { readonly kind: 'shell-over'; readonly shell: string; readonly delayMs: number };

export interface StepResult {
  readonly state: DeviceState;
  readonly effects: readonly DeviceEffect[];
}

/** All that a step may ask: time, chance and the platform's own side are arguments. */
export interface StepContext extends SimContext {
  readonly personality: Personality;
}

export const unchanged = (state: DeviceState): StepResult => ({ state, effects: [] });
export const isUp = (state: DeviceState) =>
  state.device.power === 'up' || state.device.power === 'going-down';

export function withShell(state: DeviceState, id: string, shell: ShellState): DeviceState {
  return { ...state, shells: { ...state.shells, [id]: shell } };
}

export function withoutShell(state: DeviceState, id: string): DeviceState {
  const { [id]: _gone, ...shells } = state.shells;
  return { ...state, shells };
}
