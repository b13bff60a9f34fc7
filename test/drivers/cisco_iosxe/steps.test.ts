import { describe, expect, test } from '@jest/globals';
import type { Act, Probe, Step } from '../../../src/driver/step.js';
import { driver } from '../../../drivers/cisco_iosxe/index.js';
import { contextOf, transcript, type ContextOptions, type Script } from './fake-session.js';

const before = transcript('stack-install');
const uncommitted = transcript('stack-uncommitted');
const MINUTE_MS = 60_000;

const made = driver.upgrade(
  {
    version: '17.12.4',
    drain: true,
    image: {
      name: 'i',
      fileName: 'cat9k_iosxe.17.12.04.SPA.bin',
      version: '17.12.4',
      path: '',
      sizeBytes: 1000,
      sha512: '',
      md5: '',
    },
  },
  before.facts,
);

function stepOf(id: string): Step {
  const steps = made.kind === 'steps' ? [...made.steps, ...made.rollback] : [];
  return steps.find((each) => each.id === id)!;
}

function kindOf(step: Step) {
  return driver.stepKinds.find((each) => each.kind === step.kind)!;
}

function probe(id: string, options: ContextOptions): Promise<Probe> {
  return kindOf(stepOf(id)).probe(contextOf(stepOf(id), options));
}

function act(id: string, options: ContextOptions): Promise<Act> {
  return kindOf(stepOf(id)).act(contextOf(stepOf(id), options));
}

function summary(rows: string, timer = 'inactive'): string {
  return `[ Switch 1 2 3 ] Installed Package(s) Information:\n${rows}\nAuto abort timer: ${timer}\n`;
}

const old = before.commands;
const fresh = uncommitted.commands;
const inactive: Script = {
  ...old,
  'show install summary': summary('IMG   I    17.12.04.0.11\nIMG   C    17.09.04a.0.6'),
};
const committed: Script = { ...fresh, 'show install summary': summary('IMG   C    17.12.04.0.11') };
const busy: Script = {
  ...inactive,
  'show install log': '[4|install_activate]: START Sun Nov 22 02:00:00 UTC 2026\n',
};

describe('install-add', () => {
  const line = stepOf('install-add').commands[0]?.send ?? '';

  test('is absent, then done once every member holds the image', async () => {
    expect(await probe('install-add', { script: old })).toMatchObject({ answer: 'absent' });
    expect(await probe('install-add', { script: inactive })).toMatchObject({ answer: 'done' });
  });

  test('is partial while one member lacks it', async () => {
    const script = {
      ...old,
      'show install summary':
        '[ Switch 1 2 ] Installed Package(s) Information:\nIMG   I    17.12.04.0.11\n' +
        '[ Switch 3 ] Installed Package(s) Information:\nIMG   C    17.09.04a.0.6\n',
    };
    expect(await probe('install-add', { script })).toMatchObject({ answer: 'partial' });
  });

  test('is unknown where the summary cannot be read', async () => {
    expect(await probe('install-add', { script: {} })).toMatchObject({ answer: 'unknown' });
  });

  test('the same image again is acted: the probe decides', async () => {
    const script = {
      ...old,
      [line]: ' [1]  R0 Add succeed with reason: Same Image File-No Change\nSUCCESS: install_add\n',
    };
    expect(await act('install-add', { script })).toEqual({ kind: 'acted' });
  });

  test('a FAILED marker is a refusal', async () => {
    const script = {
      ...old,
      [line]: 'install_add: START\nFAILED: install_add : Insufficient space\n',
    };
    expect(await act('install-add', { script })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('Insufficient space'),
    });
  });

  test('nothing is sent while another operation runs', async () => {
    const sent: string[] = [];
    expect(await act('install-add', { script: busy, sent })).toMatchObject({ kind: 'ambiguous' });
    expect(sent).not.toContain(line);
  });
});

