import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/kernel/fault.js';
import type { UploadOutcome } from '../../src/ports/dialer.js';
import { commonStepKinds, commonSteps, type DeviceFile } from '../../src/driver/common-steps.js';
import type { UpgradeImage } from '../../src/driver/driver.js';
import type { Facts, MemberFact } from '../../src/driver/facts.js';
import type { Known, Step, StepContext } from '../../src/driver/step.js';
import type { CliSession } from '../../src/session/dialect.js';

const SIZE = 1000;
const PATH = 'flash:new.bin';

const image: UpgradeImage = {
  name: 'new',
  fileName: 'new.bin',
  version: '2.0',
  path: '/images/new.bin',
  sizeBytes: SIZE,
  sha512: 'ab'.repeat(64),
  md5: 'cd'.repeat(16),
};

/** What the device is like when a step looks at it. Files and uploads are taken one a look, the last one stays. */
interface Scene {
  readonly files?: readonly (DeviceFile | undefined)[];
  readonly uploads?: readonly UploadOutcome[];
  readonly members?: readonly Partial<MemberFact>[];
  readonly config?: { readonly running: string; readonly startup: string };
  readonly known?: Known;
  readonly hashAlgorithm?: 'sha512' | 'md5';
  readonly unreachable?: boolean;
}

const session: CliSession = {
  isOpen: true,
  hostname: 'sw1',
  banner: '',
  send: () => Promise.reject(new Error('no line is sent here')),
  read: () => Promise.reject(new Error('no line is read here')),
  close: () => undefined,
};

function member(id: string, change: Partial<MemberFact> = {}): MemberFact {
  return {
    id,
    role: 'active',
    model: 'M',
    serial: `S${id}`,
    version: '2.0',
    state: 'ready',
    ...change,
  };
}

function factsOf(members: readonly Partial<MemberFact>[]): Facts {
  return {
    platform: 'any',
    hostname: 'sw1',
    model: 'M',
    serials: ['S1'],
    runningVersion: '2.0',
    members: members.map((each, at) => member(String(at + 1), each)),
    uptimeMs: 5000,
    details: {},
  };
}

function play(step: Step, scene: Scene) {
  const files = [...(scene.files ?? [])];
  const uploads = [...(scene.uploads ?? [])];
  const said: { hashed: boolean[]; from: number[]; kept: string[]; pauses: number } = {
    hashed: [],
    from: [],
    kept: [],
    pauses: 0,
  };
  const next = <T>(list: T[]): T | undefined => (list.length > 1 ? list.shift() : list[0]);
  const kinds = commonStepKinds({
    facts: () => Promise.resolve(factsOf(scene.members ?? [{}])),
    versions: {
      parse: (text) =>
        /^v?\d/.test(text) ? { normal: text.replace('v', ''), train: '' } : undefined,
      compare: () => undefined,
    },
    readConfig: (_session, which) => Promise.resolve(scene.config?.[which] ?? ''),
    maskConfig: (text) => text.replace(/^time .*\n/m, ''),
    deviceFile: (_session, path, withHash) => {
      expect(path).toBe(PATH);
      said.hashed.push(withHash);
      return Promise.resolve(next(files));
    },
    hashAlgorithm: scene.hashAlgorithm ?? 'sha512',
  });
  const context: StepContext = {
    step,
    known: scene.known ?? {},
    nowMs: 0,
    intentAtMs: undefined,
    pause: () => {
      said.pauses += 1;
      return Promise.resolve();
    },
    session: () =>
      scene.unreachable
        ? Promise.reject(new Fault('unreachable', 'sw1 is away'))
        : Promise.resolve(session),
    send: () => Promise.reject(new Error('no line is sent here')),
    upload: (resumeFromBytes) => {
      said.from.push(resumeFromBytes);
      return Promise.resolve(next(uploads) ?? { kind: 'refused', detail: 'no upload here' });
    },
    offer: () => Promise.reject(new Error('nothing is offered here')),
    image: (name) => {
      expect(name).toBe(image.name);
      return image;
    },
    keep: (name, text) => {
      said.kept.push(`${name}: ${text}`);
      return Promise.resolve(`digest of ${text}`);
    },
    progress: () => undefined,
  };
  const kind = kinds.find((each) => each.kind === step.kind && each.version === step.version);
  if (!kind) throw new Error(`no kind ${step.kind}`);
  return { said, probe: () => kind.probe(context), act: () => kind.act(context) };
}

