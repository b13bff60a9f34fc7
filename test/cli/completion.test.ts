import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { typed } from './fake-parts.js';

const unit = (id: string, site: string) => ({ id, device: { groups: ['access'], site } });
const app = {
  inventory: async () => ({
    units: [unit('core-1', 'ams'), unit('edge-1', 'lon')],
    sites: [{ name: 'ams' }, { name: 'lon' }],
  }),
  plans: async () => [{ digest: 'ab12cd34ef56'.padEnd(64, '0') }],
  runs: async () => [{ run: '$(touch /tmp/x)' }, { run: 'night-1' }],
};

async function next(...words: readonly string[]): Promise<readonly string[]> {
  const { code, out, err } = await typed(['completion', '--words', '--', ...words], { app });
  expect([code, err]).toEqual([0, '']);
  return out.split('\n').filter(Boolean);
}

describe('completion', () => {
  test('offers commands, their parts and their options', async () => {
    expect(await next('inv')).toEqual(['inventory']);
    expect(await next('inventory', 'sh')).toEqual(['show']);
    expect(await next('lab', 'run', '--se')).toEqual(['--seed']);
  });

  test('offers live names: plans, units, fault codes', async () => {
    expect(await next('run', '')).toEqual(['last', 'ab12cd34ef56']);
    expect(await next('trust', 'e')).toEqual(['edge-1']);
    expect(await next('explain', 'auth-')).toContain('auth-refused');
  });

  test('goes on in the middle of a host pattern', async () => {
    expect(await next('run', 'last', '--limit', 'access:&site_a')).toEqual(['access:&site_ams']);
  });

  test('offers the formats of the very command', async () => {
    expect(await next('plan', 'cards', '-o', 'h')).toEqual(['html']);
    expect(await next('trust', 'core-1', '-o', 'h')).toEqual([]);
  });

  test('looks where the line itself says', async () => {
    const seen: string[] = [];
    const looking = {
      ...app,
      inventory: async (folder: string) => {
        seen.push(folder);
        return app.inventory();
      },
    };
    const words = ['-i', 'elsewhere', 'trust', 'e'];
    await typed(['completion', '--words', '--', ...words], { app: looking });
    expect(seen).toEqual(['elsewhere']);
  });

  test('offers nothing that a shell could run', async () => {
    expect(await next('status', '')).toEqual(['last', 'night-1']);
  });

  test('says nothing where the inventory cannot be read', async () => {
    const broken = { ...app, inventory: () => Promise.reject(new Error('broken')) };
    const spoken = await typed(['completion', '--words', '--', 'trust', ''], { app: broken });
    expect(spoken).toEqual({ code: 0, out: '', err: '' });
  });

  test('of bash takes the words as they are typed, colons and all', async () => {
    const { out } = await typed(['completion', 'bash'], { app });
    // Stands for the program: gives back what it was asked, and two names.
    const script = `
      nightshift() { shift 2; printf '%s\\n' "access:edge-1" "access:\${#}"; }
      ${out}
      COMP_LINE='nightshift run last --limit access:e'; COMP_POINT=\${#COMP_LINE}; _nightshift
      printf '%s\\n' "\${COMPREPLY[@]}"; complete -p nightshift`;
    const bash = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(bash.stderr).toBe('');
    expect(bash.stdout).toContain('edge-1\n5\n');
    expect(bash.stdout).toContain('-F _nightshift nightshift');
  });

  test.each([
    ['zsh', '#compdef nightshift'],
    ['fish', 'complete -c nightshift'],
  ])('is there for %s', async (shell, begins) => {
    const { code, out } = await typed(['completion', shell], { app });
    expect(code).toBe(0);
    expect(out).toContain(begins);
  });

  test('of a shell that it does not know is refused with what was meant', async () => {
    const { code, err } = await typed(['completion', 'bsah'], { app });
    expect(code).toBe(64);
    expect(err).toContain('did you mean bash?');
  });
});