describe('install-activate', () => {
  const line = stepOf('install-activate').commands[0]?.send ?? '';
  const uptimeBeforeMs = before.facts.uptimeMs ?? 0;
  const known = { 'install-activate': { uptimeBeforeMs, observedAtMs: 0 } };

  test('notes the uptime before it is sent, and only then', async () => {
    expect(await probe('install-activate', { script: inactive, nowMs: 77 })).toMatchObject({
      answer: 'absent',
      known: { uptimeBeforeMs, observedAtMs: 77 },
    });
    const after = await probe('install-activate', {
      script: inactive,
      known,
      nowMs: MINUTE_MS,
      intentAtMs: 1,
    });
    expect(after).toMatchObject({ answer: 'absent' });
    expect(after.known).toBeUndefined();
  });

  test('is done when the new version runs', async () => {
    expect(await probe('install-activate', { script: fresh, intentAtMs: 1 })).toMatchObject({
      answer: 'done',
    });
  });

  test('waits while the image is activated and the device not yet down', async () => {
    const script = { ...old, 'show install summary': summary('IMG   U    17.12.04.0.11') };
    expect(await probe('install-activate', { script, known, intentAtMs: 1 })).toMatchObject({
      answer: 'partial',
    });
    expect(await probe('install-activate', { script: busy, known, intentAtMs: 1 })).toMatchObject({
      answer: 'partial',
    });
  });

  test('a reload into the old version is a failure', async () => {
    const version = (old['show version'] ?? '').replaceAll(
      '2 weeks, 3 days, 3 hours, 2 minutes',
      '3 minutes',
    );
    const script = { ...inactive, 'show version': version };
    expect(
      await probe('install-activate', { script, known, nowMs: 20 * MINUTE_MS, intentAtMs: 1 }),
    ).toMatchObject({ answer: 'failed', why: expect.stringContaining('came back with 17.9.4a') });
  });

  test('a third version is unknown', async () => {
    const script = {
      ...old,
      'show version': (old['show version'] ?? '').replaceAll('17.09.04a', '17.06.05'),
    };
    expect(await probe('install-activate', { script })).toMatchObject({ answer: 'unknown' });
  });

  test('a session lost in the middle is ambiguous', async () => {
    const script: Script = {
      ...inactive,
      [line]: { kind: 'closed', text: '', detail: 'reset by peer' },
    };
    expect(await act('install-activate', { script })).toMatchObject({ kind: 'ambiguous' });
  });

  test('silence beyond the limit is ambiguous', async () => {
    const script: Script = { ...inactive, [line]: { kind: 'idle-limit', text: '' } };
    expect(await act('install-activate', { script })).toMatchObject({ kind: 'ambiguous' });
  });

  test('an unknown question is refused before, ambiguous after an answered one', async () => {
    const asked = (text: string): Script => ({ ...inactive, [line]: { kind: 'question', text } });
    expect(await act('install-activate', { script: asked('Format flash? [y/n]') })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('Format flash?'),
    });
    const later =
      'This operation may require a reload of the system. Do you want to proceed? [y/n]y\nReally? [y/n]';
    expect(await act('install-activate', { script: asked(later) })).toMatchObject({
      kind: 'ambiguous',
    });
  });

  test('a FAILED marker is a refusal', async () => {
    const script = { ...inactive, [line]: 'FAILED: install_activate : nothing to activate\n' };
    expect(await act('install-activate', { script })).toMatchObject({ kind: 'refused' });
  });
});

describe('commit', () => {
  test('is absent while uncommitted, done when committed, failed on the old version', async () => {
    expect(await probe('install-commit', { script: fresh })).toMatchObject({ answer: 'absent' });
    expect(await probe('install-commit', { script: committed })).toMatchObject({ answer: 'done' });
    expect(await probe('install-commit', { script: old })).toMatchObject({ answer: 'failed' });
  });
});

describe('the rollback', () => {
  test('aborts what is not committed and skips what never was activated', async () => {
    expect(await probe('rollback-abort', { script: fresh })).toMatchObject({ answer: 'absent' });
    expect(await probe('rollback-abort', { script: inactive })).toMatchObject({ answer: 'done' });
  });

  test('leaves a committed image to the rollback to an id', async () => {
    expect(await probe('rollback-abort', { script: committed })).toMatchObject({ answer: 'done' });
    expect(await probe('rollback-install', { script: committed })).toMatchObject({
      answer: 'absent',
    });
    expect(await probe('rollback-install', { script: old })).toMatchObject({ answer: 'done' });
    expect(await probe('rollback-install', { script: fresh })).toMatchObject({ answer: 'unknown' });
  });

  test('a reload into the new version again is a failure', async () => {
    const known = { 'rollback-abort': { uptimeBeforeMs: 50 * MINUTE_MS, observedAtMs: 0 } };
    expect(
      await probe('rollback-abort', { script: fresh, known, nowMs: 30 * MINUTE_MS, intentAtMs: 1 }),
    ).toMatchObject({ answer: 'failed' });
  });

  test('a member that was told to boot manually stops it before anything is disrupted', async () => {
    expect((await probe('boot-ready', { script: old })).answer).toBe('done');
    const shown = (old['show boot'] ?? '').replace(/(Manual[ _]Boot *[=:] *)no/i, '$1yes');
    expect(await probe('boot-ready', { script: { ...old, 'show boot': shown } })).toMatchObject({
      answer: 'failed',
      why: expect.stringMatching(/^member \d boots manually: .*no boot manual/),
    });
  });

  test('its point is the latest that the device knows', async () => {
    expect(await probe('rollback-point', { script: old })).toMatchObject({
      answer: 'done',
      known: { rollbackId: '3' },
    });
    expect(await probe('rollback-point', { script: {} })).toMatchObject({ answer: 'failed' });
  });
});

