import { describe, expect, test } from '@jest/globals';
import { runId, type PlanDigest } from '../../src/kernel/id.js';
import type { StoredRows } from '../../src/ports/state-keeper.js';
import type { Files } from '../../src/ports/files.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { prunable, type KnownRun, type RetentionAges } from '../../src/run/retention.js';
import { loadRetention } from '../../src/run/retention-rules.js';
import type { Plan } from '../../src/plan/plan.js';

const DAY = 86_400_000;
const nowMs = 1000 * DAY;
const ages: RetentionAges = {
  transcripts: 90 * DAY,
  backups: 90 * DAY,
  images: 90 * DAY,
  runs: 400 * DAY,
  plans: 400 * DAY,
};

function known(name: string, state: object): KnownRun {
  const row = { run: runId(name), plan: `of-${name}`, by: 'ada', mode: 'run', startedAtMs: 0 };
  const whole = { finished: true, units: new Map(), ...state };
  return { row, state: whole, lessons: [] } as unknown as KnownRun;
}

function stored(book: StoredRows['book'], key: string, daysAgo: number): StoredRows {
  return { book, key, atMs: nowMs - daysAgo * DAY, records: 1, sizeBytes: 10 };
}

function planOf(digest: string, endsDaysAgo: number): Plan {
  const windows = [{ endMs: nowMs - endsDaysAgo * DAY }];
  const body = { createdAtMs: 0, units: [{ windows }] };
  return { digest: digest as PlanDigest, body } as unknown as Plan;
}

interface Ground {
  readonly rows: readonly StoredRows[];
  readonly runs?: readonly KnownRun[];
  readonly plans?: readonly Plan[];
  readonly by?: RetentionAges;
}

function gone({ rows, runs = [], plans = [], by = ages }: Ground) {
  return prunable({ rows, runs, plans, ages: by, nowMs }).goes.map((each) => each.name);
}

describe('what may be pruned', () => {
  test('is what is older than the age of its own kind', () => {
    const rows = [
      stored('artefact', 'old/sw1/transcript', 100),
      stored('artefact', 'old/sw2/transcript', 80),
      stored('journal', 'old', 100),
    ];
    expect(gone({ rows, runs: [known('old', {})] })).toEqual(['old/sw1/transcript']);
    expect(gone({ rows, runs: [known('old', {})], by: {} })).toEqual([]);
  });

  test('is never a part of a run that is open, however old', () => {
    const rows = ['journal', 'run', 'snapshot', 'artefact', 'notice'].map((book) =>
      stored(book as StoredRows['book'], book === 'journal' ? 'r' : 'r/sw1/transcript', 900),
    );
    const stopped = { finished: false, stopped: { why: '', code: '' } };
    expect(gone({ rows, runs: [known('r', stopped)] })).toEqual([]);
    expect(gone({ rows, runs: [known('r', {})] })).toHaveLength(5);
  });

  test('is never the last state that was kept of a device, whichever run kept it', () => {
    const rows = [
      stored('artefact', 'a/sw1/masked-config-before', 900),
      stored('artefact', 'b/sw1/masked-config-before', 800),
      stored('artefact', 'a/sw2/masked-config-before', 900),
      stored('artefact', 'facts/sw1/running-config', 700),
      stored('artefact', 'facts/sw1/running-config', 600),
    ];
    expect(gone({ rows, runs: [known('a', {}), known('b', {})] })).toEqual([
      'a/sw1/masked-config-before',
      'facts/sw1/running-config',
    ]);
  });

  test('is no plan nor approval that a run or a window may still need', () => {
    const rows = ['used', 'open', 'done'].flatMap((each) => [
      stored('plan', each, 900),
      stored('approval', each, 900),
    ]);
    const run = { ...known('r', {}), row: { ...known('r', {}).row, plan: 'used' } };
    const plans = [planOf('used', 800), planOf('open', -5), planOf('done', 800)];
    const expected = ['plan done', 'approval done'];
    expect(gone({ rows: [...rows, stored('journal', 'r', 10)], runs: [run], plans })).toEqual(
      expected,
    );
  });

  test('is never the newest run that shows how far a model was taken', () => {
    const rows = ['a', 'b', 'c'].map((run) => stored('journal', run, 900));
    const taught = (name: string, startedAtMs: number, ...lessons: readonly string[]) => {
      const { row, state } = known(name, {});
      return { row: { ...row, startedAtMs }, state, lessons };
    };
    const runs = [taught('a', 1, 'x'), taught('b', 2, 'x', 'y'), taught('c', 3, 'x')];
    expect(gone({ rows, runs })).toEqual(['a']);
  });

  test('is never a host key, a sighting, an acceptance, or a console test', () => {
    const books = ['host-key', 'facts', 'acceptance', 'out-of-band'] as const;
    expect(gone({ rows: books.map((book) => stored(book, 'sw1', 999)) })).toEqual([]);
  });

  test('is nothing at all while a run soaks', () => {
    const soaking = known('r', {
      finished: false,
      units: new Map([['sw1', { kind: 'soaking' }]]),
    });
    const rows = [stored('artefact', 'old/sw1/transcript', 900)];
    const { goes, refusal } = prunable({ rows, runs: [soaking], plans: [], ages, nowMs });
    expect(goes).toEqual([]);
    expect(refusal).toContain('run r soaks');
  });
});

describe('retention.yaml', () => {
  const load = (text: string) => {
    const files = { stat: async () => ({}), readText: async () => text } as unknown as Files;
    return loadRetention(files, { directory: '/inv' } as Inventory);
  };

  test('gives each kind its own age', async () => {
    expect(await load('transcripts: P90D\nruns: P400D\n')).toMatchObject({
      ok: true,
      value: { transcripts: 90 * DAY, runs: 400 * DAY },
    });
  });

  test.each(['runs: 400d', 'runs: PT1H', 'everything: P1D', 'runs: 1'])(
    'refuses %s, with its place',
    async (text) => {
      const { ok, diagnostics } = await load(`${text}\n`);
      expect(ok).toBe(false);
      expect(diagnostics[0]?.place).toMatchObject({ file: '/inv/retention.yaml', line: 1 });
    },
  );
});
