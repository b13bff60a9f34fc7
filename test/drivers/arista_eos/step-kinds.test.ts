import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/arista_eos/index.js';
import type { Step, StepKind } from '../../../src/driver/step.js';
import { contextOf, known, scripted, transcript, type Setting } from './scripted.js';

const before = transcript('mlag-before').commands;
const after = transcript('mlag-after').commands;
const proposal = driver.upgrade(
  {
    version: '4.29.2F',
    drain: true,
    image: {
      name: 'eos',
      fileName: 'EOS-4.29.2F.swi',
      version: '4.29.2F',
      path: '',
      sizeBytes: 1_012_483_921,
      sha512: 'ab'.repeat(64),
      md5: '',
    },
  },
  transcript('mlag-before').facts,
);
const all = proposal.kind === 'steps' ? [...proposal.steps, ...proposal.rollback] : [];

function stepOf(id: string): { readonly step: Step; readonly kind: StepKind } {
  const step = all.find((each) => each.id === id);
  const kind = driver.stepKinds.find((each) => each.kind === step?.kind);
  if (!step || !kind) throw new Error(`no step ${id}`);
  return { step, kind };
}

async function probe(id: string, setting: Setting) {
  const { step, kind } = stepOf(id);
  return kind.probe(contextOf(step, setting).context);
}

async function act(id: string, setting: Setting) {
  const { step, kind } = stepOf(id);
  const { context, sent } = contextOf(step, setting);
  return { ...(await kind.act(context)), sent };
}

describe('save-config', () => {
  test('is done when startup config is the running config', async () => {
    expect((await probe('save-config', { commands: before })).answer).toBe('done');
  });

  test('is absent when a line is not saved, or nothing ever was', async () => {
    const running = (before['show running-config'] ?? '').replace('name wards', 'name ward');
    const changed = { ...before, 'show running-config': running };
    expect((await probe('save-config', { commands: changed })).answer).toBe('absent');
    const { 'show startup-config': _, ...never } = before;
    expect((await probe('save-config', { commands: never })).answer).toBe('absent');
  });

  test('sends its line', async () => {
    expect(await act('save-config', { commands: before })).toEqual({
      kind: 'acted',
      sent: ['write memory'],
    });
  });
});

describe('drain and undrain', () => {
  const under = transcript('single-armed').commands['show maintenance'] ?? '';
  const says = (word: string) => ({
    commands: { 'show maintenance': under.replace('Under Maintenance', word) },
  });

  test.each([
    ['Under Maintenance', 'done', 'absent'],
    ['Entering Maintenance', 'partial', 'absent'],
    ['Exiting Maintenance', 'absent', 'partial'],
    ['Active', 'absent', 'done'],
    ['Something Else', 'unknown', 'unknown'],
  ])('with unit System "%s": drain %s, undrain %s', async (word, drained, undrained) => {
    expect((await probe('drain', says(word))).answer).toBe(drained);
    expect((await probe('undrain', says(word))).answer).toBe(undrained);
  });

  test('without maintenance mode there is nothing to drain with and nothing to end', async () => {
    expect((await probe('drain', { commands: {} })).answer).toBe('failed');
    expect((await probe('undrain', { commands: {} })).answer).toBe('done');
  });

  test('a refusal in the middle leaves config mode', async () => {
    const text = "% Invalid input (at token 0: 'quiesce')";
    const outcomes = { 3: { kind: 'failed', text, marker: text } as const };
    expect(await act('drain', { commands: {}, outcomes })).toMatchObject({
      kind: 'refused',
      sent: ['configure', 'maintenance', 'unit System', 'quiesce', 'end'],
    });
  });
});

describe('set-boot', () => {
  test('is done when boot-config names the image', async () => {
    expect((await probe('set-boot', { commands: after })).answer).toBe('done');
    expect((await probe('set-boot', { commands: before })).answer).toBe('absent');
    expect((await probe('rollback-set-boot', { commands: before })).answer).toBe('done');
    const none = { 'show boot-config': 'Software image: (not set)\n' };
    expect((await probe('set-boot', { commands: none })).answer).toBe('absent');
  });

  test('an unexpected question is not answered', async () => {
    const outcomes = { 1: { kind: 'question', text: 'Overwrite? [confirm]' } as const };
    expect(await act('set-boot', { commands: {}, outcomes })).toMatchObject({
      kind: 'ambiguous',
      sent: ['configure', 'boot system flash:EOS-4.29.2F.swi'],
    });
  });
});

