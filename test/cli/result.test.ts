import type { Command } from 'commander';
import { describe, expect, test } from '@jest/globals';
import { makeInvocation } from '../../src/cli/invocation.js';
import { junitText, type JunitSuite } from '../../src/cli/junit.js';
import { makeProgram } from '../../src/cli/program.js';
import { formatsOf, hasResultForm, resultForm } from '../../src/cli/result-form.js';
import { resultSchemas } from '../../src/cli/result-schemas.js';
import { exitCodes } from '../../src/cli/exit-code.js';
import { DiagnosticsError } from '../../src/kernel/diagnostic.js';
import { Fault } from '../../src/kernel/fault.js';
import type { FaultCode } from '../../src/kernel/fault-codes.js';
import { fakeParts, SECRET, typed, type FakeOptions } from './fake-parts.js';
import { junitFaults, readXml } from './junit-form.js';
import { wrongWith } from './result-document.js';
import { OPENS_MS, samplePlan } from './sample-plan.js';

async function everyCommand(): Promise<ReadonlyMap<string, Command>> {
  const { parts } = fakeParts({});
  const found = new Map<string, Command>();
  const walk = (command: Command, words: string) => {
    for (const each of command.commands) walk(each, `${words} ${each.name()}`.trim());
    // Only what does something by itself has an action.
    if (Reflect.get(command, '_actionHandler')) found.set(words, command);
  };
  const names = (await makeProgram([], makeInvocation(parts))).commands.map((each) => each.name());
  for (const name of names) {
    const program = await makeProgram([name], makeInvocation(parts));
    const command = program.commands.find((each) => each.name() === name);
    if (command) walk(command, name);
  }
  return found;
}

const DAY_MS = 86_400_000;
const commands = await everyCommand();

const plan = samplePlan();
const row = { run: 'r1', plan: plan.digest, by: 'tess', mode: 'run', startedAtMs: 0 };
const state = { finished: true, units: new Map(), wave: 0, asks: [] };
const verdict = { kind: 'done', headline: 'All done.', exitCode: 0 };

const app = {
  inventory: async () => ({ images: [], units: [], sites: [], windows: [], freezes: [] }),
  select: () => [],
  plans: async () => [plan],
  findPlan: async () => plan,
  findRun: async () => row,
  runs: async () => [row],
  runState: async () => ({ plan, state, seq: 1, verdict }),
  evidence: async () => [],
  notices: { rules: async () => ({}) },
  retentionAges: async () => ({}),
  staged: async () => [],
  standing: async () => ({ plan, obstacles: [], roster: [], decisions: [] }),
  sightings: async () => [],
  configBackup: async (unit: string, which: string) => ({
    unit,
    run: 'r1',
    atMs: OPENS_MS,
    which,
    digest: 'sha256:00',
    text: 'hostname sw1\n',
  }),
  compareConfigs: async () => ({ same: true, diff: [], patch: [], masked: [] }),
  world: {
    clock: { now: () => OPENS_MS },
    store: {
      runnerHolder: async () => undefined,
      journal: { runs: async () => [], read: async () => [] },
    },
  },
};

describe('every command', () => {
  test.each([...commands.keys()])('%s has the form of its result entered', (words) => {
    expect(hasResultForm(words)).toBe(true);
    const { kind } = resultForm(words);
    expect(Object.keys(resultSchemas)).toContain(kind);
  });

  test.each([...commands.keys()])(
    '%s takes -o text and json, and no other than it says',
    async (words) => {
      const takes = formatsOf(resultForm(words));
      expect(takes).toEqual(expect.arrayContaining(['table', 'json', 'yaml']));
      const other = (['csv', 'junit', 'html'] as const).find((each) => !takes.includes(each));
      const needed = (commands.get(words)?.registeredArguments ?? [])
        .filter((each) => each.required)
        .map(() => 'x');
      const { code, out, err } = await typed([
        ...words.split(' '),
        ...needed,
        '-o',
        other ?? 'xml',
      ]);
      expect({ code, out }).toEqual({ code: 64, out: '' });
      expect(err).toMatch(/error\[usage\]: -o \w+: /);
    },
  );
});