const whole: DeviceFile = { sizeBytes: SIZE, hash: image.sha512 };
const half: DeviceFile = { sizeBytes: SIZE / 2 };
const sent: UploadOutcome = { kind: 'sent', sentBytes: SIZE };
const broken: UploadOutcome = { kind: 'broken', sentBytes: SIZE / 2, detail: 'reset by peer' };

const stage = (method: 'scp' | 'sftp') =>
  commonSteps.stageImage({
    image,
    devicePath: PATH,
    remotePath: '/flash/new.bin',
    method,
    uploadExpectedBps: 100,
    uploadMinBps: 10,
  });

describe('backup-config', () => {
  const step = commonSteps.backupConfig();
  const config = { running: 'time 1\nhostname sw1\n', startup: 'hostname sw1\n' };

  test('is absent until the configs of this run are kept', async () => {
    expect(await play(step, {}).probe()).toMatchObject({ answer: 'absent' });
    const known = { 'backup-config': { runningDigest: 'x' } };
    expect(await play(step, { known }).probe()).toMatchObject({ answer: 'done' });
  });

  test('keeps running, startup and masked config, and journals their digests', async () => {
    const { act, said } = play(step, { config });
    expect(await act()).toEqual({
      kind: 'acted',
      known: {
        runningDigest: 'digest of time 1\nhostname sw1\n',
        startupDigest: 'digest of hostname sw1\n',
        maskedDigest: 'digest of hostname sw1\n',
      },
    });
    expect(said.kept.map((each) => each.split(':')[0])).toEqual([
      'running-config.txt',
      'startup-config.txt',
      'running-config.masked.txt',
    ]);
  });

  test('refuses an empty running config, and keeps nothing', async () => {
    const { act, said } = play(step, { config: { running: ' \n', startup: 'x' } });
    expect(await act()).toMatchObject({ kind: 'refused', why: expect.stringContaining('empty') });
    expect(said.kept).toEqual([]);
  });
});

describe('free-space', () => {
  const flash = (fileSystem: string, freeBytes: number) => ({
    flash: { fileSystem, totalBytes: 9000, freeBytes },
  });
  const step = commonSteps.freeSpace({ 'flash:': 500, 'flash-2:': 700 });

  test('is done when every member has the room', async () => {
    const members = [flash('flash:', 500), flash('flash-2:', 700)];
    expect(await play(step, { members }).probe()).toMatchObject({ answer: 'done' });
  });

  test('fails on the one member that is full, with its numbers, and asks for no copy', async () => {
    const { probe, said } = play(step, { members: [flash('flash:', 500), flash('flash-2:', 699)] });
    const { answer, why } = await probe();
    expect(answer).toBe('failed');
    expect(why).toMatch(/member 2 has 699 bytes free on flash-2:, 700 are needed/);
    expect(said.from).toEqual([]);
  });

  test('fails when a file system is not reported at all', async () => {
    const { answer, why } = await play(step, { members: [flash('flash:', 5000)] }).probe();
    expect([answer, why]).toEqual(['failed', 'no file system flash-2: is reported by the device']);
  });

  test('takes a complete copy for room enough, but no partial one', async () => {
    const known = commonSteps.freeSpace({ 'flash:': 500 }, { image, devicePath: PATH });
    const members = [flash('flash:', 0)];
    expect(await play(known, { members, files: [whole] }).probe()).toMatchObject({
      answer: 'done',
    });
    expect(await play(known, { members, files: [half] }).probe()).toMatchObject({
      answer: 'failed',
    });
    expect(await play(known, { members, files: [undefined] }).probe()).toMatchObject({
      answer: 'failed',
    });
  });

  test('cannot make room', async () => {
    expect(await play(step, {}).act()).toMatchObject({ kind: 'refused' });
  });
});