describe('reload', () => {
  const HOUR = 3_600_000;
  const shows = (version: string, uptime: string) => ({
    'show version': (before['show version'] ?? '')
      .replace('4.28.3M\n', `${version}\n`)
      .replace(/Uptime: .*/, `Uptime: ${uptime}`),
  });
  const remembered = known('reload', { uptimeBeforeMs: 10 * HOUR, observedAtMs: 0 });

  test('tells before the intent what it will be compared with', async () => {
    const setting = { commands: shows('4.28.3M', '10 hours and 1 minute'), nowMs: 77 };
    expect(await probe('reload', setting)).toMatchObject({
      answer: 'absent',
      known: { uptimeBeforeMs: 10 * HOUR + 60_000, observedAtMs: 77 },
    });
  });

  test('does not touch that after the intent', async () => {
    const setting = {
      commands: shows('4.28.3M', '10 hours and 1 minute'),
      known: remembered,
      nowMs: 90_000,
      intentAtMs: 10_000,
    };
    const answer = await probe('reload', setting);
    expect(answer.answer).toBe('absent');
    expect(answer.known).toBeUndefined();
  });

  test('is done when the wanted version runs', async () => {
    const setting = {
      commands: shows('4.29.2F', '2 minutes'),
      known: remembered,
      nowMs: 600_000,
      intentAtMs: 10_000,
    };
    expect((await probe('reload', setting)).answer).toBe('done');
  });

  test('failed when it was booted into another version', async () => {
    const setting = {
      commands: shows('4.28.3M', '2 minutes'),
      known: remembered,
      nowMs: 600_000,
      intentAtMs: 10_000,
    };
    expect(await probe('reload', setting)).toMatchObject({
      answer: 'failed',
      why: 'it came back with 4.28.3M, not 4.29.2F',
    });
  });

  test('is absent while it is up without a break, however the minutes round', async () => {
    for (const [nowMs, uptime] of [
      [30_000, '10 hours'],
      [119_000, '10 hours and 1 minute'],
      [HOUR, '11 hours'],
      [HOUR, '10 hours and 59 minutes'],
    ] as const) {
      const setting = {
        commands: shows('4.28.3M', uptime),
        known: remembered,
        nowMs,
        intentAtMs: 1,
      };
      expect((await probe('reload', setting)).answer).toBe('absent');
    }
  });

  test('without a reading from before, only a boot after the intent counts', async () => {
    const setting = (uptime: string) => ({
      commands: shows('4.28.3M', uptime),
      nowMs: 600_000,
      intentAtMs: 100_000,
    });
    expect((await probe('reload', setting('3 minutes'))).answer).toBe('failed');
    expect((await probe('reload', setting('8 minutes'))).answer).toBe('absent');
    expect((await probe('reload', setting('3 days'))).answer).toBe('absent');
  });

  test('is unknown when the version or uptime cannot be read', async () => {
    const uptime = { commands: shows('4.28.3M', 'a while'), nowMs: 1 };
    expect((await probe('reload', uptime)).answer).toBe('unknown');
    const version = { commands: shows('something else', '2 minutes'), nowMs: 1 };
    expect((await probe('reload', version)).answer).toBe('unknown');
  });

  test('is skipped on the way back when the old version runs still', async () => {
    const setting = { commands: shows('4.28.3M', '3 weeks') };
    expect((await probe('rollback-reload', setting)).answer).toBe('done');
  });

  test.each([
    [{ kind: 'closed', text: '', detail: 'ended' } as const, 'ambiguous'],
    [{ kind: 'output', text: 'The system is going down', mode: 'enable' } as const, 'acted'],
    [{ kind: 'idle-limit', text: '' } as const, 'ambiguous'],
    [{ kind: 'question', text: 'Really? [y/n]' } as const, 'ambiguous'],
    [{ kind: 'failed', text: '% Error', marker: '% Error' } as const, 'refused'],
  ])('an act that ends with $kind is %s', async (outcome, kind) => {
    expect((await act('reload', { commands: {}, outcomes: { 0: outcome } })).kind).toBe(kind);
  });
});

describe('mlag-settled', () => {
  test('waits out the reload delay, then is done', async () => {
    const delayed = transcript('mlag-reload-delay').commands;
    expect(await probe('mlag-settled', { commands: delayed })).toMatchObject({
      answer: 'partial',
      why: expect.stringContaining('active/reload (0:04:37 left)'),
    });
    expect((await probe('mlag-settled', { commands: after })).answer).toBe('done');
  });

  test('holds the reload back while the peer is away', async () => {
    const away = transcript('mlag-peer-away').commands;
    expect((await probe('mlag-ready', { commands: away })).answer).toBe('partial');
    expect((await probe('mlag-ready', { commands: {} })).answer).toBe('partial');
  });

  test('sends nothing', async () => {
    expect(await act('mlag-settled', { commands: {} })).toEqual({ kind: 'acted', sent: [] });
  });
});

describe('files on flash', () => {
  const { step, kind } = stepOf('verify-armed');
  const directory = after['dir flash:'] ?? '';
  const hashes = (hash: string) => ({
    'dir flash:': directory,
    'verify /sha512 flash:EOS-4.29.2F.swi': `verify /sha512 (flash:EOS-4.29.2F.swi) = ${hash}\n`,
  });
  const image = { path: '', sizeBytes: 1_012_483_921, sha512: 'ab'.repeat(64), md5: '' };
  const probed = (commands: Readonly<Record<string, string>>) =>
    kind.probe({ ...contextOf(step, { commands }).context, image: () => image });

  test('the hash of the device decides', async () => {
    expect((await probed(hashes('ab'.repeat(64)))).answer).toBe('done');
    expect((await probed(hashes('ef'.repeat(64)))).answer).toBe('failed');
    expect((await probed(hashes('broken'))).answer).toBe('unknown');
    expect((await probed({ 'dir flash:': before['dir flash:'] ?? '' })).answer).toBe('failed');
  });
});

test('a device that is no EOS gives no facts', async () => {
  const { session } = scripted({ 'show version': 'Cisco IOS Software' });
  await expect(driver.facts(session)).rejects.toMatchObject({ code: 'garbled-answer' });
});
