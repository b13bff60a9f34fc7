import type { InstantMs, UnitId } from '../kernel/id.js';
import { recall, toJson } from '../kernel/recall.js';
import type { Store } from '../ports/store.js';
import type { Step } from '../driver/step.js';
import type { UnitPlan } from '../plan/plan.js';

/** A file that was copied ahead of its change, and how long it is meant to lie there. */
export interface StagedFile {
  readonly unit: UnitId;
  readonly path: string;
  readonly image: string;
  readonly sha512: string;
  readonly method: string;
  readonly run: string;
  readonly plan: string;
  readonly stagedAtMs: InstantMs;
  /** With the last window of its plan: nothing uses it after that. The run verifies it anew in any case. */
  readonly expiresAtMs: InstantMs;
}

/** What the steps that copy have left on the unit. */
export function stagedFiles(
  unitPlan: UnitPlan,
  steps: readonly Step[],
  about: { readonly run: string; readonly plan: string; readonly nowMs: InstantMs },
): readonly StagedFile[] {
  const { run, plan, nowMs } = about;
  const expiresAtMs = Math.max(nowMs, ...unitPlan.windows.map((each) => each.endMs));
  return steps.flatMap(({ transfer }) => {
    const image = unitPlan.images.find((each) => each.name === transfer?.image);
    if (!transfer || !image) return [];
    const { remotePath: path, method } = transfer;
    const { name, sha512 } = image;
    const file = { unit: unitPlan.unit, path, image: name, sha512, method, run, plan };
    return [{ ...file, stagedAtMs: nowMs, expiresAtMs }];
  });
}

export async function keepStaged(store: Store, files: readonly StagedFile[]): Promise<void> {
  for (const file of files) {
    const key = `${file.unit} ${file.path}`;
    await store.put('staged', { key, atMs: file.stagedAtMs, value: toJson(file) });
  }
}

/** The newest record of each unit and path, by unit. */
export async function listStaged(store: Store): Promise<readonly StagedFile[]> {
  const newest = new Map<string, StagedFile>();
  for (const row of await store.rows('staged')) newest.set(row.key, recall<StagedFile>(row.value));
  return [...newest.values()].toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}
