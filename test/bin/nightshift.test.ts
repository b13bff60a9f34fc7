import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

// A package with a program of its own, so that only the start is under test.
const program = `
if (process.argv[2] === 'die') process.kill(process.pid, 'SIGKILL');
process.stdout.write(JSON.stringify({ pid: process.pid, args: process.argv.slice(2) }));
process.exitCode = 7;
`;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-start-'));
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'dist', 'src'), { recursive: true });
  copyFileSync('bin/nightshift', join(folder, 'bin', 'nightshift'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'dist', 'src', 'main.js'), program);
});

afterEach(() => rmSync(folder, { recursive: true }));

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env, command = '') {
  const path = command === '' ? join(folder, 'bin', 'nightshift') : command;
  const result = spawnSync(path, args, { encoding: 'utf8', env });
  return { ...result, said: result.stdout === '' ? undefined : JSON.parse(result.stdout) };
}

describe('bin/nightshift', () => {
  test('hands its arguments on untouched and ends with the exit code of the program', () => {
    const args = ['run', 'two  words', '$HOME', "it's", ''];
    const { status, said } = start(args);
    expect(said.args).toEqual(args);
    expect(status).toBe(7);
  });

  test('is the process of the program itself', () => {
    const { pid, said } = start([]);
    expect(said.pid).toBe(pid);
  });

  test('dies of the signal that the program dies of', () => {
    expect(start(['die']).signal).toBe('SIGKILL');
  });

  test('starts through a link from elsewhere', () => {
    const link = join(folder, 'elsewhere');
    symlinkSync(join(folder, 'bin', 'nightshift'), link);
    expect(start(['x'], process.env, link).said.args).toEqual(['x']);
  });

  test('prefers the Node that came with the packages', () => {
    const binary = join(folder, 'node_modules', 'node', 'bin', 'node');
    mkdirSync(dirname(binary), { recursive: true });
    writeFileSync(binary, '#!/bin/sh\necho \'{"bundled":true}\'\n', { mode: 0o755 });
    expect(start([]).said).toEqual({ bundled: true });
  });

  test('says how to mend it when the program is not built', () => {
    rmSync(join(folder, 'dist'), { recursive: true });
    const { status, stderr } = start([]);
    expect(status).toBe(1);
    expect(stderr).toContain('npm run build');
  });

  test('says how to mend it when the only Node is too old', () => {
    const preload = join(folder, 'old.cjs');
    const old = JSON.stringify({ ...process.versions, node: '20.20.2' });
    writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${old} });`);
    const { status, stderr } = start([], { ...process.env, NODE_OPTIONS: `--require ${preload}` });
    expect(status).toBe(1);
    expect(stderr).toContain('this is Node 20.20.2');
    expect(stderr).toContain('npm ci');
  });
});
