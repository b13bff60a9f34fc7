import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Evidence } from '../../src/driver/driver.js';
import { recogniseWith } from '../../src/fingerprint/fingerprint.js';
import { conformers, each, type Conformer, type Transcript } from './conformer.js';
import { loneDevice } from './lone-device.js';

const drivers = conformers.map((one) => one.driver);

function claimsOf(evidence: Evidence): readonly string[] {
  return conformers.filter(({ driver }) => driver.recognise(evidence)).map(({ id }) => id);
}

/** What a stranger sees of the device that the transcript is of: each kind of evidence alone, and all of it. */
async function sightings(
  one: Conformer,
  transcript: Transcript,
): Promise<readonly (readonly [string, Evidence])[]> {
  const lone = await loneDevice(one, transcript);
  const outputs = await lone.use(async (session) =>
    Object.fromEntries(
      await Promise.all(
        one.driver.identifyCommands.map(async (line) => [line, await session.read(line)] as const),
      ),
    ),
  );
  const device = lone.device();
  const mib = one.personality.mib(device, lone.nowMs());
  const oids = Object.fromEntries(
    Object.entries(mib).map(([oid, { value }]) => [oid, String(value)]),
  );
  const sysDescr = oids['1.3.6.1.2.1.1.1.0'] ?? '';
  const sysObjectId = oids['1.3.6.1.2.1.1.2.0'] ?? '';
  return [
    ['sysDescr', { sysDescr }],
    ['SNMP', { sysDescr, sysObjectId, oids }],
    ['show version', { outputs }],
    ['all', { sysDescr, sysObjectId, oids, outputs, banner: one.personality.banner(device) }],
  ];
}

describe.each(each)('recognising %s', (id, one) => {
  const { driver, transcripts } = one;

  test.each(transcripts.map((each) => [each.file, each] as const))(
    '%s: is of this platform and of no other',
    (_file, { commands: outputs, prompt, facts }) => {
      expect(claimsOf({ outputs, prompt })).toEqual([id]);
      const match = driver.recognise({ outputs, prompt });
      expect(match?.confidence).toBe('certain');
      expect(match).toMatchObject({ version: facts.runningVersion, model: facts.model });
      expect(match?.serials?.filter((serial) => !facts.serials.includes(serial))).toEqual([]);
      expect(match?.hostname).toBe(facts.hostname);
    },
  );

  test.each(transcripts.map((each) => [each.file, each] as const))(
    '%s: its simulated twin is recognised by SNMP and by its own words',
    async (_file, transcript) => {
      for (const [what, evidence] of await sightings(one, transcript)) {
        // Where people write sysDescr themselves it tells nothing, and nothing may be made of it.
        const isFreeText = !evidence.sysDescr?.includes(transcript.facts.runningVersion);
        if (what === 'sysDescr' && isFreeText) {
          expect([[], [id]]).toContainEqual(claimsOf(evidence));
          continue;
        }
        expect([what, ...claimsOf(evidence)]).toEqual([what, id]);
        expect(recogniseWith(drivers, evidence)?.driver.platform.id).toBe(id);
        const version = driver.recognise(evidence)?.version;
        expect([what, version]).toEqual([what, transcript.facts.runningVersion]);
      }
    },
  );

  test('an object id proves nothing by itself: it is never certain', () => {
    for (const prefix of driver.platform.sysObjectIds) {
      const match = driver.recognise({ sysObjectId: `${prefix}.1.2.3` });
      expect(['possible', undefined]).toContain(match?.confidence);
    }
  });

  test('nothing is made of nothing', () => {
    expect(driver.recognise({})).toBeUndefined();
    expect(driver.recognise({ sysDescr: '', prompt: '', outputs: {}, oids: {} })).toBeUndefined();
    expect(driver.recognise({ sysDescr: 'Linux host 5.10.0 x86_64' })).toBeUndefined();
  });

  test('no text makes it throw', () => {
    const pieces = transcripts.flatMap(({ commands }) =>
      Object.values(commands).flatMap((text) => text.split('\n').slice(0, 30)),
    );
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 12 })
        .map((all) => all.join('\n')),
    );
    const commands = fc.constantFrom(...Object.keys(transcripts[0]?.commands ?? { '': '' }));
    const evidence = fc.record(
      {
        sysDescr: hostile,
        sysObjectId: fc.oneof(hostile, fc.constantFrom(...driver.platform.sysObjectIds)),
        oids: fc.dictionary(
          fc.constantFrom('1.3.6.1.2.1.1.5.0', '1.3.6.1.2.1.47.1.1.1.1.11.1', 'x'),
          hostile,
        ),
        banner: hostile,
        prompt: hostile,
        outputs: fc.dictionary(commands, hostile),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(evidence, (seen) => void driver.recognise(seen as Evidence)),
      { numRuns: 500 },
    );
  });
});