describe('-o json', () => {
  test.each([
    'images list',
    'inventory validate',
    'inventory diff',
    'windows list',
    'plan list',
    'evidence',
    'stage',
    'history',
    'audit verify',
    'config diff a b --platform p',
    'config patch a b --platform p',
    'config backup sw1',
    'explain',
    'explain plan-stale',
    'explain exit-codes',
    'schema',
    'pause last',
    'pause last --reason why',
    'plan sign last',
    'explain nothing-such',
  ])('%s: one document, as its schema says, and nothing else on stdout', async (line) => {
    const { out, code } = await typed([...line.split(' '), '-o', 'json'], { app });
    expect(wrongWith(out)).toEqual([]);
    const { kind, exitCode } = JSON.parse(out) as { kind: string; exitCode?: number };
    if (kind === 'error@1') expect(exitCode).toBe(code);
  });

  test('a failure is a document with its code, its mend and no secret', async () => {
    const thrown = new Fault('plan-stale', `drift of ${SECRET}`, { mend: 'plan again' });
    const failing = { ...app, inventory: () => Promise.reject(thrown) };
    const { code, out } = await typed(['images', 'list', '-o', 'json'], { app: failing });
    expect(wrongWith(out)).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'error@1',
      command: 'images list',
      exitCode: code,
      code: 'plan-stale',
      message: 'drift of <secret>',
      mend: 'plan again',
    });
  });

  test('every published schema is one that can be printed', async () => {
    for (const kind of Object.keys(resultSchemas)) {
      const { code, out } = await typed(['schema', kind]);
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ $id: `urn:nightshift:result:${kind}` });
    }
  });

  test('holds no colour, whatever the terminal can do', async () => {
    for (const format of ['json', 'ndjson', 'yaml', 'csv']) {
      const { out } = await typed(['explain', '-o', format, '--color'], {
        terminal: { columns: 80, rows: 24 },
      });
      expect(out).not.toContain('\u001b');
    }
  });
});

function failing(thrown: unknown): FakeOptions {
  return { app: { ...app, inventory: () => Promise.reject(thrown) } };
}

const fault = (code: FaultCode) => failing(new Fault(code, 'so it is'));
const closing = { verdict, closing: [], units: [], waves: [] };

function ended(exitCode: number, more: object = {}): FakeOptions {
  const live = { run: 'r1', result: Promise.resolve({ finished: true }), leave: () => undefined };
  const report = { ...closing, verdict: { ...verdict, exitCode } };
  return { app: { ...app, run: async () => ({ ...live, ...more }), report: async () => report } };
}

const { parts } = fakeParts({});
const fullDisk = {
  ...(await parts.keeper({ state: '', labClock: undefined })),
  freeBytes: async () => 500_000,
};

const withChanges = { same: false, diff: [], patch: ['x'], masked: [] };

describe('exit codes', () => {
  const table: readonly (readonly [number, string, FakeOptions])[] = [
    [0, 'images list', { app }],
    [0, 'run last', ended(0)],
    [1, 'images list', fault('state-unreadable')],
    [1, 'run last', { app, parts: { keeper: async () => fullDisk } }],
    [
      1,
      'inventory validate',
      failing(
        new DiagnosticsError([{ code: 'inventory-invalid', severity: 'error', message: 'no' }]),
      ),
    ],
    [1, 'images list', failing(new TypeError('our own bug'))],
    [
      2,
      'config diff a b --platform p --exit-code',
      { app: { ...app, compareConfigs: async () => withChanges } },
    ],
    [3, 'run last', ended(3)],
    [4, 'run last', ended(4)],
    [5, 'run last', ended(5)],
    [6, 'images list', fault('not-approved')],
    [6, 'images list', fault('plan-stale')],
    [7, 'images list', fault('outside-window')],
    [8, 'images list', fault('state-locked')],
    [64, 'images list -o xml', { app }],
    [64, 'imagess', { app }],
    [64, 'images list --no-such-option', { app }],
  ];

  test.each(table)('%i comes of %s', async (expected, line, options) => {
    expect((await typed(line.split(' '), options)).code).toBe(expected);
  });

  test('130 comes of a run that Ctrl-C brought to a safe point', async () => {
    let press = () => undefined as void;
    let end: (result: { finished: boolean }) => void = () => undefined;
    const result = new Promise<{ finished: boolean }>((resolve) => (end = resolve));
    const leave = () => end({ finished: false });
    const options = ended(0, { result, leave });
    const run = {
      ...app,
      ...options.app,
      run: async () => {
        queueMicrotask(() => setImmediate(() => press()));
        return { run: 'r1', result, leave };
      },
    };
    const { code } = await typed(['run', 'last'], { app: run, onStop: (stop) => (press = stop) });
    expect(code).toBe(130);
  });

  test('every one of them is provoked here', () => {
    const provoked = new Set([...table.map(([code]) => code), 130]);
    expect([...provoked].sort((a, b) => a - b)).toEqual(
      Object.values(exitCodes).sort((a, b) => a - b),
    );
  });

  test('explain exit-codes lists each with what it means', async () => {
    const { out } = await typed(['explain', 'exit-codes', '-o', 'json']);
    const { items } = JSON.parse(out) as {
      items: readonly { exitCode: number; meaning: string }[];
    };
    expect(items.map((each) => each.exitCode)).toEqual(Object.values(exitCodes));
    expect(items.every((each) => each.meaning !== '')).toBe(true);
  });
});

