import { describe, expect, test } from '@jest/globals';
import { loadPlaybook } from '../../src/playbook/load.js';
import type { Files } from '../../src/ports/files.js';

const playbook = (config: string) => `kind: playbook
name: p1
summary: NTP moves
limit: all
change:
  config:
${config}
window: w1
`;

function load(config: string, files: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = { 'books/p.yaml': playbook(config), ...files };
  const readText = async (path: string) => all[path];
  return loadPlaybook({ readText } as unknown as Files, 'books/p.yaml');
}

describe('the patches of a playbook', () => {
  test('are read from beside it, for all platforms or by platform', async () => {
    const config = `    - patch: patches/ntp.hbs
      vars: { servers: [10.0.0.1] }
    - patch: { arista_eos: eos.hbs, cisco_iosxe: ios.hbs }`;
    const loaded = await load(config, {
      'books/patches/ntp.hbs': 'ntp server {{servers}}',
      'books/eos.hbs': 'a',
      'books/ios.hbs': 'b',
    });
    expect(loaded.ok && loaded.value.config).toEqual([
      {
        name: 'patches/ntp.hbs',
        templates: [{ file: 'patches/ntp.hbs', text: 'ntp server {{servers}}' }],
        vars: { servers: ['10.0.0.1'] },
      },
      {
        name: 'eos.hbs, ios.hbs',
        templates: [
          { file: 'eos.hbs', platform: 'arista_eos', text: 'a' },
          { file: 'ios.hbs', platform: 'cisco_iosxe', text: 'b' },
        ],
        vars: {},
      },
    ]);
    expect(loaded.ok && loaded.value.firmware).toBeUndefined();
  });

  test('change the digest of the playbook when their text changes', async () => {
    const digests = await Promise.all(
      ['ntp a', 'ntp b'].map((text) => load('    - patch: n.hbs', { 'books/n.hbs': text })),
    );
    const [a, b] = digests.map((each) => each.ok && each.value.digest);
    expect(a).not.toBe(b);
  });

  test('are all held against the rules at once, each finding with its place', async () => {
    const config = `    - patch: gone.hbs
    - patch: bad.hbs`;
    const loaded = await load(config, { 'books/bad.hbs': 'a\n{{{x}}}\n{{> y}}' });
    const found = loaded.diagnostics.map(
      ({ place, message }) => `${place?.file}:${place?.line}:${place?.column} ${message}`,
    );
    expect(found).toEqual([
      'books/p.yaml:7:14 there is no file books/gone.hbs',
      'books/bad.hbs:2:1 a raw value {{{...}}} is not allowed',
      'books/bad.hbs:3:1 partials and decorators are not allowed',
    ]);
    expect(loaded.ok).toBe(false);
  });
});
