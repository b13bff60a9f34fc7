import { describe, expect, test } from '@jest/globals';
import { runCli } from '../../src/cli/cli.js';
import { exitCodeOf } from '../../src/cli/exit-code.js';
import { DiagnosticsError } from '../../src/kernel/diagnostic.js';
import { Fault } from '../../src/kernel/fault.js';
import { faultPages, isFaultCode, type FaultCode } from '../../src/kernel/fault-codes.js';
import type { RunWatcher } from '../../src/run/conductor.js';
import type { RunEvent } from '../../src/run/event.js';
import { fold, initialState } from '../../src/run/state.js';
import { fakeParts, SECRET, typed } from './fake-parts.js';
import { CLOSES_MS, OPENS_MS, samplePlan } from './sample-plan.js';

const codes = Object.keys(faultPages).filter(isFaultCode);

function image(name: string) {
  return {
    name,
    platform: 'lab_test',
    models: ['T1', 'T2'],
    version: '2.0',
    path: '/images/two.bin',
    fileName: 'two.bin',
    sizeBytes: 812_000_000,
    sha512: 'ab',
    md5: 'cd',
    golden: true,
  };
}

const withImages = (...names: readonly string[]) => ({
  inventory: async () => ({ images: names.map(image) }),
});

function failing(thrown: unknown) {
  return { inventory: () => Promise.reject(thrown) };
}

