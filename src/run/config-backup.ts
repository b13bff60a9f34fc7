import { Fault } from '../kernel/fault.js';
import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import { recall } from '../kernel/recall.js';
import type { World } from '../ports/world.js';
import { findRun, listRuns } from './run.js';

/** The configuration of a unit as a run found it before it changed anything. */
export interface ConfigBackup {
  readonly unit: UnitId;
  readonly run: RunId;
  readonly atMs: InstantMs;
  readonly which: 'running' | 'startup';
  /** Of the text as the device gave it; secrets that we hold ourselves stand in `text` as `<secret>`. */
  readonly digest: string;
  readonly text: string;
}

export interface BackupDesk {
  /** The newest one, or that of a run. Fault `backup-not-found`, also where it was pruned. */
  configBackup(unit: UnitId, which: ConfigBackup['which'], run?: string): Promise<ConfigBackup>;
}

/** Gives out what the step `backup-config` kept. */
export function backupDesk({ store }: Pick<World, 'store'>): BackupDesk {
  return {
    async configBackup(unit, which, run) {
      const rows =
        run === undefined ? (await listRuns(store)).toReversed() : [await findRun(store, run)];
      for (const each of rows) {
        const row = await store.latest('artefact', `${each.run}/${unit}/${which}-config.txt`);
        if (!row) continue;
        const { text, digest } = recall<Pick<ConfigBackup, 'text' | 'digest'>>(row.value);
        return { unit, run: each.run, atMs: row.atMs, which, digest, text };
      }
      const where = run === undefined ? 'no run' : `run ${run}`;
      throw new Fault('backup-not-found', `${where} has a ${which} configuration of ${unit}`);
    },
  };
}
