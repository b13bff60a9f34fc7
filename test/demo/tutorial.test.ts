import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'nightshift-tutorial-'));

/** Every shell line of the tutorial, in order. */
function tutorialLines(): readonly string[] {
  const part = /<!-- tutorial:[^>]*-->([\s\S]*?)<!-- end of tutorial -->/.exec(readme)?.[1] ?? '';
  return (
    [...part.matchAll(/```sh\n([\s\S]*?)```/g)]
      .flatMap((block) => (block[1] ?? '').split('\n'))
      .filter((line) => line.trim() !== '')
      // Another lab may be up on this machine: this one gets addresses of its own.
      .map((line) => line.replace('lab init night', 'lab init night --network 127.23.1'))
  );
}

afterAll(() => {
  const options = { cwd: folder, env: { ...process.env, PATH: path() }, timeout: 20_000 };
  spawnSync('nightshift', ['lab', 'down', '--state', join(folder, 'night/.nightshift')], options);
  rmSync(folder, { recursive: true, force: true });
});

function path(): string {
  return `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`;
}

describe('the tutorial of the README', () => {
  test('can be typed line by line, and ends with the report of the night', () => {
    const lines = tutorialLines();
    expect(lines.length).toBeGreaterThan(20);
    const script = [
      'set -eu',
      ...lines.flatMap((line) => [`echo '+ ${line.replaceAll("'", '"')}'`, line]),
    ];
    const done = spawnSync('bash', ['-c', script.join('\n')], {
      cwd: folder,
      env: { ...process.env, PATH: path(), NO_COLOR: '1' },
      encoding: 'utf8',
      timeout: 240_000,
    });
    const output = `${done.stdout}\n${done.stderr}`;
    if (done.status !== 0) throw new Error(`exit ${done.status}\n${output.slice(-6000)}`);
    const report = readFileSync(join(folder, 'night/report.html'), 'utf8');
    expect(report).toContain('acc-ams-2');
    expect(report).toMatch(/rolled back/i);
    expect(output).toMatch(/acc-ams-2.*reverted|reverted.*acc-ams-2/);
    for (const secret of ['lab-only-password', 'lab-only-auth-key', 'lab-only-passphrase']) {
      expect(report).not.toContain(secret);
      expect(output).not.toContain(secret);
    }
  }, 250_000);
});
