import type { InstantMs } from '../kernel/id.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Playbook } from '../playbook/playbook.js';
import type { WindowOccurrence } from '../window/occurrence.js';

/** When images may be copied as a job of its own, ahead of the windows in which the change fits. */
export type StagingTimes =
  | { readonly kind: 'any time' }
  | { readonly kind: 'in'; readonly windows: readonly WindowOccurrence[] }
  | { readonly kind: 'refused'; readonly why: string };

interface StagingCase {
  readonly staging: Playbook['staging'];
  /** The windows in which the change fits, soonest first. */
  readonly change: readonly WindowOccurrence[];
  readonly nowMs: InstantMs;
  readonly occurrences: (names: readonly string[]) => readonly WindowOccurrence[];
}

/** A window in which only copying is allowed holds no change. */
export function changeInStagingWindow(
  inventory: Pick<Inventory, 'windows'>,
  names: readonly string[],
): string | undefined {
  const found = inventory.windows.find((each) => each.stagingOnly && names.includes(each.name));
  return found && `window ${found.name} is for staging: nothing is changed in it`;
}

/** Parts of windows that lie between two instants. */
function within(
  windows: readonly WindowOccurrence[],
  fromMs: InstantMs,
  untilMs: InstantMs,
): readonly WindowOccurrence[] {
  return windows.flatMap((each) => {
    const startMs = Math.max(each.startMs, fromMs);
    const endMs = Math.min(each.endMs, untilMs);
    return startMs < endMs ? [{ ...each, startMs, endMs }] : [];
  });
}

/** Pure: from `before` ahead of the first change window, in the staging window if one is named, to the last one's end. */
export function stagingTimes(each: StagingCase): StagingTimes {
  const { staging, change, nowMs } = each;
  const [first] = change;
  const last = change.at(-1);
  if (!staging || !first || !last) return { kind: 'any time' };
  const fromMs = staging.beforeMs === undefined ? nowMs : first.startMs - staging.beforeMs;
  const untilMs = last.endMs;
  if (staging.window === undefined) {
    const notes = [`from ${staging.before ?? ''} before the change`];
    const free = { ...first, window: 'staging', startMs: fromMs, endMs: untilMs, notes };
    return { kind: 'in', windows: [free] };
  }
  const windows = within(each.occurrences([staging.window]), fromMs, untilMs);
  if (windows.length > 0) return { kind: 'in', windows };
  const why = `staging window ${staging.window} does not open before the change in time`;
  return { kind: 'refused', why };
}
