import { formatDuration } from '../../src/kernel/duration.js';
import type { Invariant } from './invariant.js';

/** Until the slowest hold timer has ended, and the ways are found anew, a flow may fall into a hole. */
const SETTLE_MS = 5 * 60_000;
/** A share that is lost is rounded; a tenth of a percent is none. */
const NOTHING_PERCENT = 0.1;

export const reachability: Invariant = {
  number: 5,
  id: 'reachability',
  title: 'While nothing breaks, a declared flow loses no more, and no longer, than it may',
  witness(scene, violated) {
    const flows = new Map((scene.inventory.flows ?? []).map((each) => [each.name, each]));
    const since = new Map<string, number>();
    let isWhole = flows.size > 0;
    const look = () => {
      const nowMs = scene.sim.scheduler.nowMs();
      for (const { name, lossPercent, ownPercent } of scene.sim.flowLosses()) {
        const flow = flows.get(name);
        // What an end loses by being changed itself is the change, not a lost way.
        if (!flow || lossPercent - ownPercent <= flow.lossPercent + NOTHING_PERCENT) {
          since.delete(name);
          continue;
        }
        const fromMs = since.get(name) ?? nowMs;
        since.set(name, fromMs);
        if (nowMs - fromMs <= flow.outageMs + SETTLE_MS) continue;
        isWhole = false;
        violated(
          `${name} has lost ${(lossPercent - ownPercent).toFixed(1)} % for ${formatDuration(nowMs - fromMs)}`,
        );
      }
    };
    return {
      journaled() {
        if (isWhole) look();
      },
      happened({ kind }) {
        // A fault may take away what nobody can keep: then others say how the night must end.
        if (kind === 'fault-struck') isWhole = false;
        if (isWhole && (kind === 'went-down' || kind === 'boot')) look();
      },
    };
  },
};
