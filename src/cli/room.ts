import { Fault } from '../kernel/fault.js';
import type { StoredRows } from '../ports/state-keeper.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { Desk } from './desk.js';
import { bytesText } from './text.js';

/** Of the run itself: its row, its requests and notices, and room in which SQLite works. */
const RUN_BYTES = 1024 * 1024;
/** What a unit says on its way, and its snapshots. */
const UNIT_BYTES = 256 * 1024;
/** A step: intent, outcome, probes, and what came over the wire. */
const STEP_BYTES = 8 * 1024;
/** The configuration is kept before, after and after a rollback, and goes through the write-ahead log. */
const CONFIG_COPIES = 4;

export interface RoomNeeded {
  readonly transcriptBytes: number;
  readonly backupBytes: number;
}

function configBytes({ unit }: UnitPlan, rows: readonly StoredRows[]): number {
  const key = `facts/${unit}/running-config`;
  const kept = rows.findLast((each) => each.book === 'artefact' && each.key === key);
  return kept === undefined ? 0 : kept.sizeBytes / kept.records;
}

/** What a run of the plan will write at most, by its steps and by the configurations that were last read. */
export function roomFor(plan: Plan, rows: readonly StoredRows[]): RoomNeeded {
  const { units } = plan.body;
  const steps = units.reduce((sum, each) => sum + each.steps.length + each.rollback.length, 0);
  const configs = units.reduce((sum, each) => sum + configBytes(each, rows), 0);
  return {
    transcriptBytes: RUN_BYTES + units.length * UNIT_BYTES + steps * STEP_BYTES,
    backupBytes: Math.ceil(CONFIG_COPIES * configs),
  };
}

/** Before anything is begun: a disk that will be full in the middle of the night is found now. Fault `state-unwritable`. */
export async function requireRoom(desk: Desk, plan: Plan): Promise<void> {
  const keeper = await desk.keeper();
  const freeBytes = await keeper.freeBytes();
  const { transcriptBytes, backupBytes } = roomFor(plan, await keeper.rows());
  const neededBytes = transcriptBytes + backupBytes;
  if (freeBytes >= neededBytes) return;
  const parts = `${bytesText(transcriptBytes)} journal and transcripts, ${bytesText(backupBytes)} backups`;
  throw new Fault(
    'state-unwritable',
    `${desk.settings.state}: ${bytesText(freeBytes)} are free, and this run may write ${bytesText(neededBytes)} (${parts}); nothing was begun`,
    { mend: 'Make room on that disk, prune (nightshift state prune), or name another --state.' },
  );
}