describe('the probe of stage-image', () => {
  test.each([
    ['no file', [undefined], { answer: 'absent' }],
    ['half of it', [half], { answer: 'partial', known: { presentBytes: SIZE / 2 } }],
    ['too much of it', [{ sizeBytes: SIZE + 1 }], { answer: 'partial' }],
    ['the right size and hash', [whole], { answer: 'done' }],
    ['the right size, a wrong hash', [{ ...whole, hash: '00' }], { answer: 'partial' }],
    ['the right size, no hash to be had', [{ sizeBytes: SIZE }], { answer: 'unknown' }],
    ['a file that is gone when it is hashed', [whole, undefined], { answer: 'unknown' }],
  ])('%s', async (_what, files, answer) => {
    expect(await play(stage('scp'), { files }).probe()).toMatchObject(answer);
  });

  test('has the device hash only a file of the right size', async () => {
    const partial = play(stage('scp'), { files: [half] });
    await partial.probe();
    expect(partial.said.hashed).toEqual([false]);
    const full = play(stage('scp'), { files: [whole] });
    await full.probe();
    expect(full.said.hashed).toEqual([false, true]);
  });

  test('compares by the algorithm of the platform', async () => {
    const files = [{ sizeBytes: SIZE, hash: image.md5 }];
    const md5 = play(stage('scp'), { files, hashAlgorithm: 'md5' });
    expect(await md5.probe()).toMatchObject({ answer: 'done' });
    expect(await play(stage('scp'), { files }).probe()).toMatchObject({ answer: 'partial' });
  });

  test('leaves a device that is away to the engine', async () => {
    await expect(play(stage('scp'), { unreachable: true }).probe()).rejects.toThrow('away');
  });
});

describe('the copy of stage-image', () => {
  test('is acted once it was sent whole', async () => {
    const { act, said } = play(stage('scp'), { files: [undefined], uploads: [sent] });
    expect(await act()).toEqual({ kind: 'acted', known: { sentBytes: SIZE } });
    expect(said.from).toEqual([0]);
  });

  test('goes on by sftp where it broke', async () => {
    const { act, said } = play(stage('sftp'), {
      files: [half],
      uploads: [broken, sent],
    });
    expect(await act()).toMatchObject({ kind: 'acted' });
    expect(said.from).toEqual([0, SIZE / 2]);
    expect(said.pauses).toBe(1);
  });

  test('starts anew by scp after it broke', async () => {
    const { act, said } = play(stage('scp'), { files: [undefined, half], uploads: [broken, sent] });
    expect(await act()).toMatchObject({ kind: 'acted' });
    expect(said.from).toEqual([0, 0]);
  });

  test('starts anew by sftp over a remnant of another run, or one that is too long', async () => {
    const remnant = play(stage('sftp'), { files: [half], uploads: [sent] });
    await remnant.act();
    expect(remnant.said.from).toEqual([0]);
    const long = play(stage('sftp'), {
      files: [{ sizeBytes: SIZE + 1 }],
      uploads: [broken, sent],
    });
    await long.act();
    expect(long.said.from).toEqual([0, 0]);
  });

  test('goes on by sftp where an earlier try of the same step broke', async () => {
    const known = { [stage('sftp').id]: { brokeAtBytes: 400 } };
    const { act, said } = play(stage('sftp'), { known, files: [half], uploads: [sent] });
    await act();
    expect(said.from).toEqual([SIZE / 2]);
  });

  test('is ambiguous after the second break, and tries no third time', async () => {
    const { act, said } = play(stage('sftp'), { files: [half], uploads: [broken] });
    expect(await act()).toEqual({
      kind: 'ambiguous',
      why: 'the copy broke twice: reset by peer',
      known: { brokeAtBytes: 500 },
    });
    expect(said.from).toHaveLength(2);
  });

  test('is refused at once when the flash is full or the device says no', async () => {
    const full: UploadOutcome = { kind: 'no-space', sentBytes: 10, detail: 'No space left' };
    const noSpace = play(stage('scp'), { files: [undefined], uploads: [full] });
    expect(await noSpace.act()).toEqual({ kind: 'refused', why: 'flash full: No space left' });
    expect(noSpace.said.from).toEqual([0]);
    const denied = play(stage('scp'), {
      files: [undefined],
      uploads: [{ kind: 'refused', detail: 'permission denied' }],
    });
    expect(await denied.act()).toEqual({ kind: 'refused', why: 'permission denied' });
    expect(denied.said.from).toEqual([0]);
  });
});