describe('save-config', () => {
  test('is done when a reload would change nothing', async () => {
    expect(await probe('save-config', { script: old })).toMatchObject({ answer: 'done' });
    const script = { ...old, 'show startup-config': 'hostname other\nend\n' };
    expect(await probe('save-config', { script })).toMatchObject({ answer: 'absent' });
    const known = { 'save-config': { saved: true } };
    expect(await probe('save-config', { script, known })).toMatchObject({ answer: 'done' });
  });

  test('counts as saved only with the confirmation of the device', async () => {
    const said = (text: string) => act('save-config', { script: { 'write memory': text } });
    expect(await said('Building configuration...\n[OK]\n')).toMatchObject({
      known: { saved: true },
    });
    expect(await said('Building configuration...\n')).toMatchObject({ kind: 'ambiguous' });
  });
});

describe('drain and undrain', () => {
  const drained = {
    'show running-config': (old['show running-config'] ?? '').replace(
      'router ospf 10\n',
      'router ospf 10\n max-metric router-lsa\n',
    ),
  };

  test('see whether the process advertises max-metric', async () => {
    expect(await probe('drain', { script: old })).toMatchObject({ answer: 'absent' });
    expect(await probe('drain', { script: drained })).toMatchObject({ answer: 'done' });
    expect(await probe('undrain', { script: drained })).toMatchObject({ answer: 'absent' });
    expect(await probe('undrain', { script: old })).toMatchObject({ answer: 'done' });
  });

  test('on-startup alone does not drain', async () => {
    const script = {
      'show running-config': 'router ospf 10\n max-metric router-lsa on-startup 300\n!\n',
    };
    expect(await probe('drain', { script })).toMatchObject({ answer: 'absent' });
  });

  test('a refused line leaves the configuration mode', async () => {
    const sent: string[] = [];
    const inside = { kind: 'output', text: '', mode: 'config' } as const;
    const script = { 'configure terminal': inside, 'router ospf 10': inside, end: '' };
    expect(await act('drain', { script, sent })).toMatchObject({ kind: 'refused' });
    expect(sent).toEqual(['configure terminal', 'router ospf 10', 'max-metric router-lsa', 'end']);
  });

  test('types nothing when another holds the lock of the configuration', async () => {
    const locked = "Configuration mode locked exclusively by user 'ops' process '88'.";
    for (const answer of [locked, '']) {
      const sent: string[] = [];
      const script = { 'configure terminal': answer };
      expect(await act('drain', { script, sent })).toMatchObject({ kind: 'refused' });
      expect(sent).toEqual(['configure terminal']);
    }
  });
});

describe('device files', () => {
  const stage = () => driver.stepKinds.find((each) => each.kind === 'verify-image')!;
  const step = stepOf('verify-image');
  const path = 'flash:cat9k_iosxe.17.12.04.SPA.bin';
  const listing =
    'Directory of flash:/\n\n434181  -rw-  1000  Nov 2 2026 00:14:30 +00:00  cat9k_iosxe.17.12.04.SPA.bin\n\n9000 bytes total (8000 bytes free)\n';

  test('are hashed by the device itself', async () => {
    const hash = 'ab'.repeat(64);
    const script = {
      [`dir ${path}`]: listing,
      [`verify /sha512 ${path}`]: `..Done!\nverify /sha512 (${path}) = ${hash}\n`,
    };
    const context = contextOf(step, { script });
    const image = () => ({ path: '', sizeBytes: 1000, sha512: hash, md5: '' });
    expect(await stage().probe({ ...context, image })).toMatchObject({ answer: 'done' });
  });

  test('that are not there are a failure, without a hash unknown', async () => {
    const gone = { [`dir ${path}`]: `%Error opening ${path} (No such file or directory)\n` };
    expect(await stage().probe(contextOf(step, { script: gone }))).toMatchObject({
      answer: 'failed',
    });
    const silent = { [`dir ${path}`]: listing };
    expect(await stage().probe(contextOf(step, { script: silent }))).toMatchObject({
      answer: 'unknown',
    });
  });
});
