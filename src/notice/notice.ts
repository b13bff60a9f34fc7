import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import type { Criticality } from '../inventory/inventory.js';

/** What people are told of. `silent`: nobody works on a run that is not over, or its runner shows no sign of life. */
export const noticeKinds = [
  'hold',
  'failure',
  'overrun',
  'stopped',
  'paused',
  'completed',
  'silent',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** By when something happens, or should have happened. */
export interface Deadline {
  readonly what: string;
  readonly atMs: InstantMs;
}

/** What somebody must know, as it was when it happened. */
export interface Notice {
  /** The same however often the journal is read. */
  readonly id: string;
  readonly run: RunId;
  readonly playbook: string;
  readonly kind: NoticeKind;
  readonly atMs: InstantMs;
  /** The unit concerned; absent: the whole run. */
  readonly unit?: UnitId;
  readonly sites: readonly string[];
  readonly groups: readonly string[];
  /** The highest of the units concerned. */
  readonly criticality: Criticality;
  /** Of the sites; UTC when they differ. */
  readonly timeZone: string;
  readonly what: string;
  /** What state it is in now. */
  readonly state: string;
  /** What a person does next; empty: nothing. */
  readonly next: string;
  /** What to type for it. */
  readonly type: readonly string[];
  readonly deadlines: readonly Deadline[];
  /** Goes on to the next level until somebody acknowledges it. */
  readonly needsPerson: boolean;
}

const ORDER: readonly Criticality[] = ['low', 'normal', 'high', 'critical'];

/** The highest; `normal` of none. */
export function highest(all: readonly string[]): Criticality {
  const ranks = all.map((each) => ORDER.findIndex((known) => known === each));
  return ORDER[Math.max(...ranks)] ?? 'normal';
}