describe('verify-image', () => {
  const step = commonSteps.verifyImage({
    id: 'verify',
    phase: 'arm',
    image,
    devicePath: PATH,
    expectedMs: 1000,
  });

  test.each([
    ['no file', undefined, 'failed', 'is not there'],
    ['no hash', { sizeBytes: SIZE }, 'unknown', 'no hash'],
    ['a wrong hash', { sizeBytes: SIZE, hash: 'ee'.repeat(64) }, 'failed', 'image hash wrong'],
    ['the hash of the catalogue', whole, 'done', 'matches the catalogue'],
  ] as const)('%s', async (_what, file, answer, why) => {
    const seen = await play(step, { files: [file] }).probe();
    expect(seen.answer).toBe(answer);
    expect(seen.why).toContain(why);
  });

  test('journals the hash that it saw', async () => {
    expect((await play(step, { files: [whole] }).probe()).known).toEqual({
      hash: image.sha512,
      algorithm: 'sha512',
    });
  });

  test('changes nothing', async () => {
    expect(await play(step, { files: [whole] }).act()).toMatchObject({ kind: 'refused' });
  });
});

describe('verify-version', () => {
  const step = commonSteps.verifyVersion({ serials: [], version: 'v2.0', expectedMs: 1, maxMs: 2 });

  test('waits while a member of the unit has not come back', async () => {
    const whole = commonSteps.verifyVersion({
      serials: ['A GONE ONE'],
      version: 'v2.0',
      expectedMs: 1,
      maxMs: 2,
    });
    const { answer, why } = await play(whole, { members: [{}] }).probe();
    expect([answer, why]).toEqual(['partial', 'the member with serial A GONE ONE is not back']);
  });

  test('is done when every member runs the version, however it is written', async () => {
    const { answer, known } = await play(step, { members: [{}, { version: 'v2.0' }] }).probe();
    expect([answer, known]).toEqual(['done', { version: '2.0', uptimeMs: 5000 }]);
  });

  test('fails on the one member that runs another', async () => {
    const { answer, why } = await play(step, { members: [{}, { version: '1.9' }] }).probe();
    expect([answer, why]).toEqual(['failed', 'member 2 runs 1.9, not 2.0']);
  });

  test('waits for a member that is not ready, whatever it shows as its version', async () => {
    const members = [{}, { version: '1.9', state: 'provisioned' }];
    expect(await play(step, { members }).probe()).toMatchObject({
      answer: 'partial',
      why: 'member 2 is provisioned',
    });
  });

  test('cannot tell where no member is reported', async () => {
    expect((await play(step, { members: [] }).probe()).answer).toBe('unknown');
  });

  test('fails where what runs is no version', async () => {
    expect(await play(step, { members: [{ version: 'garbled' }] }).probe()).toMatchObject({
      answer: 'failed',
    });
  });

  test('changes nothing', async () => {
    expect(await play(step, {}).act()).toMatchObject({ kind: 'refused' });
  });
});

describe('the makers of the shared steps', () => {
  test('give pure JSON whose worst time is above the usual one', () => {
    const steps = [
      commonSteps.backupConfig(),
      commonSteps.freeSpace({ 'flash:': 1 }, { image, devicePath: PATH }),
      stage('scp'),
      commonSteps.verifyImage({ id: 'v', phase: 'stage', image, devicePath: PATH, expectedMs: 5 }),
      commonSteps.verifyVersion({ serials: [], version: '2.0', expectedMs: 1, maxMs: 2 }),
    ];
    expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
    expect(steps.filter((step) => step.expectedMs > step.maxMs)).toEqual([]);
  });

  test('give a copy the time that two attempts at the slowest speed take', () => {
    expect(stage('scp').expectedMs).toBe(20_000 + (SIZE / 100) * 1000);
    expect(stage('scp').maxMs).toBe(300_000 + 2 * (SIZE / 10) * 1000);
  });
});
