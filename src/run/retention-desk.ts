import { valueOrThrow } from '../kernel/diagnostic.js';
import { recall } from '../kernel/recall.js';
import type { StoredRows } from '../ports/state-keeper.js';
import type { World } from '../ports/world.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Plan } from '../plan/plan.js';
import { prunable, type KnownRun, type Pruning, type RetentionAges } from './retention.js';
import { loadRetention } from './retention-rules.js';
import { listRuns, readRun } from './run.js';

/** What may be pruned. */
export interface RetentionDesk {
  /** As `retention.yaml` of the inventory says. DiagnosticsError. */
  retentionAges(inventory: Inventory): Promise<RetentionAges>;
  /** Out of what there is; reads the journal of every run, and its faults. */
  pruning(rows: readonly StoredRows[], ages: RetentionAges): Promise<Pruning>;
}

/** Retention over the stored runs and plans. */
export function retentionDesk(
  world: World,
  findPlan: (digest: string) => Promise<Plan>,
): RetentionDesk {
  const { store, clock, files } = world;
  return {
    retentionAges: async (inventory) => valueOrThrow(await loadRetention(files, inventory)),
    async pruning(rows, ages) {
      const runs: KnownRun[] = [];
      for (const row of await listRuns(store)) {
        const plan = await findPlan(row.plan);
        const { state } = await readRun(store, row.run, plan);
        const lessons = plan.body.units.map(({ unit, material: { platform, model } }) =>
          JSON.stringify([row.mode, platform, model, state.units.get(unit)?.kind ?? 'queued']),
        );
        runs.push({ row, state, lessons });
      }
      const plans = (await store.rows('plan')).map((row) => recall<Plan>(row.value));
      return prunable({ rows, runs, plans, ages, nowMs: clock.now() });
    },
  };
}
