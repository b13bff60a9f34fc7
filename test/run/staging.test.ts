import { beforeAll, describe, expect, test } from '@jest/globals';
import { runId } from '../../src/kernel/id.js';
import type { Plan } from '../../src/plan/plan.js';
import { Conductor } from '../../src/run/conductor.js';
import type { RunEvent, RunMode } from '../../src/run/event.js';
import { siteTransfers } from '../../src/run/site-transfers.js';
import { listStaged } from '../../src/run/staged-file.js';
import { stagingFence, stagingSteps } from '../../src/run/staging.js';
import type { Site } from '../../src/inventory/inventory.js';
import type { WindowOccurrence } from '../../src/window/occurrence.js';
import { setStage, type Stage } from '../../lab/rehearse/rehearse.js';
import { labNetwork, specs, type LabNetwork } from '../rehearse/network.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let network: LabNetwork;
beforeAll(async () => {
  network = await labNetwork({ chosen: specs.slice(0, 3) });
});

const opening = (startMs: number, endMs: number): WindowOccurrence => ({
  window: 'copies',
  startMs,
  endMs,
  timeZone: 'UTC',
  notes: [],
});

function withStaging(plan: Plan, stagingWindows: readonly WindowOccurrence[]): Plan {
  const units = plan.body.units.map((unit) => ({ ...unit, stagingWindows }));
  return { ...plan, body: { ...plan.body, units } };
}

function bySftp(plan: Plan): Plan {
  const units = plan.body.units.map((unit) => ({
    ...unit,
    steps: unit.steps.map((step) =>
      step.transfer ? { ...step, transfer: { ...step.transfer, method: 'sftp' as const } } : step,
    ),
  }));
  return { ...plan, body: { ...plan.body, units } };
}

async function drive(
  stage: Stage,
  mode: RunMode,
  options: { readonly plan?: Plan; readonly transfer?: Site['transfer'] } = {},
): Promise<readonly RunEvent[]> {
  const { plan = stage.plan, transfer } = options;
  const run = runId(mode);
  const { world } = stage;
  const sites = network.inventory.sites.map((site) => ({ ...site, ...(transfer && { transfer }) }));
  const conductor = new Conductor({
    world,
    run,
    plan,
    epoch: await world.store.journal.takeOver(run),
    units: new Map(network.inventory.units.map((each) => [each.id, each])),
    drivers: network.drivers,
    transfers: siteTransfers({ sites }, world.clock),
    refusal: () => Promise.resolve(undefined),
    basisOf: (id) => {
      const found = plan.body.units.find((each) => each.unit === id);
      if (!found) throw new Error('no such unit');
      return found.basis;
    },
  });
  await conductor.record([{ kind: 'run-started', plan: plan.digest, by: 'test', mode }]);
  await stage.sim.scheduler.drain(conductor.drive());
  const records = await stage.store.journal.read(run, 0);
  return records.map((each) => each.event as unknown as RunEvent);
}

const kindsOf = (stage: Stage) => stage.sim.truth().map(({ kind }) => kind);
const endings = (events: readonly RunEvent[]) =>
  events.flatMap((each) => (each.kind === 'unit-ended' ? [each.as] : []));

