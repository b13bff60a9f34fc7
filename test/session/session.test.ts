import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Dialect, TranscriptEntry } from '../../src/session/dialect.js';
import { openSession, type SessionOptions, type ShellSession } from '../../src/session/session.js';
import { FakeTime } from './fake-time.js';
import { ScriptedDevice, type Reply, type Script } from './scripted-device.js';

const dialect: Dialect = {
  modes: [
    { name: 'exec', prompt: /^(?<host>[\w.-]+)>$/ },
    { name: 'config', prompt: /^(?<host>[\w.-]+)\((?:config[\w-]*)\)#$/ },
    { name: 'enable', prompt: /^(?<host>[\w.-]+)#$/ },
  ],
  moves: [
    {
      from: 'exec',
      to: 'enable',
      send: 'enable',
      dialogs: [{ ask: 'Password: ?$', answer: 'secret:enable' }],
    },
    { from: 'enable', to: 'config', send: 'configure terminal' },
    { from: 'config', to: 'enable', send: 'end' },
  ],
  home: 'enable',
  onOpen: ['terminal length 0'],
  pagers: [{ match: /--More--\s*$/, key: ' ' }],
  failures: [/^% (?:Invalid|Incomplete|Ambiguous)/],
  noise: [/^\*?[A-Z][a-z]{2} +\d+ [\d:.]+: %[A-Z0-9_-]+-\d-[A-Z0-9_]+: /],
  readOnly: [/^show /, /^terminal length 0$/],
};
const LOG = '*Nov  1 10:00:00.123: %LINK-3-UPDOWN: Interface Gi1/0/1, changed state to up';
const limits = { idleMs: 10_000, totalMs: 60_000, outputBytesMax: 100_000 };

interface Opened {
  readonly device: ScriptedDevice;
  readonly time: FakeTime;
  readonly session: ShellSession;
  readonly entries: TranscriptEntry[];
}

/** A device at `r1#` that echoes, answers from the table and says its prompt again. */
function answers(table: Record<string, string>, prompt = 'r1#'): (input: string) => Reply {
  return (input) => `${input}\r\n${table[input] ?? ''}${prompt}`;
}

async function tryOpen(script: Script, more: Partial<SessionOptions> = {}) {
  const time = new FakeTime();
  const device = new ScriptedDevice(script);
  const entries: TranscriptEntry[] = [];
  const outcome = await time.until(
    openSession(device, {
      dialect,
      clock: time,
      limits,
      record: (entry) => entries.push(entry),
      ...more,
    }),
  );
  return { time, device, entries, outcome };
}

async function open(script: Script, more: Partial<SessionOptions> = {}): Promise<Opened> {
  const { outcome, ...rest } = await tryOpen(script, more);
  if (outcome.kind !== 'open') throw new Error(`${outcome.kind}: ${outcome.detail}`);
  return { ...rest, session: outcome.session };
}

describe('opening', () => {
  test('learns banner, hostname and mode, and sends the opening lines', async () => {
    const { session, device, time } = await open({
      greeting: '\r\nAuthorised use only\r\n\r\nr1#',
      reply: answers({}),
    });
    expect(session.banner).toBe('Authorised use only');
    expect(session.hostname).toBe('r1');
    expect(session.mode).toBe('enable');
    expect(device.typed).toEqual(['terminal length 0']);
    expect(time.now()).toBe(0);
  });

  test('goes to the home mode with the hidden password, which no transcript shows', async () => {
    let mode = 'exec';
    const reply = (input: string): Reply => {
      if (mode === 'exec') {
        mode = 'asking';
        return 'enable\r\nPassword: ';
      }
      if (mode === 'asking') {
        mode = 'enable';
        return '\r\nr1#';
      }
      return `${input}\r\nthe secret is hunter22\r\nr1#`;
    };
    const { device, entries, session } = await open(
      { greeting: 'r1>', reply },
      { secrets: { enable: 'hunter22' } },
    );
    expect(device.typed).toEqual(['enable', 'hunter22', 'terminal length 0']);
    expect(session.mode).toBe('enable');
    expect(JSON.stringify(entries)).not.toContain('hunter22');
    expect(entries[1]?.sent).toBe('enable\n<secret>');
  });

  test('offers a refused password once only', async () => {
    const typed: string[] = [];
    const { outcome, device } = await tryOpen(
      {
        greeting: 'r1>',
        reply: (input) => {
          typed.push(input);
          return typed.length === 1 ? 'enable\r\nPassword: ' : '\r\nPassword: ';
        },
      },
      { secrets: { enable: 'wrong' } },
    );
    expect(outcome.kind).toBe('no-prompt');
    expect(typed).toEqual(['enable', 'wrong']);
    expect(device.closedByUs).toBe(true);
  });

  test('sends nothing to a password question', async () => {
    const { outcome, device } = await tryOpen({ greeting: 'Password: ', reply: () => '' });
    expect(outcome).toMatchObject({ kind: 'no-prompt', detail: 'the device asks: Password:' });
    expect(device.typed).toEqual([]);
  });

  test('answers a pager in the banner', async () => {
    let paged = false;
    const { session } = await open({
      greeting: 'line one\r\n--More--',
      keys: () => !paged,
      reply: (input) => {
        if (paged) return `${input}\r\nr1#`;
        paged = true;
        return '\r        \rline two\r\nr1#';
      },
    });
    expect(session.banner).toBe('line one\nline two');
  });

  test('is not misled by a banner line that looks like a prompt', async () => {
    const script = (greeting: string): Script => ({
      greeting: 'welcome>',
      reply: (input) => {
        if (!greeted) {
          greeted = true;
          return `${greeting}\r\nr1#${input}\r\nr1#`;
        }
        return `${input}\r\nr1#`;
      },
    });
    let greeted = false;
    const bare: Dialect = { ...dialect, onOpen: [], home: 'enable', moves: [] };
    const { outcome } = await tryOpen(script(' to the lab'), {
      dialect: { ...bare, modes: [{ name: 'enable', prompt: /^(?<host>[\w.-]+)[>#]$/ }] },
    });
    expect(outcome.kind).toBe('open');
    expect(outcome.kind === 'open' && outcome.session.hostname).toBe('r1');
  });

  test('confirms the prompt with a return key where no line of its own follows', async () => {
    const { session, device, time } = await open(
      { greeting: 'r1#', reply: answers({}) },
      { dialect: { ...dialect, onOpen: [] } },
    );
    expect(device.typed).toEqual(['']);
    expect(session.hostname).toBe('r1');
    expect(time.now()).toBe(0);
  });

  test('wakes a device that says nothing until a key is pressed', async () => {
    const { session } = await open({ greeting: '', reply: answers({}) });
    expect(session.hostname).toBe('r1');
  });

  test('tells garbage from text', async () => {
    const noise = Uint8Array.from({ length: 400 }, (_, index) => 128 + ((index * 37) % 128));
    const { outcome } = await tryOpen({ greeting: noise, reply: () => '' });
    expect(outcome.kind).toBe('garbled');
  });

  test('reports a connection that ends before the prompt', async () => {
    const time = new FakeTime();
    const device = new ScriptedDevice({ greeting: 'too many users', reply: () => '' });
    const opening = openSession(device, { dialect, clock: time, limits });
    await Promise.resolve();
    await Promise.resolve();
    device.hangUp();
    expect(await time.until(opening)).toMatchObject({
      kind: 'closed',
      detail: 'connection reset',
      text: 'too many users',
    });
  });
});

describe('a command', () => {
  const run = async (table: Record<string, string>, line: string) => {
    const { session, time } = await open({ greeting: 'r1#', reply: answers(table) });
    return time.until(session.send(line));
  };

  test('gives the output without echo and prompt', async () => {
    expect(await run({ 'show clock': '10:00 UTC\r\n' }, 'show clock')).toEqual({
      kind: 'output',
      text: '10:00 UTC',
      mode: 'enable',
    });
  });

  test('keeps no timer and loses no time when the device answers at once', async () => {
    const { session, time } = await open({ greeting: 'r1#', reply: answers({}) });
    await time.until(session.send('show clock'));
    expect(time.now()).toBe(0);
    expect(time.pending).toBe(0);
  });

  test('takes log lines out of the output', async () => {
    const outcome = await run({ 'show a': `one\r\n${LOG}\r\ntwo\r\n` }, 'show a');
    expect(outcome).toMatchObject({ kind: 'output', text: 'one\ntwo' });
  });

  test.each([
    ['behind the prompt', `show a\r\none\r\nr1#\r\n${LOG}\r\n`],
    ['glued to the prompt', `show a\r\none\r\nr1#${LOG}\r\n`],
    ['before the echo', `\r\n${LOG}\r\nr1#show a\r\none\r\nr1#`],
    ['in the middle of the echo', `sho\r\n${LOG}\r\nw a\r\none\r\nr1#`],
    ['in the middle of the echo, line shown again', `sho\r\n${LOG}\r\nr1#show a\r\none\r\nr1#`],
  ])('finds the prompt with a log line %s', async (_where, said) => {
    const { session, time } = await open({
      greeting: 'r1#',
      reply: (input) => (input === 'show a' ? said : `${input}\r\nr1#`),
    });
    expect(await time.until(session.send('show a'))).toMatchObject({ kind: 'output', text: 'one' });
    expect(time.now()).toBe(0);
  });

  test('finds a wrapped echo', async () => {
    const line = `show ${'interface '.repeat(12)}status`;
    const echo = line.replace(/(.{40})/g, '$1\r\n');
    const { session, time } = await open({
      greeting: 'r1#',
      reply: (input) => (input === line ? `${echo}\r\nup\r\nr1#` : `${input}\r\nr1#`),
    });
    expect(await time.until(session.send(line))).toMatchObject({ kind: 'output', text: 'up' });
  });

  test('is not taken in by prompts of other devices in the output', async () => {
    const outcome = await run({ 'show a': 'r2#\r\nother(config)#\r\nend\r\n' }, 'show a');
    expect(outcome).toMatchObject({ kind: 'output', text: 'r2#\nother(config)#\nend' });
  });

  test('ignores a late prompt that stands before the echo', async () => {
    const { session, device, time } = await open({
      greeting: 'r1#',
      reply: (input) => (input === 'show a' ? '' : `${input}\r\nr1#`),
    });
    const sent = session.send('show a');
    device.say('\r\nr1#');
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    device.say('show a\r\none\r\nr1#');
    expect(await time.until(sent)).toMatchObject({ kind: 'output', text: 'one' });
  });

  test('works on a device that never echoes', async () => {
    const { session, time } = await open({
      greeting: 'r1#',
      reply: (input) => (input === 'show a' ? '\r\none\r\nr1#' : '\r\nr1#'),
    });
    expect(await time.until(session.send('show a'))).toMatchObject({ kind: 'output' });
  });

  test('follows a changed hostname', async () => {
    const { session, time } = await open({ greeting: 'r1#', reply: answers({}, 'r9#') });
    expect(await time.until(session.send('show a'))).toMatchObject({ kind: 'output' });
    expect(session.hostname).toBe('r9');
  });

  test('pages through', async () => {
    const pages = ['two\r\n--More--', '\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\bthree\r\nr1#'];
    let paging = false;
    const { session, time, device } = await open({
      greeting: 'r1#',
      keys: () => paging,
      reply: (input) => {
        if (input === 'show a') {
          paging = true;
          return 'show a\r\none\r\n--More--';
        }
        if (!paging) return `${input}\r\nr1#`;
        if (pages.length === 1) paging = false;
        return `\r        \r${pages.shift()}`;
      },
    });
    expect(await time.until(session.send('show a'))).toMatchObject({ text: 'one\ntwo\nthree' });
    expect(device.typed.slice(1)).toEqual(['show a', ' ', ' ']);
  });

  test('gives a failure with its marker and goes on', async () => {
    const { session, time } = await open({
      greeting: 'r1#',
      reply: answers({ 'show x': "  ^\r\n% Invalid input detected at '^' marker.\r\n" }),
    });
    expect(await time.until(session.send('show x'))).toMatchObject({
      kind: 'failed',
      marker: "% Invalid input detected at '^' marker.",
    });
    expect(await time.until(session.send('show y'))).toMatchObject({ kind: 'output' });
  });

  test('takes control sequences out', async () => {
    const outcome = await run(
      { 'show a': '\x1b[1mbold\x1b[0m \x1b]0;title\x07text\x1b[K\r\nab\bc\r\n' },
      'show a',
    );
    expect(outcome).toMatchObject({ text: 'bold text\nac' });
  });

  test('reads bytes that are no UTF-8 with a replacement', async () => {
    const bytes = new TextEncoder().encode('show a\r\nx?y\r\nr1#');
    bytes[bytes.indexOf(0x3f)] = 0xff;
    const { session, time } = await open({
      greeting: 'r1#',
      reply: (input) => (input === 'show a' ? bytes : `${input}\r\nr1#`),
    });
    expect(await time.until(session.send('show a'))).toMatchObject({ text: 'x\uFFFDy' });
  });
});

describe('questions', () => {
  const permit = { current: () => true };

  test('answers expected ones in any order, with or without return', async () => {
    const steps = [
      'reload\r\nSystem configuration has been modified. Save? [yes/no]: ',
      'no\r\nProceed with reload? [confirm]',
      { say: '\r\nShutting down\r\n', hangUp: true } as const,
    ];
    let keys = false;
    const { session, device, time } = await open(
      {
        greeting: 'r1#',
        keys: () => keys,
        reply: (input) => {
          if (input === 'terminal length 0') return `${input}\r\nr1#`;
          keys = steps.length === 2;
          return steps.shift() ?? '';
        },
      },
      { permit },
    );
    const outcome = await time.until(
      session.send('reload', {
        dialogs: [
          { ask: 'Proceed with reload\\? \\[confirm\\]', answer: 'y', enter: false },
          { ask: 'Save\\? \\[yes/no\\]: ?', answer: 'no' },
        ],
      }),
    );
    expect(outcome).toMatchObject({ kind: 'closed', detail: 'connection reset' });
    expect(device.typed.slice(1)).toEqual(['reload', 'no', 'y']);
    expect(session.isOpen).toBe(false);
    expect(await session.send('show a')).toMatchObject({ kind: 'closed' });
  });

  test('does not answer an unexpected one and ends the session', async () => {
    const { session, device, time } = await open(
      {
        greeting: 'r1#',
        reply: (input) =>
          input === 'reload' ? 'reload\r\nErase everything? [no]: ' : `${input}\r\nr1#`,
      },
      { permit },
    );
    const outcome = await time.until(
      session.send('reload', { dialogs: [{ ask: 'Save\\?', answer: 'yes' }] }),
    );
    expect(outcome).toMatchObject({ kind: 'question', text: 'Erase everything? [no]:' });
    expect(device.typed).toEqual(['terminal length 0', 'reload']);
    expect(device.closedByUs).toBe(true);
  });

  test('gives ten answers at most', async () => {
    const { session, device, time } = await open(
      {
        greeting: 'r1#',
        reply: (input) =>
          input === 'terminal length 0' ? `${input}\r\nr1#` : `${input}\r\nAgain? [y/n] `,
      },
      { permit },
    );
    const outcome = await time.until(
      session.send('loop', { dialogs: [{ ask: 'Again\\? \\[y/n\\] ?$', answer: 'y' }] }),
    );
    expect(outcome.kind).toBe('question');
    expect(device.typed.filter((one) => one === 'y')).toHaveLength(10);
  });

  test('does not take the echo of the line for the question', async () => {
    const { session, device, time } = await open(
      { greeting: 'r1#', reply: answers({}) },
      { permit },
    );
    await time.until(session.send('delete x?', { dialogs: [{ ask: 'x\\?', answer: 'y' }] }));
    expect(device.typed).toEqual(['terminal length 0', 'delete x?']);
  });
});

describe('limits', () => {
  const silent = (said: string): Script => ({
    greeting: 'r1#',
    reply: (input) => (input === 'show a' ? said : `${input}\r\nr1#`),
  });

  test('ends a silent command with idle-limit and closes the session', async () => {
    const { session, time, device } = await open(silent('show a\r\nworking 10%'));
    expect(await time.until(session.send('show a'))).toEqual({
      kind: 'idle-limit',
      text: 'working 10%',
    });
    expect(time.now()).toBe(limits.idleMs);
    expect(device.closedByUs).toBe(true);
    expect(session.isOpen).toBe(false);
  });

  test('ends a talkative command with total-limit', async () => {
    const { session, device, time } = await open(silent('show a\r\n'));
    const tick = () => {
      device.say('still working\r\n');
      time.timer(5000, tick);
    };
    time.timer(5000, tick);
    expect((await time.until(session.send('show a'))).kind).toBe('total-limit');
    expect(time.now()).toBe(limits.totalMs);
  });

  test('ends endless output with overflow', async () => {
    const { session, time } = await open(silent(`show a\r\n${'x'.repeat(2000)}`));
    const outcome = await time.until(session.send('show a', { limits: { outputBytesMax: 1000 } }));
    expect(outcome.kind).toBe('overflow');
    expect(session.isOpen).toBe(false);
  });

  test('read turns limits, refusals and a lost connection into faults', async () => {
    const { session, time } = await open(silent('show a\r\n'));
    await expect(time.until(session.read('show a'))).rejects.toMatchObject({
      code: 'session-limit',
    });
    await expect(time.until(session.read('show a'))).rejects.toMatchObject({ code: 'unreachable' });
    const other = await open({
      greeting: 'r1#',
      reply: answers({ 'show b': '% Invalid input\r\n' }),
    });
    await expect(other.time.until(other.session.read('show b'))).rejects.toMatchObject({
      code: 'garbled-answer',
    });
  });
});

describe('permission', () => {
  test('stops lines that are neither read-only nor permitted now', async () => {
    const permit: { current: (line: string) => boolean } = { current: (line) => line === 'reload' };
    const { session, device, time } = await open(
      { greeting: 'r1#', reply: answers({}) },
      { permit },
    );
    await expect(session.send('write erase')).rejects.toMatchObject({ code: 'line-not-permitted' });
    await expect(session.enter('config')).rejects.toMatchObject({ code: 'line-not-permitted' });
    await time.until(session.send('reload'));
    permit.current = () => false;
    await expect(session.send('reload')).rejects.toMatchObject({ code: 'line-not-permitted' });
    expect(device.typed).toEqual(['terminal length 0', 'reload']);
  });

  test.each(['show a\nreload', 'show a\rreload', 'show a\u0003', 'show \u0085'])(
    'never sends %j',
    async (line) => {
      const { session, device } = await open(
        { greeting: 'r1#', reply: answers({}) },
        { permit: { current: () => true } },
      );
      await expect(session.send(line)).rejects.toMatchObject({ code: 'line-not-permitted' });
      expect(device.typed).toEqual(['terminal length 0']);
    },
  );

  test('moves between modes with permission', async () => {
    let prompt = 'r1#';
    const { session, time } = await open(
      {
        greeting: 'r1#',
        reply: (input) => {
          if (input === 'configure terminal') prompt = 'r1(config)#';
          return `${input}\r\n${prompt}`;
        },
      },
      { permit: { current: (line) => line === 'configure terminal' } },
    );
    expect(await time.until(session.enter('config'))).toMatchObject({ mode: 'config' });
    expect(session.mode).toBe('config');
  });
});

describe('chunks', () => {
  const piece = fc.constantFrom(
    'interface Gi1/0/1\r\n',
    ' description Zürich → 東京\r\n',
    `${LOG}\r\n`,
    '\x1b[1mbold\x1b[0m\r\n',
    'ab\b\bcd\r\n',
    'over\rwritten\r\n',
    '\r\n',
    'r2#\r\n',
    'a question? [no]: no\r\n',
    '\x1b]0;title\x07\x1b[24;1H\x1b[2Kx\r\n',
  );

  test('any cutting of the same bytes gives the same outcome', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 }),
        async (pieces, sizes) => {
          const table = { 'show a': pieces.join('') };
          const cut = (bytes: Uint8Array) => {
            const chunks: Uint8Array[] = [];
            for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
              const size = sizes[turn % sizes.length]!;
              chunks.push(bytes.slice(at, at + size));
              at += size;
            }
            return chunks;
          };
          const whole = await open({ greeting: 'hello\r\nr1#', reply: answers(table) });
          const parts = await open({ greeting: 'hello\r\nr1#', reply: answers(table), cut });
          const expected = await whole.time.until(whole.session.send('show a'));
          expect(await parts.time.until(parts.session.send('show a'))).toEqual(expected);
          expect(expected.kind).toBe('output');
          expect(parts.session.banner).toBe('hello');
        },
      ),
      { numRuns: 200 },
    );
  });
});
