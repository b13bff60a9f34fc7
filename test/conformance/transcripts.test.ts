import { describe, expect, test } from '@jest/globals';
import { matchPrompt, nothingLearned, prepareDialect } from '../../src/session/prompt.js';
import { each } from './conformer.js';
import { hostOf, played } from './played.js';

/** What stands last on a screen and is no prompt, on any platform. */
const NO_PROMPTS = [
  '--More--',
  ' --More-- ',
  'Password:',
  'Password: ',
  'Username: ',
  'Proceed with reload? [confirm]',
  'Save? [yes/no/cancel/diff]:',
  'Do you want to proceed? [y/n]',
  'Are you sure you want to continue (yes/no)? ',
  'Destination filename [startup-config]?',
  '#',
  '>',
  '! end of section #',
  'banner motd #',
  'interface Ethernet1',
  ' description to core #3 ->',
  'neighbor 10.0.0.1 description "spine>"',
  '% Invalid input detected at marker.',
  '<html><body>',
  '',
];

describe.each(each)('the transcripts of %s', (_id, one) => {
  const { driver, transcripts } = one;
  const dialect = prepareDialect(driver.platform.dialect);
  const modesOf = (line: string) =>
    dialect.modes.filter((mode) => mode.prompt.test(line)).map((mode) => mode.name);

  test.each(transcripts.map((each) => [each.file, each] as const))(
    '%s: its prompt is of one mode, and none of its other lines is of any',
    (_file, { prompt, commands }) => {
      expect(modesOf(prompt)).toHaveLength(1);
      expect(matchPrompt(prompt, dialect, nothingLearned)?.host).toBe(hostOf(dialect, prompt));
      const lines = Object.values(commands).flatMap((text) => text.split('\n'));
      expect(lines.filter((line) => modesOf(line).length > 0)).toEqual([]);
    },
  );

  test.each(NO_PROMPTS)('%j is no prompt', (line) => {
    expect(modesOf(line)).toEqual([]);
  });

  test.each(transcripts.map((each) => [each.file, each] as const))(
    '%s: gives the facts and the snapshot that were recorded with it',
    async (_file, transcript) => {
      const { session } = played(transcript, dialect);
      expect(await driver.facts(session)).toEqual(transcript.facts);
      const snapshot = await driver.snapshot(session);
      expect(snapshot).toMatchObject(transcript.snapshot ?? {});
      expect(snapshot.version).toBe(transcript.facts.runningVersion);
    },
  );

  test.each(transcripts.map((each) => [each.file, each] as const))(
    '%s: is read by read-only lines alone',
    async (_file, transcript) => {
      const { session, sent } = played(transcript, dialect);
      await driver.facts(session);
      await driver.snapshot(session);
      await driver.readConfig(session, 'running');
      const isReadOnly = (line: string) => dialect.readOnly.some((each) => each.test(line));
      expect(sent.filter((line) => !isReadOnly(line))).toEqual([]);
      expect(sent.length).toBeGreaterThan(0);
    },
  );

  test.each(transcripts.map((each) => [each.file, each] as const))(
    '%s: its facts are whole: members, sorted serials, normal versions',
    (_file, { facts }) => {
      const parse = (text: string) => driver.versions.parse(text);
      expect(parse(facts.runningVersion)?.normal).toBe(facts.runningVersion);
      expect(facts.serials).toEqual(facts.members.map((each) => each.serial).toSorted());
      expect(facts.members.filter((each) => !parse(each.version))).toEqual([]);
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    },
  );

  test('shows every list of a snapshot sorted by id', async () => {
    for (const transcript of transcripts) {
      const shown = await driver.snapshot(played(transcript, dialect).session);
      for (const list of [shown.interfaces, shown.neighbours, shown.peers]) {
        const ids = list.map((each) => each.id);
        expect(ids).toEqual([...ids].toSorted());
        expect(new Set(ids).size).toBe(ids.length);
      }
    }
  });
});