test('a run is not begun where the disk has no room for its journal and backups', async () => {
  const rows = [
    { book: 'artefact', key: 'facts/sw1/running-config', atMs: 0, records: 1, sizeBytes: 5e6 },
  ] as const;
  const keeper = { ...fullDisk, freeBytes: async () => 10e6, rows: async () => rows };
  const { code, err } = await typed(['run', 'last'], {
    app,
    parts: { keeper: async () => keeper },
  });
  expect(code).toBe(1);
  expect(err).toMatch(
    /error\[state-unwritable\]: \.nightshift: 10 MB are free, and this run may write 2\d MB/,
  );
  expect(err).toContain('20 MB backups');
  expect(err).toContain('mend: Make room');
});

describe('state prune', () => {
  const going = { kind: 'journal', run: 'r0' };
  const goes = [{ what: 'runs', name: 'r0', atMs: 0, records: 3, sizeBytes: 2e6, going }];
  const pruned: unknown[] = [];
  const keeper = {
    ...fullDisk,
    rows: async () => [],
    prune: async (...asked: readonly unknown[]) => {
      pruned.push(asked);
      return 1e6;
    },
  };
  const pruning = (refusal?: string): FakeOptions => ({
    app: { ...app, pruning: async () => ({ goes, refusal }) },
    parts: { keeper: async () => keeper },
  });
  const prune = (...more: readonly string[]) =>
    typed(['state', 'prune', '--older-than', '400d', ...more], pruning());

  test('shows what would go and deletes nothing, unless it is told to with a reason', async () => {
    const { code, out, err } = await prune();
    expect(code).toBe(0);
    expect(out).toMatch(/^runs +r0 .* 3 +2\.0 MB$/m);
    expect(err).toContain('1 thing, 2.0 MB would go; nothing was deleted');
    expect((await prune('--do')).code).toBe(64);
    expect(pruned).toEqual([]);
    expect((await prune('--do', '--reason', 'a year is enough')).code).toBe(0);
    expect(pruned).toEqual([[[going], { by: 'tess', reason: 'a year is enough' }]]);
  });

  test('refuses with 8 what must not be touched now', async () => {
    const { code, err } = await typed(
      ['state', 'prune', '--older-than', '400d'],
      pruning('run r1 soaks'),
    );
    expect(code).toBe(8);
    expect(err).toContain('run r1 soaks: nothing is pruned');
  });

  test.each(['1h', '400', 'PT5M', '-3d'])('refuses the age %s', async (age) => {
    expect((await typed(['state', 'prune', `--older-than=${age}`], pruning())).code).toBe(64);
  });
});

describe('inventory show', () => {
  const device = {
    host: '10.0.0.1',
    ssh: { port: 22 },
    site: 'ams',
    groups: [],
    criticality: 'high',
    place: { file: 'devices.yaml', line: 3 },
  };
  const unit = { id: 'sw1', device, serials: ['A'], windows: [] };
  const facts = {
    hostname: 'sw1',
    platform: 'able',
    model: 'T1',
    runningVersion: '1.0',
    serials: ['A'],
  };
  const failure = { atMs: DAY_MS, code: 'unreachable', why: `no answer, ${SECRET}` };
  const seen = {
    kind: 'seen',
    unit: 'sw1',
    atMs: 0,
    facts,
    hostKey: 'k',
    configDigest: 'd',
    failure,
  };
  const showing = (sightings: readonly object[]) => ({
    ...app,
    inventory: async () => ({ units: [unit] }),
    fleet: async () => ({ sightings }),
  });

  test('says what was last seen, and the look that failed since', async () => {
    const { out } = await typed(['inventory', 'show', 'sw1'], { app: showing([seen]) });
    expect(out).toMatch(/not seen at 1970-01-02 00:00Z: no answer, <secret> \[unreachable\]/);
    expect(out).toContain('what follows is of before');
    expect(out).toMatch(/runs +1\.0/);
  });

  test.each([[[seen]], [[{ ...failure, kind: 'not-seen', unit: 'sw1' }]], [[]]])(
    'gives the same as one document (%#)',
    async (sightings) => {
      const argv = ['inventory', 'show', 'sw1', '-o', 'json'];
      const { out } = await typed(argv, { app: showing(sightings) });
      expect(wrongWith(out)).toEqual([]);
      const { seen: shown = null, failure: failed = null } = JSON.parse(out);
      expect([shown !== null, failed !== null]).toEqual([
        sightings.some((each) => each === seen),
        sightings.length > 0,
      ]);
    },
  );
});

