import { appendFileSync, cpSync, statSync, truncateSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  openEvening,
  playbookText,
  signedBy,
  until,
  type Evening,
  type Spoken,
} from './evening.js';

const CLOCK = '.nightshift/lab/lab-state.json';

let evening: Evening;
let hung: Promise<Spoken>;

beforeAll(async () => {
  evening = await openEvening(60);
  await evening.must(['fingerprint', '--accept-new', '--reason', 'first contact']);
  // Its idle limit is of the wall's time: the other cases go on meanwhile.
  await evening.must(['lab', 'strike', 'hung-session', 'acc-ams-4']);
  // It has an inventory and a state directory of its own.
  cpSync(evening.path('inventory'), evening.path('calm'), { recursive: true });
  const apart = ['-i', 'calm', '--state', 'elsewhere', '--lab-clock', CLOCK];
  const accept = ['--accept-new', '--reason', 'new'];
  hung = evening.type(['fingerprint', '--limit', 'acc-ams-4', ...apart, ...accept]);
}, 60_000);

afterAll(() => evening.end(), 30_000);

/** Holds that the code is shown and explained, and that no device was touched. */
async function refuses(
  wanted: {
    readonly exit: number;
    readonly code: string;
    readonly says?: readonly (string | RegExp)[];
  },
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Spoken> {
  const before = await evening.now();
  const spoken = await evening.type(argv, { env });
  const both = spoken.out + spoken.err;
  expect(both).toContain(`[${wanted.code}]`);
  for (const each of wanted.says ?? []) expect(both).toMatch(each);
  expect(spoken.code).toBe(wanted.exit);
  expect(spoken.err).not.toContain('    at ');
  expect((await evening.type(['explain', wanted.code])).code).toBe(0);
  expect(await evening.changes(before)).toEqual([]);
  return spoken;
}

async function planned(name: string, limit: string): Promise<void> {
  evening.write(`${name}.yaml`, playbookText(name, limit));
  await evening.must(['plan', `${name}.yaml`, ...signedBy('otto'), '--brief']);
}

const decide = (verb: string, name: string, reason = 'as agreed in the meeting') =>
  evening.must(['review', verb, name, ...signedBy('anna'), '--reason', reason]);

async function withFile<T>(name: string, text: string, work: () => Promise<T>): Promise<T> {
  const kept = evening.read(name);
  evening.write(name, text);
  try {
    return await work();
  } finally {
    evening.write(name, kept);
  }
}

function edit(sql: string, ...values: readonly unknown[]): number {
  const database = new Database(evening.path('.nightshift', 'nightshift.db'));
  try {
    return database.prepare(sql).run(...values).changes;
  } finally {
    database.close();
  }
}

describe('documents', () => {
  test('that are no YAML are refused with their place', () =>
    withFile('inventory/sites.yaml', 'ams: { timeZone: Europe/Amsterdam\nlon: [', () =>
      refuses(
        { exit: 1, code: 'document-unreadable', says: [/inventory\/sites\.yaml:\d+:\d+: error/] },
        ['inventory', 'list'],
      ),
    ));

  test('with unknown keys are refused with places and what may have been meant, all at once', async () => {
    const devices = evening.read('inventory/devices.yaml');
    await withFile(
      'inventory/devices.yaml',
      `${devices}\nnew-1: { hostt: 127.0.0.9, site: ams, grups: [eos] }\n`,
      () =>
        refuses(
          {
            exit: 1,
            code: 'document-invalid',
            says: [
              /devices\.yaml:\d+:\d+: .*hostt/,
              /did you mean `host`/,
              /did you mean `groups`/,
            ],
          },
          ['inventory', 'list'],
        ),
    );
    const text = playbookText('odd', 'acc-ams-4').replace('rollback:', 'rolback:');
    evening.write('odd.yaml', text);
    await refuses(
      {
        exit: 1,
        code: 'document-invalid',
        says: [/odd\.yaml:\d+:\d+: .*rolback/, /did you mean `rollback`/],
      },
      ['plan', 'odd.yaml', '--as', 'otto'],
    );
  });

  test('that match nobody make no plan', async () => {
    evening.write('nobody.yaml', playbookText('nobody', 'access:&distribution'));
    await refuses({ exit: 1, code: 'nobody-matches' }, ['plan', 'nobody.yaml', '--as', 'otto']);
    await refuses({ exit: 1, code: 'nobody-matches' }, [
      'inventory',
      'list',
      '--limit',
      'site_ams:!site_ams',
    ]);
  });
});

describe('the command line', () => {
  test.each([
    [['rum', 'last'], /Did you mean run/],
    [['run'], /plan/],
    [['run', 'last', '--obsrve'], /--observe/],
    [['inventory', 'list', '-o', 'jsn'], /did you mean json/],
    [['abort', 'last'], /--reason is required/],
    [['fingerprint', '--parallel', '0'], /whole number/],
    [['lab', 'up', '--speed', 'fast'], /speed/],
  ])('is refused with 64 when it is %j', async (argv, says) => {
    await refuses({ exit: 64, code: 'usage', says: [says] }, argv);
  });

  test.each([
    [['plan', 'show', 'nothing-of-that-name'], 'plan-not-found'],
    [['status', 'nothing-of-that-name'], 'run-not-found'],
    [['inventory', 'list', '--limit', 'a::&'], 'pattern-invalid'],
  ] as const)('names what is not there: %j', async (argv, code) => {
    await refuses({ exit: code === 'pattern-invalid' ? 64 : 1, code }, argv);
  });
});

describe('devices that do not answer as they ought', () => {
  test('are not seen when they answer garbage, and one command later they are', async () => {
    await evening.must(['lab', 'strike', 'garbled-output', 'acc-ams-1']);
    await refuses({ exit: 1, code: 'no-prompt' }, ['fingerprint', '--limit', 'acc-ams-1']);
    await evening.must(['lab', 'clear', '--device', 'acc-ams-1']);
    await evening.must(['fingerprint', '--limit', 'acc-ams-1']);
  });

  test('get one login each when the password is wrong, and no second', async () => {
    const before = (await evening.log()).length;
    await refuses({ exit: 1, code: 'auth-refused' }, ['fingerprint', '--limit', 'site_ams'], {
      NIGHTSHIFT_LAB_PASSWORD: 'not-the-password',
    });
    const refused = (await evening.log())
      .slice(before)
      .filter((each) => / login refused: /.test(each));
    const devices = refused.map((each) => each.split(' ')[1]);
    expect(devices.length).toBeGreaterThan(0);
    expect([...new Set(devices)]).toHaveLength(devices.length);
    await evening.must(['fingerprint', '--limit', 'site_ams']);
  });

  test('are not asked when a secret is not to be had', async () => {
    const fingerprint = ['fingerprint', '--limit', 'acc-ams-2'];
    const none = { NIGHTSHIFT_LAB_PASSWORD: '' };
    await refuses({ exit: 1, code: 'secret-unavailable' }, fingerprint, none);
    await evening.must(fingerprint);
  });

  test('with a full flash are dropped before anything is copied', async () => {
    await planned('full', 'acc-ams-3');
    await decide('approve', 'full');
    await evening.must(['lab', 'strike', 'flash-full', 'acc-ams-3']);
    const before = await evening.now();
    const { code, out, err } = await evening.type(['run', 'full']);
    expect(out).toMatch(/acc-ams-3.*free|acc-ams-3.*space/i);
    expect(code).toBe(3);
    expect(err).not.toContain('Nightshift itself');
    expect(await evening.changes(before)).toEqual([]);
    await evening.must(['lab', 'clear', '--device', 'acc-ams-3']);
  });
});

describe('images', () => {
  test('whose file was altered make no plan and start no run', async () => {
    await planned('image', 'acc-ams-4');
    await decide('approve', 'image');
    const name = 'images/EOS-4.31.2F.swi';
    const { size } = statSync(evening.path(name));
    appendFileSync(evening.path(name), 'x');
    const says = [/EOS-4\.31\.2F\.swi/];
    await refuses({ exit: 1, code: 'image-hash-wrong', says }, ['run', 'image']);
    await refuses({ exit: 1, code: 'image-hash-wrong', says }, [
      'plan',
      'image.yaml',
      '--as',
      'otto',
    ]);
    truncateSync(evening.path(name), size);
    expect((await evening.must(['history', '-o', 'json'])).out).not.toContain('"image"');
  });
});

describe('plans', () => {
  test('do not run before they are approved, once they are rejected, or when an approval is withdrawn', async () => {
    await planned('board', 'acc-lon-1');
    const run = ['run', 'board'];
    await refuses({ exit: 6, code: 'not-approved', says: [/0 of 1 approvals/] }, run);
    await decide('approve', 'board');
    await decide('reject', 'board', 'not tonight');
    await refuses({ exit: 6, code: 'not-approved', says: [/anna/] }, run);
    await decide('approve', 'board', 'tonight after all');
    await decide('withdraw', 'board', 'or rather not');
    await refuses({ exit: 6, code: 'not-approved' }, run);
  });

  test('are not approved by their author, without a reason, or with a passphrase that is wrong', async () => {
    const review = ['review', 'approve', 'board'];
    await refuses({ exit: 64, code: 'usage' }, [...review, ...signedBy('anna')]);
    await refuses(
      { exit: 1, code: 'key-unusable' },
      [...review, ...signedBy('anna'), '--reason', 'fine'],
      {
        NIGHTSHIFT_KEY_PASSPHRASE: 'not-the-passphrase',
      },
    );
    await refuses({ exit: 6, code: 'not-approved' }, [
      ...review,
      ...signedBy('otto'),
      '--reason',
      'fine',
    ]);
  });

  test('that were edited in the state directory are shown to nobody and run by nobody', async () => {
    await planned('edited', 'acc-lon-2');
    await decide('approve', 'edited');
    expect(
      edit(
        `UPDATE book SET value = replace(value, 'reload', 'reloaf') WHERE book = 'plan' AND value LIKE '%edited%'`,
      ),
    ).toBe(1);
    for (const argv of [
      ['run', 'edited'],
      ['plan', 'show', 'edited'],
      ['review', 'show', 'edited'],
      ['audit', 'verify'],
    ]) {
      await refuses({ exit: 6, code: 'plan-tampered' }, argv);
    }
  });

  test('wait for no window with --no-wait', async () => {
    const text = playbookText('later', 'acc-lon-1').replace(
      'window: tonight',
      'window: power-work',
    );
    const windows = evening.read('inventory/windows.yaml');
    const at = (days: number) =>
      `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)}Z`;
    const later = `power-work:\n  start: ${at(20)}\n  end: ${at(21)}\n`;
    evening.write('later.yaml', text);
    const groups = evening.read('inventory/groups.yaml');
    await withFile('inventory/windows.yaml', `${windows}\n${later}`, () =>
      withFile(
        'inventory/groups.yaml',
        groups.replace('windows: [tonight]', 'windows: [power-work]'),
        async () => {
          await evening.must(['plan', 'later.yaml', ...signedBy('otto'), '--brief']);
          await decide('approve', 'later');
          await refuses({ exit: 7, code: 'outside-window', says: [/power-work opens/] }, [
            'run',
            'later',
            '--no-wait',
          ]);
        },
      ),
    );
  });
});

describe('runs', () => {
  test('are one at a time, and a journal that was edited is neither believed nor gone on with', async () => {
    await planned('first', 'acc-ams-1');
    await decide('approve', 'first');
    await planned('second', 'acc-ams-2');
    await decide('approve', 'second');
    const first = evening.start(['run', 'first']);
    await until('the first run to be at work', () => /acc-ams-1 checking/.test(first.said()));
    const late = await evening.type(['run', 'second']);
    expect(late.code).toBe(8);
    expect(late.err).toMatch(/error\[state-locked\]: .*run \d{8}T\d{4}Z-/);
    first.signal('SIGINT');
    expect((await first.ended).code).toBe(130);
    await evening.must(['audit', 'verify', 'last']);
    expect(
      edit(`UPDATE journal SET event = replace(event, 'acc-ams-1', 'acc-ams-9') WHERE seq = 3`),
    ).toBeGreaterThan(0);
    await refuses({ exit: 1, code: 'journal-tampered', says: [/3/] }, ['audit', 'verify']);
    await refuses({ exit: 1, code: 'journal-tampered' }, ['resume', 'last', '--reason', 'go on']);
    await refuses({ exit: 1, code: 'journal-tampered' }, ['status', 'last']);
  }, 120_000);
});

describe('a session that hangs', () => {
  test('ends by its idle limit; the unit is not seen and was not touched', async () => {
    const { code, out, err } = await hung;
    expect(out + err).toMatch(/acc-ams-4.*\[no-prompt\]/s);
    expect(code).toBe(1);
    expect((await evening.changes()).filter((each) => each.startsWith('acc-ams-4 '))).toEqual([]);
  }, 120_000);
});
