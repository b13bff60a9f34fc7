import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { wrongWith } from '../cli/result-document.js';
import { LAB_ENVIRONMENT } from '../../lab/rehearse/prepare.js';
import { openEvening, playbookText, signedBy, type Evening } from './evening.js';

const ENABLE = { NIGHTSHIFT_LAB_ENABLE: 'lab-only-enable-word' };
const planted = [...Object.values(LAB_ENVIRONMENT), ...Object.values(ENABLE)];

let evening: Evening;

const type = (...argv: readonly string[]) => evening.type(argv, { env: ENABLE });
const must = (...argv: readonly string[]) => evening.must(argv, { env: ENABLE });

/** A night with everything in it that could give a secret away: a rehearsal, a fault, a rollback, reports. */
beforeAll(async () => {
  evening = await openEvening(
    120,
    (folder) => {
      const path = join(folder, 'inventory', 'defaults.yaml');
      const text = readFileSync(path, 'utf8');
      return [
        [path, text.replace(/^(\s*)password: .*$/m, '$&\n$1enable: env:NIGHTSHIFT_LAB_ENABLE')],
      ];
    },
    ENABLE,
  );
  await must('fingerprint', '--accept-new', '--reason', 'first contact', '-o', 'json');
  evening.write('both.yaml', playbookText('both', 'acc-ams-1:acc-lon-1'));
  await must('plan', 'both.yaml', ...signedBy('otto'), '--full');
  await must('lab', 'run', 'both', '-o', 'json');
  await must('review', 'approve', 'both', ...signedBy('anna'), '--reason', 'fine');
  await must('lab', 'strike', 'boots-old-image', 'acc-ams-1');
  const { code } = await type('run', 'both', '-o', 'ndjson');
  expect([4, 5]).toContain(code);
}, 90_000);

afterAll(() => evening.end(), 30_000);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((each) => join(folder, each))
    .filter((each) => statSync(each).isFile());
}

/** The planted words in a text, by the places where they stand. */
function leaks(where: string, text: string): readonly string[] {
  return planted.flatMap((secret) => {
    const at = text.indexOf(secret);
    return at < 0 ? [] : [`${where}: ...${text.slice(Math.max(0, at - 60), at + 40)}...`];
  });
}

describe('secrets', () => {
  test('are in nothing that any command says', async () => {
    const formats = ['text', 'wide', 'json', 'ndjson', 'yaml', 'csv'];
    for (const format of formats) await type('inventory', 'list', '-o', format);
    const wrong: string[] = [];
    for (const argv of [
      ['plan', 'show', 'both', '--full'],
      ['plan', 'show', 'both', '-o', 'json'],
      ['review', 'show', 'both', '-o', 'json'],
      ['status', 'last', '-o', 'json'],
      ['attach', 'last', '-o', 'ndjson'],
      ['history', '-o', 'json'],
      ['report', 'last', '-o', 'junit'],
      ['audit', 'verify', '-o', 'json'],
      ['report', 'last', '--format', 'md'],
      ['inventory', 'diff', '-o', 'json'],
      ['inventory', 'show', 'acc-ams-1', '-o', 'json'],
      ['inventory', 'validate', '-o', 'json'],
      ['playbook', 'check', 'both.yaml', '-o', 'json'],
      ['plan', 'list', '-o', 'json'],
      ['report', 'last', '-o', 'json'],
      ['status', 'last', '--handover', '-o', 'json'],
      ['notices', 'list', '-o', 'json'],
      ['mute', '-o', 'json'],
      ['windows', 'list', '-o', 'json'],
      ['state', 'verify', '-o', 'json'],
      ['state', 'backup', 'state.tar', '-o', 'json'],
      ['state', 'verify', 'state.tar', '-o', 'json'],
      ['state', 'migrate', '-o', 'json'],
      ['images', 'list', '-o', 'wide'],
      ['playbook', 'check', 'both.yaml', '-o', 'yaml'],
    ]) {
      const { code, err, out } = await type(...argv);
      expect(`${argv.join(' ')} ${code} ${err}`).not.toMatch(/error\[/);
      if (argv.at(-1) === 'json') wrong.push(...wrongWith(out));
    }
    expect(wrong).toEqual([]);
    await type(
      'fingerprint',
      '--limit',
      'acc-ams-2',
      '--as',
      LAB_ENVIRONMENT['NIGHTSHIFT_LAB_PASSWORD'] ?? '',
    );
    expect(evening.transcript().length).toBeGreaterThan(100_000);
    expect(leaks('said', evening.transcript())).toEqual([]);
  }, 60_000);

  test('are in no report, in none of its formats', async () => {
    for (const format of ['html', 'md', 'json']) {
      const name = `report.${format}`;
      await must('report', 'last', '--out', name);
      expect(evening.read(name)).toContain('acc-ams-1');
      expect(leaks(name, evening.read(name))).toEqual([]);
    }
  });

  test('are in no file of the state directory, nor in any other but those that hold them for the lab', () => {
    const holds = new Set([evening.path('lab.env'), evening.path('keys', 'passphrase')]);
    // The network itself has to know its own passwords.
    const lab = evening.path('.nightshift', 'lab', 'lab.json');
    const files = filesBelow(evening.folder).filter((each) => !holds.has(each) && each !== lab);
    for (const word of ['lab-only-password', 'lab-only-enable-word', 'lab-only-community']) {
      expect(readFileSync(lab, 'utf8')).toContain(word);
    }
    expect(files.some((each) => each.endsWith('nightshift.db'))).toBe(true);
    expect(files.flatMap((each) => leaks(each, readFileSync(each, 'latin1')))).toEqual([]);
    expect(statSync(lab).mode & 0o077).toBe(0);
    expect(statSync(evening.path('.nightshift', 'nightshift.db')).mode & 0o077).toBe(0);
  });
});
