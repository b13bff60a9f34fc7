import { describe, expect, test } from '@jest/globals';
import { SimulatedCrash, type CrashPoint } from '../../src/store/memory-store.js';
import { outcomesOf, setStage, stageConductor, type Stage } from '../../lab/rehearse/rehearse.js';
import { rehearsalWorld } from '../../lab/rehearse/rehearsal-world.js';
import type { RunState } from '../../src/run/state.js';
import { labNetwork, labPlaybook, specs, type LabNetwork } from './network.js';

interface CrashRun {
  readonly stage: Stage;
  readonly state: RunState;
  readonly crashed: boolean;
  readonly appends: number;
}

/** Conducts the plan, killing the controller at the n-th append of the journal; another one takes over. */
async function crashAt(network: LabNetwork, nth: number, point: CrashPoint): Promise<CrashRun> {
  let appends = 0;
  const stage = await setStage({
    ...network,
    storeOptions: {
      onAppend: () => {
        appends += 1;
        return appends === nth ? point : undefined;
      },
    },
  });
  const { sim } = stage;
  const drive = async () => (await stageConductor(network, stage, stage.world)).drive();
  try {
    return { stage, state: await sim.scheduler.drain(drive()), crashed: false, appends };
  } catch (thrown) {
    if (!(thrown instanceof SimulatedCrash)) throw thrown;
  }
  sim.replaceController();
  const store = stage.store.reopen();
  const world = rehearsalWorld(sim, store);
  const again = async () => (await stageConductor(network, stage, world)).drive();
  return { stage, state: await sim.scheduler.drain(again()), crashed: true, appends };
}

/** Disruptive requests of a device, in the lab's own record. */
function reloads({ stage }: CrashRun): number {
  return stage.sim.truth().filter((each) => each.kind === 'reload-requested').length;
}

describe.each([
  ['a single switch', [specs[2]]],
  ['a stack of three', [specs[3]]],
])('an engine killed at every boundary of the journal, upgrading %s', (_name, chosen) => {
  test.each(['crash-before', 'crash-after'] as const)(
    'ends as if nothing had happened (%s)',
    async (point) => {
      const network = await labNetwork({
        chosen: chosen.flatMap((each) => each ?? []),
        playbook: labPlaybook({
          strategy: { ...labPlaybook().strategy, soakMs: 3_600_000 },
        }),
      });
      const ends: string[] = [];
      let nth = 1;
      for (; nth < 500; nth += 1) {
        const run = await crashAt(network, nth, point);
        if (!run.crashed) break;
        for (const each of outcomesOf(run.stage, run.state, network.inventory)) {
          const good = each.ended === 'done' && each.isTrue && reloads(run) === 1;
          if (!good) ends.push(`${nth}: ${each.ended} (${each.why}), ${reloads(run)} reloads`);
        }
      }
      expect(nth).toBeGreaterThan(30);
      expect(ends).toEqual([]);
    },
    120_000,
  );
});
