import { describe, expect, test } from '@jest/globals';
import type { Known, Step, StepContext } from '../../../src/driver/step.js';
import type { CommandOutcome } from '../../../src/session/dialect.js';
import { prepareDialect } from '../../../src/session/prompt.js';
import { conformers, type Transcript } from '../../conformance/conformer.js';
import { played } from '../../conformance/played.js';
import { driver } from '../../../drivers/fortinet_fortios/index.js';

const dialect = prepareDialect(driver.platform.dialect);
const NOW_MS = Date.UTC(2027, 0, 9, 22);
const [A, B] = ['FG100FTK20041873', 'FG100FTK20041902'];

function recorded(file: string): Transcript {
  const found = conformers
    .find(({ id }) => id === 'fortinet_fortios')
    ?.transcripts.find((each) => each.file === file);
  if (!found) throw new Error(file);
  return found;
}

interface Scene {
  readonly kind: string;
  readonly params?: Step['params'];
  readonly known?: Known;
  readonly intentAtMs?: number;
  /** What the device answers to the step's first line. */
  readonly answer?: CommandOutcome;
}

function scene(transcript: Transcript, { kind, params = {}, known = {}, ...rest }: Scene) {
  const found = driver.stepKinds.find((each) => each.kind === kind);
  if (!found) throw new Error(kind);
  const { session } = played(transcript, dialect);
  const never = () => Promise.reject(new Error('not here'));
  const context: StepContext = {
    step: {
      id: 'step',
      kind,
      version: 1,
      phase: 'verify',
      title: '',
      params,
      commands: [],
      disrupts: 'nothing',
      pointOfNoReturn: false,
      expectedMs: 1,
      maxMs: 1,
      settleMs: 0,
    },
    known,
    nowMs: NOW_MS,
    intentAtMs: rest.intentAtMs,
    pause: () => Promise.resolve(),
    session: () => Promise.resolve(session),
    send: () => (rest.answer ? Promise.resolve(rest.answer) : never()),
    upload: never,
    offer: () => Promise.resolve({ host: '192.0.2.10', port: 69, path: 'a/b' }),
    image: () => {
      throw new Error('not here');
    },
    keep: never,
    progress: () => undefined,
  };
  return { probe: () => found.probe(context), act: () => found.act(context) };
}

const output = (text: string): CommandOutcome => ({ kind: 'output', text, mode: 'cli' });

describe('the next boot', () => {
  test('counts as chosen only by the answer to our own line', async () => {
    const transcript = recorded('single-after.json');
    const { probe } = scene(transcript, { kind: 'set-boot', params: { slot: 'secondary' } });
    expect(await probe()).toMatchObject({ answer: 'absent' });
  });

  test.each([
    ['Default image is changed to image# 2.', 'acted'],
    ['Image# 2 is already the default image.', 'acted'],
    ['Default image is changed to image# 1.', 'refused'],
    ['Something else happened.', 'ambiguous'],
  ])('%s is %s', async (text, kind) => {
    const params = { slot: 'secondary' };
    const answer = output(text);
    const { act } = scene(recorded('single-before.json'), { kind: 'set-boot', params, answer });
    expect(await act()).toMatchObject({ kind });
  });
});

describe('the upgrade of a cluster', () => {
  const params = { version: '7.2.8', serials: [A, B], build: 1639 };

  test('is done when the other member answers and both are in sync', async () => {
    const { probe } = scene(recorded('ha-after-failover.json'), {
      kind: 'upgrade-cluster',
      params,
    });
    expect(await probe()).toMatchObject({ answer: 'done' });
  });

  test('is under way while a member is not in sync', async () => {
    const { probe } = scene(recorded('ha-joining.json'), {
      kind: 'upgrade-cluster',
      params,
      intentAtMs: NOW_MS - 600_000,
    });
    expect(await probe()).toMatchObject({ answer: 'partial' });
  });

  test('was not begun while both run the old release', async () => {
    const { probe } = scene(recorded('ha-before.json'), { kind: 'upgrade-cluster', params });
    expect(await probe()).toMatchObject({
      answer: 'absent',
      known: { serialBefore: A },
    });
  });

  test('that the device says is under way already is not taken for refused', async () => {
    const text = 'A firmware upgrade is in progress.\nCommand fail. Return code -37';
    const answer: CommandOutcome = { kind: 'failed', text, marker: 'Command fail.' };
    const { act } = scene(recorded('ha-before.json'), { kind: 'upgrade-cluster', params, answer });
    expect(await act()).toMatchObject({ kind: 'ambiguous' });
  });
});

describe('the way back of a cluster', () => {
  const base = { version: '7.2.7', serials: [A, B], found: 'found' };

  test('has its first half when the other member answers', async () => {
    const { probe } = scene(recorded('ha-joining.json'), {
      kind: 'reload',
      params: { ...base, part: 'first' },
      known: { found: { serial: A } },
      intentAtMs: NOW_MS - 60_000,
    });
    expect(await probe()).toMatchObject({ answer: 'done' });
  });

  test('stops when both members run the new release together again', async () => {
    const { probe } = scene(recorded('ha-after-failover.json'), {
      kind: 'reload',
      params: { ...base, part: 'last' },
    });
    expect(await probe()).toMatchObject({ answer: 'failed' });
  });

  test('finds the old release where the member that answers keeps it', async () => {
    const { probe } = scene(recorded('ha-after-failover.json'), {
      kind: 'find-partition',
      params: { version: '7.2.7', build: 1577 },
    });
    expect(await probe()).toMatchObject({ answer: 'done', known: { serial: B, slot: 'primary' } });
  });

  test('does not begin when the old release is gone', async () => {
    const { probe } = scene(recorded('ha-after-failover.json'), {
      kind: 'find-partition',
      params: { version: '7.0.1', build: 157 },
    });
    expect(await probe()).toMatchObject({ answer: 'failed' });
  });
});

describe('after the upgrade', () => {
  const params = { build: 1639, serials: ['FGT60FTK22071435'] };
  const after = recorded('single-after.json');

  test('the lines that the release did not take are told', async () => {
    const line =
      '>>>  "set" "nat64" "enable" @ root.firewall.policy.4:command parse error (error -61)';
    const commands = { ...after.commands, 'diagnose debug config-error-log read': `${line}\n` };
    const { probe } = scene({ ...after, commands }, { kind: 'verify-upgrade', params });
    expect(await probe()).toMatchObject({ answer: 'done', known: { configErrors: 1 } });
  });

  test('another build is a failure', async () => {
    const { probe } = scene(recorded('single-before.json'), { kind: 'verify-upgrade', params });
    expect(await probe()).toMatchObject({ answer: 'failed' });
  });

  test('firmware that the device calls un-certified is a failure', async () => {
    const status = (after.commands['get system status'] ?? '').replace(
      'Signature: certified',
      'Signature: un-certified',
    );
    const commands = { ...after.commands, 'get system status': status };
    const { probe } = scene(
      { ...after, commands },
      { kind: 'verify-image', params: { where: 'running', build: 1639 } },
    );
    expect(await probe()).toMatchObject({ answer: 'failed' });
  });
});
