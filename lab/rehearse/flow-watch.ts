import type { SimWorld } from '../world/world.js';

/** A flow that lost this much from one instant to another. */
export interface LostFlow {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lossPercent: number;
}

/** A device that was down; still at the end, then until the end. */
export interface DownTime {
  readonly device: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const MOVES = / (ospf|bgp) peer |: (up|down)$| (up|down)$|truth (went-down|boot)/;

/** Measures every flow whenever the network has moved; the result is asked for at the end. */
export function watchFlows(sim: SimWorld): () => readonly LostFlow[] {
  const over: LostFlow[] = [];
  const open = new Map<string, { fromMs: number; lossPercent: number }>();
  const close = (name: string, toMs: number) => {
    const known = open.get(name);
    open.delete(name);
    if (known && toMs > known.fromMs) over.push({ name, toMs, ...known });
  };
  const look = (nowMs: number) => {
    for (const { name, lossPercent } of sim.flowLosses()) {
      if (open.get(name)?.lossPercent === lossPercent) continue;
      close(name, nowMs);
      if (lossPercent > 0) open.set(name, { fromMs: nowMs, lossPercent });
    }
  };
  let movedMs: number | undefined;
  // One look an instant: what is lost for no time is not lost. The log tells of a move right before it is made, so the
  // first line of a later instant sees what the earlier one came to.
  sim.model.log.watch((line) => {
    const nowMs = sim.scheduler.nowMs();
    if (movedMs !== undefined && nowMs > movedMs) {
      look(movedMs);
      movedMs = undefined;
    }
    if (MOVES.test(line)) movedMs = nowMs;
  });
  return () => {
    look(movedMs ?? sim.scheduler.nowMs());
    for (const name of open.keys()) close(name, sim.scheduler.nowMs());
    return over;
  };
}

/** When which device was down, from what the lab knows. */
export function downTimes(sim: SimWorld): readonly DownTime[] {
  const since = new Map<string, number>();
  const times: DownTime[] = [];
  for (const { kind, device, atMs } of sim.truth()) {
    if (kind === 'went-down' && !since.has(device)) since.set(device, atMs);
    const fromMs = since.get(device);
    if (kind !== 'boot' || fromMs === undefined) continue;
    times.push({ device, fromMs, toMs: atMs });
    since.delete(device);
  }
  const toMs = sim.scheduler.nowMs();
  return [...times, ...[...since].map(([device, fromMs]) => ({ device, fromMs, toMs }))];
}
