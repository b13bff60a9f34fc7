import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openEvening, playbookText, signedBy, until, type Evening } from './evening.js';

let evening: Evening;

beforeAll(async () => {
  evening = await openEvening(120);
  await evening.must(['fingerprint', '--accept-new', '--reason', 'first contact']);
}, 60_000);

afterAll(() => evening.end(), 30_000);

async function planned(name: string, limit: string, more: readonly string[] = []): Promise<void> {
  evening.write(`${name}.yaml`, playbookText(name, limit, more));
  await evening.must(['plan', `${name}.yaml`, ...signedBy('otto'), '--brief']);
}

describe('run --observe', () => {
  test('looks at every unit of a plan that nobody approved, and changes nothing', async () => {
    await planned('look', 'acc-ams-1:acc-lon-1');
    const before = await evening.now();
    const { code, out, err } = await evening.type(['run', 'look', '--observe']);
    expect(code).toBe(0);
    expect(out).toMatch(/acc-ams-1 +done +observed only/);
    expect(out).toMatch(/acc-lon-1 +done +observed only/);
    expect(err).toContain('nothing was changed');
    expect(await evening.changes(before)).toEqual([]);
    expect((await evening.must(['history'])).out).toContain('observed');
  }, 120_000);
});

describe('stage', () => {
  test('copies what was approved ahead of its change, lists it, and leaves nothing to copy to the run', async () => {
    await planned('ahead', 'acc-ams-1', ['staging: { before: P2D }']);
    const early = await evening.type(['stage', 'ahead']);
    expect(early.code).not.toBe(0);
    expect(early.err).toContain('error[not-approved]');
    await evening.must(['review', 'approve', 'ahead', ...signedBy('anna'), '--reason', 'fine']);
    const before = await evening.now();
    const staged = await evening.must(['stage', 'ahead']);
    expect(staged.out).toMatch(/acc-ams-1 +done +staged and verified/);
    expect((await evening.changes(before)).map((each) => each.split(':')[0])).toEqual([
      'acc-ams-1 upload',
    ]);
    expect((await evening.must(['stage'])).out).toMatch(/acc-ams-1 .* staged$/m);
    const after = await evening.now();
    const run = await evening.must(['run', 'ahead']);
    expect(run.out).toMatch(/acc-ams-1 +done/);
    const changes = await evening.changes(after);
    expect(changes.some((each) => each.startsWith('acc-ams-1 boot'))).toBe(true);
    expect(changes.filter((each) => each.includes(' upload'))).toEqual([]);
    // What the run found before it changed anything is there for whoever has to type it in again.
    const kept = await evening.must(['config', 'backup', 'acc-ams-1']);
    expect(kept.out).toMatch(/^hostname acc-ams-1$/m);
    expect(kept.err).toContain('running configuration of acc-ams-1');
    const none = await evening.type(['config', 'backup', 'acc-lon-3']);
    expect(none.err).toContain('error[backup-not-found]');
    expect(none.code).toBe(1);
  }, 120_000);
});

describe('from another terminal', () => {
  test('a run is seen, watched, paused, resumed and aborted', async () => {
    await planned('night', 'acc-ams-2:acc-lon-2');
    await evening.must(['review', 'approve', 'night', ...signedBy('anna'), '--reason', 'fine']);
    const run = evening.start(['run', 'night', '-o', 'ndjson']);
    await until('both units at work', () =>
      /acc-ams-2 staging[^]*acc-lon-2 staging/.test(run.said()),
    );
    const watching = evening.start(['attach', 'last']);
    const leaving = evening.start(['attach', 'last']);

    const status = await evening.must(['status', 'last', '-o', 'json']);
    const { items: units } = JSON.parse(status.out) as {
      items: readonly { unit: string; state: string }[];
    };
    expect(units.map((each) => each.unit)).toEqual(['acc-ams-2', 'acc-lon-2']);
    expect(status.err).toMatch(/runner: .*run \d{8}T\d{4}Z-/);
    expect((await evening.must(['history'])).out).toMatch(/night.*under way/);

    await until('the watcher to see the run', () => leaving.said().includes('acc-lon-2 staging'));
    leaving.signal('SIGINT');
    const left = await leaving.ended;
    expect(left.code).toBe(0);
    expect(left.err).toContain('detached; the run goes on');

    const paused = await evening.must(['pause', 'last', '--reason', 'a call came']);
    expect(paused.err).toContain('paused');
    expect((await evening.must(['history'])).out).toMatch(/night.*paused/);
    const resumed = await evening.must(['resume', 'last', '--reason', 'the call is over']);
    expect(resumed.err).toContain('goes on');
    const aborted = await evening.must(['abort', 'last', '--reason', 'enough for tonight']);
    expect(aborted.err).toContain('aborted');

    const end = await run.ended;
    const seen = await watching.ended;
    expect(seen.code).toBe(end.code);
    for (const each of ['a call came', 'the call is over', 'enough for tonight']) {
      expect(end.err).toContain(each);
      expect(seen.err).toContain(each);
    }
    expect((await evening.must(['history'])).out).toMatch(/night.*finished|night.*aborted/);
    // What was watched later is what the runner said, line by line.
    const lines = (text: string) =>
      text.split('\n').filter((each) => /^\d\d:\d\d:\d\d /.test(each));
    expect(lines(seen.err)).toEqual(lines(end.err));

    const events = end.out
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(events[0]).toMatchObject({ kind: 'run-started', mode: 'run' });
    expect(events.at(-1)).toMatchObject({ kind: 'run-finished' });
    expect(new Set(events.map((each) => each.run)).size).toBe(1);
    await evening.must(['audit', 'verify']);
    for (const verb of ['pause', 'abort']) {
      const late = await evening.type([verb, 'last', '--reason', 'too late']);
      expect(late.err).toContain('error[run-not-resumable]');
      expect(late.code).toBe(1);
    }
  }, 120_000);
});
