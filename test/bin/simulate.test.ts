import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

// A program that plays at once: the book-keeping is under test.
const program = `#!/usr/bin/env node
const { appendFileSync } = require('node:fs');
const at = (name) => Number(process.argv[process.argv.indexOf(name) + 1]);
const [first, count] = [at('--first'), at('--count')];
appendFileSync(__dirname + '/calls', first + ' ' + count + '\\n');
if (first === Number(process.env.BREAKS)) process.exit(9);
const violations = first === 5 ? [{ night: 5, invariant: 'window', why: 'late', replay: 'again' }] : [];
const struck = [{ fault: 'slow-boot', phase: 'activate', times: 1 }];
console.log(JSON.stringify({ played: count, violations, struck, endings: { done: 2 * count },
  deaths: 1, resumed: 0, events: 5, virtualMs: 3600000, tookMs: 10 }));
process.exitCode = violations.length > 0 ? 3 : 0;
`;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-simulate-'));
  for (const each of ['bin', '.tooling', 'dist/src'])
    mkdirSync(join(folder, each), { recursive: true });
  copyFileSync('.tooling/simulate.mjs', join(folder, '.tooling', 'simulate.mjs'));
  writeFileSync(join(folder, 'bin', 'nightshift'), program, { mode: 0o755 });
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, 'dist', 'src', 'main.js'), 'one');
});

afterEach(() => rmSync(folder, { recursive: true }));

function simulate(total: number, env: Readonly<Record<string, string>> = {}) {
  const script = join(folder, '.tooling', 'simulate.mjs');
  const args = [script, '--total', String(total), '--batch', '2', '--workers', '1'];
  const result = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const calls = readFileSync(join(folder, 'bin', 'calls'), 'utf8')
    .trim()
    .split('\n');
  return { ...result, calls };
}

test('nights that were played are kept, and a later call plays only the others', () => {
  expect(simulate(3).calls).toEqual(['0 2', '2 1']);
  const { status, stdout, calls } = simulate(8);
  expect(calls.slice(2)).toEqual(['3 2', '5 2', '7 1']);
  expect(stdout).toContain('3 nights played already');
  expect(stdout).toMatch(/slow-boot activate +5/);
  expect(stdout).toContain('1 violations in 8 of 8 nights');
  expect(stdout).toContain('violated: night 5, window: late');
  expect(status).toBe(1);
});

test('a changed program begins anew', () => {
  simulate(2);
  writeFileSync(join(folder, 'dist', 'src', 'main.js'), 'two');
  expect(simulate(2).calls).toEqual(['0 2', '0 2']);
  const records = readdirSync(join(folder, '.nightshift', 'simulate'));
  expect(records.filter((each) => each.endsWith('.json'))).toHaveLength(2);
});

test('a batch that fails is told and not counted', () => {
  const { status, stderr, stdout } = simulate(4, { BREAKS: '2' });
  expect(status).toBe(70);
  expect(stderr).toContain('nights 2 and on: exit 9');
  expect(stdout).toContain('0 violations in 2 of 4 nights');
});
