import { describe, expect, test } from '@jest/globals';
import type { Snapshot } from '../../src/driver/facts.js';
import { each, type Transcript } from './conformer.js';
import { loneDevice } from './lone-device.js';
import { outcomeOf } from './played.js';

/** The shape of a snapshot: which parts it has and of what type, whatever is up or down there. */
function shapeOf(shown: Partial<Snapshot>): readonly string[] {
  return Object.entries(shown)
    .map(([key, value]) => `${key}: ${Array.isArray(value) ? 'list' : typeof value}`)
    .toSorted();
}

/** `C9300-48U` and `C9300-24P` are of one family, and answer to the same commands. */
function familyOf(model: string): string {
  return /^[A-Za-z]+-?\d+/.exec(model)?.[0] ?? model;
}

describe.each(each)('the simulated device of %s', (_id, one) => {
  const { driver, personality, transcripts } = one;
  const { dialect } = driver.platform;
  const byFile = transcripts.map((each) => [each.file, each] as const);

  test('is one of the models that it says it plays', () => {
    expect(personality.models.length).toBeGreaterThan(0);
    const version = transcripts[0]?.facts.runningVersion ?? '';
    const names = personality.models.map((model) => personality.imageFileName(version, model));
    expect(names.filter((name) => !/^[\w.-]{1,100}$/.test(name))).toEqual([]);
  });

  test.each(byFile)('%s: shows the driver the same identity', async (_file, transcript) => {
    const { facts } = transcript;
    const lone = await loneDevice(one, transcript);
    const seen = await lone.use((session) => driver.facts(session));
    expect(seen).toMatchObject({
      platform: facts.platform,
      hostname: facts.hostname,
      model: facts.model,
      serials: facts.serials,
      runningVersion: facts.runningVersion,
    });
    const members = (each: Transcript['facts']) =>
      each.members.map(({ id, serial, model }) => [id, serial, model]);
    expect(members(seen)).toEqual(members(facts));
    const versions = seen.members.map((each) => driver.versions.parse(each.version)?.normal);
    expect(versions).toEqual(facts.members.map(() => facts.runningVersion));
  });

  test.each(byFile)('%s: gives a snapshot of the same form', async (_file, transcript) => {
    const lone = await loneDevice(one, transcript);
    const seen = await lone.use((session) => driver.snapshot(session));
    expect(seen.version).toBe(transcript.facts.runningVersion);
    expect(seen.uptimeMs).toBeGreaterThan(0);
    expect(shapeOf(seen)).toEqual(expect.arrayContaining([...shapeOf(transcript.snapshot ?? {})]));
    expect(seen.environment.problems).toEqual([]);
  });

  const families = new Set(personality.models.map(familyOf));
  const ofItsFamilies = byFile.filter(([, { facts }]) => families.has(familyOf(facts.model)));

  test.each(ofItsFamilies)(
    '%s: answers every command that the recorded device answered',
    async (_file, transcript) => {
      const lone = await loneDevice(one, transcript);
      const lines = Object.entries(transcript.commands)
        .filter(([, text]) => outcomeOf(dialect, text).kind === 'output')
        .map(([line]) => line);
      const odd = await lone.use(async (session) => {
        const found: string[] = [];
        for (const line of lines) {
          const { kind, text } = await session.send(line);
          if (kind !== 'output') found.push(`${line}: ${kind}: ${text}`);
        }
        return found;
      });
      expect(odd).toEqual([]);
    },
  );

  test.each(byFile)(
    '%s: has a running config that is its startup config',
    async (_file, transcript) => {
      const lone = await loneDevice(one, transcript);
      const [running, startup] = await lone.use(async (session) => [
        driver.maskConfig(await driver.readConfig(session, 'running')),
        driver.maskConfig(await driver.readConfig(session, 'startup')),
      ]);
      expect(running).toBe(startup);
      expect(running).not.toBe('');
    },
  );

  test.each(byFile)(
    '%s: prompts in every mode as the dialect expects',
    async (_file, transcript) => {
      const device = (await loneDevice(one, transcript)).device();
      const login = personality.login(device);
      const prompt = personality.prompt(device, login);
      const modes = dialect.modes.filter((mode) => mode.prompt.test(prompt.trimEnd()));
      expect(modes).toHaveLength(1);
      expect(modes[0]?.prompt.exec(prompt.trimEnd())?.groups?.['host'] ?? device.hostname).toBe(
        device.hostname,
      );
    },
  );
});
