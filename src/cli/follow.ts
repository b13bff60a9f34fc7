import { sleep, type Clock } from '../ports/clock.js';
import type { App } from '../app.js';
import type { RunReplay } from '../run/replay.js';
import type { RunRow } from '../run/run.js';
import type { RunView } from './run-view.js';

const POLL_MS = 500;

/** A clock on which waiting is real waiting, however fast the lab's runs. */
function onTheWall(clock: Clock): Clock {
  return { ...clock, timer: (delayMs, callback) => clock.monotonicTimer(delayMs, callback) };
}

/** Shows what is journaled until the run is over, nobody works on it, or the person leaves. */
export async function follow(
  app: App,
  row: RunRow,
  watching: { readonly replay: RunReplay; readonly view: RunView; readonly left: AbortSignal },
): Promise<void> {
  const { replay, view, left } = watching;
  for (;;) {
    // Asked before the journal is read: what a runner that is gone wrote last is read in any case.
    const holder = await app.world.store.runnerHolder();
    for (const { event, state, atMs } of await replay.next()) view.onEvent(event, state, atMs);
    if (replay.state.finished || left.aborted || holder?.includes(row.run) !== true) return;
    await sleep(onTheWall(app.world.clock), POLL_MS, left);
  }
}