describe('JUnit', () => {
  const hostile = 'a<b>&"c"\u0000\u001b[31m\ud800\ufffe]]>\r\nend';
  const suites: readonly JunitSuite[] = [
    {
      name: hostile,
      atMs: 0,
      cases: [
        { name: hostile, about: 'x', result: { kind: 'passed' }, tookMs: 1500, output: hostile },
        { name: 'b', about: 'x', result: { kind: 'failed', message: hostile, details: hostile } },
        { name: 'c', about: 'x', result: { kind: 'error', message: 'cannot be told' } },
        { name: 'd', about: 'y', result: { kind: 'skipped', message: 'not looked at' } },
      ],
    },
    { name: 'nothing', cases: [] },
  ];

  test('has the form that its readers know, whatever the text', () => {
    const text = junitText('nightshift', suites);
    expect(junitFaults(text)).toEqual([]);
    const [suite] = readXml(text).children;
    expect(suite?.attributes).toMatchObject({
      tests: '4',
      failures: '1',
      errors: '1',
      skipped: '1',
    });
    const shown = suite?.children[0]?.attributes['name'];
    expect(shown).toBe('a<b>&"c"\\x00\\x1b[31m\ufffd\ufffd]]>\r\nend');
  });

  test('inventory validate names every finding of a file in its case', async () => {
    const place = { file: 'inventory/devices.yaml', line: 3, column: 5 };
    const findings = new DiagnosticsError([
      {
        code: 'inventory-invalid',
        severity: 'error',
        place,
        message: `no ${SECRET}`,
        mend: 'add it',
      },
      { code: 'inventory-invalid', severity: 'error', place, message: 'nor that' },
    ]);
    const files = {
      stat: async () => ({ isDirectory: true }),
      list: async () => ['devices.yaml', 'sites.yaml'],
    };
    const { code, out } = await typed(['inventory', 'validate', '-o', 'junit'], {
      app: { ...app, inventory: () => Promise.reject(findings), world: { ...app.world, files } },
    });
    expect(code).toBe(1);
    expect(junitFaults(out)).toEqual([]);
    const [suite] = readXml(out).children;
    expect(suite?.attributes).toMatchObject({ tests: '2', failures: '1' });
    expect(out).toContain('inventory/devices.yaml:3:5: inventory-invalid: no &lt;secret&gt;');
    expect(out).toContain('nor that');
    expect(out).not.toContain(SECRET);
  });

  test('a run is a suite a wave, with a case a unit and one a check', async () => {
    const unit = {
      unit: 'sw1',
      standing: 'rolled back',
      state: 'reverted',
      next: 'plan again',
      ending: { why: 'booted the old image' },
      planned: { toVersion: '2.0' },
      path: [{ kind: 'checking', fromMs: 0, untilMs: 2000 }],
      checks: [
        { when: 'before', outcomes: [{ kind: 'passed', name: 'cpu is calm' }] },
        { when: 'after', outcomes: [{ kind: 'broken', name: 'neighbours', why: 'no such key' }] },
      ],
    };
    const report = {
      verdict: { ...verdict, exitCode: 4 },
      playbook: { name: 'night' },
      closing: [],
      units: [unit],
      waves: [{ number: 1, name: 'canary', units: ['sw1'], startMs: 0 }],
    };
    const { code, out } = await typed(['run', 'last', '-o', 'junit'], {
      app: { ...app, ...ended(4).app, report: async () => report },
    });
    expect(code).toBe(4);
    expect(junitFaults(out)).toEqual([]);
    expect(readXml(out).children[0]?.attributes).toMatchObject({
      tests: '3',
      failures: '1',
      errors: '1',
    });
  });
});