describe('usage', () => {
  test('prints the version', async () => {
    expect(await typed(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  test('lists every command in the help', async () => {
    const { code, out } = await typed(['--help']);
    expect(code).toBe(0);
    for (const name of ['inventory', 'plan', 'review', 'run', 'resume', 'lab', 'explain']) {
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  test.each([
    [['plann'], 'Did you mean plan?'],
    [['run', 'last', '--obsrve'], 'Did you mean --observe?'],
    [['images', 'lst'], 'list'],
    [['images', 'list', '-o', 'jsn'], 'did you mean json?'],
    [['explain', 'plan-stal'], 'did you mean plan-stale?'],
    [['report', 'last', '--format', 'htm'], 'did you mean html?'],
  ])('refuses %j with 64 and says what may have been meant', async (argv, hint) => {
    const { code, out, err } = await typed(argv, { app: withImages('a') });
    expect(code).toBe(64);
    expect(out).toBe('');
    expect(err).toContain('error[usage]');
    expect(err).toContain(hint);
  });

  test.each([
    ['pause', 'last'],
    ['abort', 'last'],
    ['resume', 'last'],
  ])('wants a reason for %s', async (...argv) => {
    const { code, err } = await typed(argv);
    expect(code).toBe(64);
    expect(err).toContain('--reason is required');
  });

  test('takes the global options before and after the command', async () => {
    const before = await typed(['-o', 'ndjson', 'images', 'list'], { app: withImages('a') });
    const after = await typed(['images', 'list', '-o', 'ndjson'], { app: withImages('a') });
    expect(before.code).toBe(0);
    expect(before).toEqual(after);
  });
});

describe('lists', () => {
  const list = (format: string, ...names: readonly string[]) =>
    typed(['images', 'list', '-o', format], { app: withImages(...names) });

  test('are tables for people', async () => {
    const { out } = await list('table', 'a', 'b');
    const [head, first] = out.split('\n');
    expect(head).toMatch(/^NAME +PLATFORM +MODELS +VERSION +GOLDEN +SIZE +FILE$/);
    expect(first).toMatch(/^a +lab_test +T1, T2 +2\.0 +yes +812 MB +two\.bin$/);
  });

  test('fit the columns of the terminal', async () => {
    const { out } = await typed(['images', 'list'], {
      app: withImages('a-very-long-name-of-an-image-that-does-not-fit-in-any-narrow-terminal'),
      terminal: { columns: 50, rows: 20 },
      env: { NO_COLOR: '1' },
    });
    expect(out.split('\n').every((each) => each.length <= 50)).toBe(true);
  });

  test('are JSON, JSON lines, YAML and CSV for machines', async () => {
    const { kind, items: json } = JSON.parse((await list('json', 'a')).out);
    expect(kind).toBe('images@1');
    expect(json).toHaveLength(1);
    expect(json[0]).toMatchObject({ name: 'a', models: ['T1', 'T2'], sizeBytes: 812_000_000 });
    const lines = (await list('ndjson', 'a', 'b')).out.trimEnd().split('\n');
    expect(lines.map((each) => JSON.parse(each).name)).toEqual(['a', 'b']);
    expect((await list('yaml', 'a')).out).toContain('  - name: a\n    platform: lab_test\n');
    const csv = (await list('csv', 'a', '=cmd()')).out.split('\r\n');
    expect(csv[0]).toMatch(/^name,platform,models,/);
    expect(csv[1]).toMatch(/^a,lab_test,"T1, T2",2\.0,true,812000000,/);
    expect(csv[2]).toMatch(/^'=cmd\(\),/);
  });

  test.each(['table', 'wide', 'json', 'ndjson', 'yaml', 'csv'])(
    'blank a secret in %s',
    async (format) => {
      const { out } = await list(format, `x${SECRET}`);
      expect(out).toContain('<secret>');
      expect(out).not.toContain(SECRET);
    },
  );

  test('are painted only where that is wanted', async () => {
    const paint = (argv: readonly string[], env: Readonly<Record<string, string>>) =>
      typed(['images', 'list', ...argv], {
        env,
        app: withImages('a'),
        terminal: { columns: 80, rows: 24 },
      });
    expect((await paint([], {})).out).toContain('\u001b[');
    expect((await paint([], { NO_COLOR: '1' })).out).not.toContain('\u001b[');
    expect((await paint(['--no-color'], { FORCE_COLOR: '1' })).out).not.toContain('\u001b[');
    expect((await paint(['--color'], { NO_COLOR: '1' })).out).toContain('\u001b[');
  });
});

describe('what goes wrong', () => {
  test.each([
    ['not-approved', 6],
    ['plan-stale', 6],
    ['lab-evidence-missing', 6],
    ['outside-window', 7],
    ['state-locked', 8],
    ['usage', 64],
    ['unreachable', 1],
  ] as const)('ends with the exit code of %s: %i', async (fault, code) => {
    const thrown = new Fault(fault, 'it did not work', { mend: 'do it' });
    const spoken = await typed(['images', 'list'], { app: failing(thrown) });
    expect(spoken).toEqual({
      code,
      out: '',
      err: `error[${fault}]: it did not work\n  mend: do it\n  more: nightshift explain ${fault}\n`,
    });
  });

  test('lists every finding of a document by its place', async () => {
    const found = (line: number) =>
      ({
        code: 'document-invalid',
        severity: 'error',
        message: `line ${line} is wrong`,
        place: { file: 'a.yaml', line, column: 3 },
      }) as const;
    const thrown = new DiagnosticsError([found(1), found(7)]);
    const { code, err } = await typed(['images', 'list'], { app: failing(thrown) });
    expect(code).toBe(exitCodeOf(thrown));
    expect(err).toContain('a.yaml:1:3: error[document-invalid]: line 1 is wrong\n');
    expect(err).toContain('a.yaml:7:3: error[document-invalid]: line 7 is wrong\n');
  });

  test('shows no stack of a bug, but keeps it in the log and says where', async () => {
    const { parts, said, logged } = fakeParts({ app: failing(new TypeError('x is undefined')) });
    expect(await runCli(['images', 'list'], parts)).toBe(1);
    expect(said.err).toContain('x is undefined; the details are in /state/log/nightshift.log');
    expect(said.err).not.toContain('    at ');
    expect(JSON.stringify(logged)).toContain('TypeError: x is undefined');
  });

  test('blanks a secret in errors', async () => {
    for (const thrown of [new Fault('unreachable', `with ${SECRET}`), new Error(`and ${SECRET}`)]) {
      const { err } = await typed(['images', 'list'], { app: failing(thrown) });
      expect(err).toContain('<secret>');
      expect(err).not.toContain(SECRET);
    }
  });
});

describe('explain', () => {
  test.each(codes)('knows %s', async (code: FaultCode) => {
    const { code: exit, out } = await typed(['explain', code]);
    expect(exit).toBe(0);
    expect(out).toContain(faultPages[code].title);
    expect(out.replaceAll('\n', ' ')).toContain(faultPages[code].mend);
  });

  test('lists all codes', async () => {
    const { out } = await typed(['explain', '-o', 'json']);
    const { items } = JSON.parse(out) as { items: readonly { code: string }[] };
    expect(items.map((each) => each.code)).toEqual([...codes].sort());
  });
});

const row = { run: 'r1', plan: 'x', by: 'tess', mode: 'run', startedAtMs: 0 };

function running(nowMs: number, live: object, more: object = {}) {
  const plan = samplePlan();
  return {
    world: { clock: { now: () => nowMs } },
    inventory: async () => ({}),
    findPlan: async () => plan,
    findRun: async () => row,
    runState: async () => ({ plan, seq: 0, state: { finished: false, units: new Map() } }),
    report: async () => ({
      verdict: { kind: 'rolled back', headline: `Rolled back, ${SECRET}.`, exitCode: 4 },
      closing: [{ unit: 'sw1', standing: 'rolled back', why: '', next: '' }],
      units: [],
      waves: [],
      plan: { short: 'ab12' },
    }),
    run: async () => ({ run: 'r1', leave: () => undefined, ...live }),
    ...more,
  };
}

describe('run', () => {
  test('exits with what came of the run, and closes with a table', async () => {
    const app = running(OPENS_MS, { result: Promise.resolve({ finished: true }) });
    const { code, out, err } = await typed(['run', 'last'], { app });
    expect(code).toBe(4);
    expect(out).toMatch(/^sw1 +rolled back/m);
    expect(err).toContain('Rolled back, <secret>.');
  });

  test('refuses to wait outside a window with --no-wait: 7, and nothing is begun', async () => {
    let begun = false;
    const run = async () => {
      begun = true;
    };
    const app = running(OPENS_MS - 3_600_000, {}, { run });
    const { code, err } = await typed(['run', 'last', '--no-wait'], { app });
    expect(code).toBe(7);
    expect(err).toContain('nights opens Sat 2027-03-27 22:00 +01:00 (21:00Z)');
    expect(begun).toBe(false);
  });

  test('says when the window opens, and waits', async () => {
    const app = running(OPENS_MS - 3_600_000, { result: Promise.resolve({ finished: true }) });
    const { err } = await typed(['run', 'last'], { app });
    expect(err).toContain('waiting: nights opens Sat 2027-03-27 22:00 +01:00');
    expect(OPENS_MS).toBeLessThan(CLOSES_MS);
  });

  test('comes to a safe point at the first request to stop, and ends at once at the second', async () => {
    const pressed: number[] = [];
    let leave = () => {};
    const result = new Promise((resolve) => {
      leave = () => {
        pressed.push(1);
        resolve({ finished: false });
      };
    });
    const { parts, said, quits } = fakeParts({
      app: running(OPENS_MS, { result, leave: () => leave() }),
      onStop: (stop) => {
        stop();
        stop();
      },
    });
    const ended = runCli(['run', 'last'], parts);
    expect(await ended).toBe(130);
    expect(pressed).toEqual([1]);
    expect(quits).toEqual([130]);
    expect(said.err).toContain('nightshift resume r1 --reason');
  });
});

describe('run -o ndjson', () => {
  test('gives every event as one line of JSON, with the run it is of, also those before the run has a name', async () => {
    const plan = samplePlan();
    const first = { kind: 'run-started', plan: plan.digest, by: SECRET, mode: 'run' } as const;
    const events = [first, { kind: 'wave-started', wave: 0 }, { kind: 'run-finished' }] as const;
    const run = async ({ watcher }: { watcher: RunWatcher }) => {
      let state = initialState(plan);
      const tell = (event: RunEvent) => {
        state = fold(state, event, OPENS_MS, plan);
        watcher.onEvent?.(event, state, OPENS_MS);
      };
      tell(first);
      const later = () => events.slice(1).forEach(tell);
      const result = new Promise((resolve) => {
        setTimeout(() => {
          later();
          resolve({ finished: true });
        }, 0);
      });
      return { run: 'r1', leave: () => undefined, result };
    };
    const { out, err } = await typed(['run', 'last', '-o', 'ndjson'], {
      app: running(OPENS_MS, {}, { run }),
    });
    const lines = out
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each));
    const at = '2027-03-27T21:00:00.000Z';
    expect(lines).toEqual(
      events.map((each) => ({
        ...each,
        run: 'r1',
        at,
        ...('by' in each ? { by: '<secret>' } : {}),
      })),
    );
    expect(err).toContain('run: canary begins, 1 of 1');
  });
});

describe('abort', () => {
  const asked: unknown[] = [];
  const app = running(
    OPENS_MS,
    {},
    {
      world: { clock: { now: () => 0 }, store: { runnerHolder: async () => undefined } },
      ask: async (_row: unknown, request: unknown) => {
        asked.push(request);
        return { id: 1 };
      },
    },
  );
  const abort = ['abort', 'last', '--reason', 'enough'];

  test.each([
    ['does nothing when the person says no', abort, false, 0],
    ['asks the run when the person says yes', abort, true, 1],
    ['asks nobody with --yes', [...abort, '--yes'], false, 1],
    ['asks nobody where nobody is', abort, undefined, 1],
  ])('%s', async (_what, argv, answer, requests) => {
    asked.length = 0;
    const { code, err } = await typed(argv, { app, ...(answer === undefined ? {} : { answer }) });
    expect(code).toBe(0);
    expect(asked).toHaveLength(requests);
    expect(err.includes('[y/N]')).toBe(answer !== undefined && argv.length === abort.length);
  });
});