describe('staging as a job of its own', () => {
  test('copies and verifies every image, and changes nothing else', async () => {
    const stage = await setStage(network);
    const events = await drive(stage, 'stage');
    expect(endings(events)).toEqual(['done', 'done', 'done']);
    expect(kindsOf(stage).filter((kind) => kind === 'upload')).toHaveLength(3);
    expect(kindsOf(stage)).not.toContain('reload-requested');
    const phases = stage.plan.body.units.flatMap(stagingSteps).map(({ phase }) => phase);
    expect(new Set(phases)).toEqual(new Set(['prepare', 'stage']));
    const staged = await listStaged(stage.store);
    const ends = stage.plan.body.units.map(({ windows }) => windows.at(-1)?.endMs);
    expect(staged.map(({ expiresAtMs }) => expiresAtMs)).toEqual(ends);
    expect(staged.map(({ sha512 }) => sha512)).toEqual(
      stage.plan.body.units.map(({ images }) => images[0]?.sha512),
    );
  });

  test('leaves nothing to copy to the run, which verifies again before it arms', async () => {
    const stage = await setStage(network);
    await drive(stage, 'stage');
    const events = await drive(stage, 'run');
    expect(endings(events)).toEqual(['done', 'done', 'done']);
    expect(kindsOf(stage).filter((kind) => kind === 'upload')).toHaveLength(3);
    const copied = events.flatMap((each) =>
      each.kind === 'step-done' && each.id.startsWith('stage-image') ? [each.skipped] : [],
    );
    expect(copied).toEqual([true, true, true]);
    expect(events.filter((each) => each.kind === 'step-done')).toContainEqual(
      expect.objectContaining({ id: 'verify-armed' }),
    );
  });

  test('waits for its window, and drops a unit that no window is left for', async () => {
    const stage = await setStage(network);
    const fromMs = stage.sim.scheduler.nowMs() + 5 * HOUR_MS;
    const plan = withStaging(stage.plan, [opening(fromMs, fromMs + 8 * HOUR_MS)]);
    expect(endings(await drive(stage, 'stage', { plan }))).toEqual(['done', 'done', 'done']);
    const uploads = stage.sim.truth().filter(({ kind }) => kind === 'upload');
    expect(uploads.map(({ atMs }) => atMs >= fromMs)).toEqual([true, true, true]);
    const late = await setStage(network);
    const gone = withStaging(late.plan, [opening(0, 1)]);
    expect(endings(await drive(late, 'stage', { plan: gone }))).toEqual([
      'dropped',
      'dropped',
      'dropped',
    ]);
  });

  test('ends a copy with its window and goes on with it in the next', async () => {
    const stage = await setStage(network);
    const nowMs = stage.sim.scheduler.nowMs();
    const windows = Array.from({ length: 3 }, (_, night) =>
      opening(nowMs + night * 10 * HOUR_MS, nowMs + night * 10 * HOUR_MS + 30 * MINUTE_MS),
    );
    const bytes = Math.max(...stage.plan.body.units.map(({ images }) => images[0]?.sizeBytes ?? 0));
    const transfer = { bytesPerSecond: Math.ceil((3 * bytes) / 3000) };
    const plan = bySftp(withStaging(stage.plan, windows));
    const events = await drive(stage, 'stage', { plan, transfer });
    expect(endings(events)).toEqual(['done', 'done', 'done']);
    expect(events.filter((each) => each.kind === 'unit-waiting').length).toBeGreaterThan(0);
    const inside = stage.sim
      .truth()
      .filter(({ kind }) => kind === 'upload')
      .map(({ atMs }) =>
        windows.some(({ startMs, endMs }) => startMs <= atMs && atMs <= endMs + MINUTE_MS),
      );
    expect(inside).not.toContain(false);
  });

  test('does not begin a copy that cannot be gone on with and fits no window', async () => {
    const stage = await setStage(network);
    const nowMs = stage.sim.scheduler.nowMs();
    const plan = withStaging(stage.plan, [opening(nowMs, nowMs + 30 * MINUTE_MS)]);
    const events = await drive(stage, 'stage', { plan, transfer: { bytesPerSecond: 100_000 } });
    expect(endings(events)).toEqual(['dropped', 'dropped', 'dropped']);
    expect(kindsOf(stage)).not.toContain('upload');
  });

  test('copies one after another where the site allows one transfer', async () => {
    const stage = await setStage(network);
    const events = await drive(stage, 'stage', { transfer: { parallel: 1 } });
    const open = new Set<string>();
    let most = 0;
    for (const each of events) {
      if (!('id' in each) || !each.id.startsWith('stage-image')) continue;
      if (each.kind === 'step-intent') open.add(each.unit);
      if (each.kind === 'step-acted') open.delete(each.unit);
      most = Math.max(most, open.size);
    }
    expect(most).toBe(1);
  });
});

describe('the fence of staging', () => {
  const copy = { needMs: HOUR_MS, resumes: false };

  test('takes any time before the end of the last window when none is named', () => {
    const [unit] = network.plan.body.units;
    if (!unit) throw new Error('no unit');
    const endMs = unit.windows.at(-1)?.endMs ?? 0;
    expect(stagingFence(unit, endMs - 1, copy)).toEqual({ kind: 'open', endMs });
    expect(stagingFence(unit, endMs, copy)).toEqual({ kind: 'never' });
  });

  test('begins what is longer than any window in the first half of one', () => {
    const [unit] = network.plan.body.units;
    if (!unit) throw new Error('no unit');
    const plan = {
      ...unit,
      stagingWindows: [opening(0, HOUR_MS), opening(5 * HOUR_MS, 6 * HOUR_MS)],
    };
    const long = { needMs: 9 * HOUR_MS, resumes: true };
    expect(stagingFence(plan, 0, long)).toEqual({ kind: 'open', endMs: HOUR_MS });
    const late = stagingFence(plan, 50 * MINUTE_MS, long);
    expect(late).toEqual({ kind: 'later', atMs: 5 * HOUR_MS });
    expect(stagingFence(plan, 50 * MINUTE_MS, { ...long, needMs: 5 * MINUTE_MS }).kind).toBe(
      'open',
    );
    expect(stagingFence(plan, 0, { ...long, resumes: false })).toEqual({ kind: 'never' });
  });
});
