import { describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import type { DriverLoaders } from '../../src/driver/driver.js';
import type { World } from '../../src/ports/world.js';
import { indentedRules } from '../config/sample.js';
import { typed } from './fake-parts.js';

const files: Readonly<Record<string, string>> = {
  'a.cfg': 'hostname a\nusername x secret 9 one\n',
  'b.cfg': 'hostname b\nusername x secret 9 one\n',
  'broken.cfg': 'hostname a\nbanner motd ^C\n',
};

/** An App over these files, with one platform that can be compared and one that cannot. */
function appOf() {
  const world = { files: { readText: async (path: string) => files[path] } } as unknown as World;
  const loaders = {
    able: async () => ({ driver: { platform: { id: 'able' }, config: { rules: indentedRules } } }),
    plain: async () => ({ driver: { platform: { id: 'plain' } } }),
  } as unknown as DriverLoaders;
  const app = createApp(world, loaders);
  return { app: { compareConfigs: app.compareConfigs.bind(app) } };
}

function config(...argv: string[]) {
  return typed(['config', ...argv], appOf());
}

describe('config diff', () => {
  test('shows what differs, tells what was masked on stderr, and exits 2 where that was asked for', async () => {
    const words = ['diff', 'a.cfg', 'b.cfg', '--platform', 'able'];
    expect(await config(...words)).toEqual({
      code: 0,
      out: '- hostname a\n+ hostname b\n',
      err: 'masked hashed secret: 2 lines\n',
    });
    expect((await config(...words, '--exit-code')).code).toBe(2);
  });

  test('is silent on stdout when there is no difference', async () => {
    const { code, out } = await config(
      'diff',
      'a.cfg',
      'a.cfg',
      '--platform',
      'able',
      '--exit-code',
    );
    expect([code, out]).toEqual([0, '']);
  });

  test('is JSON for machines', async () => {
    const { out } = await config('diff', 'a.cfg', 'b.cfg', '--platform', 'able', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({ same: false, diff: [{ sign: '-' }, { sign: '+' }] });
  });

  test.each(['plain', 'ablle'])('names the platforms that it can compare, not %s', async (name) => {
    const { code, err } = await config('diff', 'a.cfg', 'b.cfg', '--platform', name);
    expect(code).toBe(64);
    expect(err).toContain('one of able');
  });

  test('points at the line that cannot be read', async () => {
    const { code, err } = await config('diff', 'a.cfg', 'broken.cfg', '--platform', 'able');
    expect(code).toBe(1);
    expect(err).toContain('broken.cfg:2:1');
  });
});

test('config patch prints what to type', async () => {
  const { code, out } = await config('patch', 'a.cfg', 'b.cfg', '--platform', 'able');
  expect([code, out]).toEqual([0, 'hostname b\n']);
});
