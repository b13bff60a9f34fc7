import { describe, expect, test } from '@jest/globals';
import { applyLines } from '../../src/config/apply.js';
import { changeState } from '../../src/config/change-state.js';
import { compareConfigs } from '../../src/config/comparison.js';
import { diffConfig } from '../../src/config/diff.js';
import { diffText, formatDiff } from '../../src/config/diff-text.js';
import { maskConfig } from '../../src/config/mask.js';
import { parseConfig } from '../../src/config/parse.js';
import { patchLines } from '../../src/config/patch.js';
import type { ConfigRules } from '../../src/config/rules.js';
import { blocksRules, bracesRules, indentedRules, outline, treeOf } from './sample.js';

function patch(before: string, after: string, rules: ConfigRules): readonly string[] {
  return patchLines(treeOf(before, rules), treeOf(after, rules), rules);
}

function applied(text: string, lines: readonly string[], rules: ConfigRules) {
  const result = applyLines(treeOf(text, rules), lines, rules);
  return result.kind === 'tree' ? outline(result.tree) : result.findings;
}

describe('a patch in the indented syntax', () => {
  const port = 'interface Ethernet1\n';

  test('replaces a single value without a no, and leaves the section by exit', () => {
    expect(patch(`${port} description a\n`, `${port} description b\n`, indentedRules)).toEqual([
      'interface Ethernet1',
      ' description b',
      ' exit',
    ]);
  });

  test('never says no twice: a negative form that goes is set to its default', () => {
    expect(patch(`${port} no switchport\n`, port, indentedRules)).toContain(' default switchport');
    expect(patch(`${port} shutdown\n`, `${port} no shutdown\n`, indentedRules)).toEqual([
      'interface Ethernet1',
      ' no shutdown',
      ' exit',
    ]);
  });

  test('takes a whole section away by its heading, after everything else', () => {
    const before = 'ip access-list extended A\n 10 permit ip any any\nhostname a\n';
    expect(patch(before, 'hostname b\n', indentedRules)).toEqual([
      'hostname b',
      'no ip access-list extended A',
    ]);
  });

  const list = (...entries: string[]) =>
    ['ip access-list extended A', ...entries.map((each) => ` ${each}`)].join('\n');

  test('changes numbered entries by their numbers', () => {
    const [before, after] = [list('10 permit x', '20 deny y'), list('10 permit z', '20 deny y')];
    expect(patch(before, after, indentedRules)).toEqual([
      'ip access-list extended A',
      ' no 10',
      ' 10 permit z',
      ' exit',
    ]);
  });

  test('only adds where a list grows at its end, and makes it anew where entries change places', () => {
    expect(patch(list('permit x'), list('permit x', 'deny y'), indentedRules)).toEqual([
      'ip access-list extended A',
      ' deny y',
      ' exit',
    ]);
    expect(patch(list('permit x', 'deny y'), list('deny y', 'permit x'), indentedRules)).toEqual([
      'no ip access-list extended A',
      'ip access-list extended A',
      ' deny y',
      ' permit x',
      ' exit',
    ]);
  });

  test('says nothing of sections that only changed places', () => {
    const [one, two] = ['interface Ethernet1\n mtu 1\n', 'interface Ethernet2\n mtu 2\n'];
    expect(patch(one + two, two + one, indentedRules)).toEqual([]);
  });
});

describe('lines typed in the indented syntax', () => {
  test('stay in a section without indentation until exit', () => {
    const lines = ['interface Vlan1', 'mtu 9', 'exit', 'ntp server 1', 'interface Vlan2', 'mtu 8'];
    expect(applied('', lines, indentedRules)).toEqual([
      ['interface Vlan1', 'mtu 9'],
      'ntp server 1',
      ['interface Vlan2', 'mtu 8'],
    ]);
  });

  test('take away everything that a name begins, but list no switch that the platform does not', () => {
    const text = 'ntp server 1 prefer\nntp server 2\n';
    expect(applied(text, ['no ntp server 1', 'no cdp'], indentedRules)).toEqual(['ntp server 2']);
    expect(applied('', ['no ip domain lookup'], indentedRules)).toEqual(['no ip domain lookup']);
  });

  test('are told apart when they change nothing', () => {
    const result = applyLines(treeOf('a\n', indentedRules), ['a', 'no b'], indentedRules);
    expect(result).toMatchObject({ kind: 'tree', idle: [2] });
  });

  test.each([['interface range Gi1 - 4'], ['exit'], ['banner motd ^C']])(
    'are refused where only the device knows what they do: %s',
    (line) => {
      expect(applied('', [line], indentedRules)).toMatchObject([{ line: 1 }]);
    },
  );
});

describe('a patch of braces', () => {
  const filter = (...terms: string[]) =>
    `firewall { filter F { ${terms.map((each) => `term ${each} { then accept; }`).join(' ')} } }`;

  test('moves a term by insert and deletes what went', () => {
    expect(patch(filter('a', 'b', 'x'), filter('b', 'a'), bracesRules)).toEqual([
      'delete firewall filter F term x',
      'insert firewall filter F term a after term b',
    ]);
  });

  test('switches statements off and on', () => {
    const [on, off] = ['system { ssh; }', 'system { inactive: ssh; }'];
    expect(patch(on, off, bracesRules)).toEqual(['deactivate system ssh']);
    expect(patch(off, on, bracesRules)).toEqual(['activate system ssh']);
  });

  test('follows edit and top as they are typed', () => {
    const lines = ['edit system', 'set host-name r2', 'top', 'set snmp location x'];
    expect(applied('system { host-name r1; }', lines, bracesRules)).toEqual([
      ['system', ['host-name', 'r2']],
      ['snmp', ['location', 'x']],
    ]);
  });

  test('refuses what only the device can work out', () => {
    expect(applied('', ['rename a to b'], bracesRules)).toMatchObject([{ line: 1 }]);
  });
});

describe('a patch of blocks', () => {
  const policies = (...ids: string[]) =>
    [
      'config firewall policy',
      ...ids.flatMap((id) => [`edit ${id}`, 'set x 1', 'next']),
      'end',
    ].join('\n');

  test('moves entries of an ordered table, and deletes entries last', () => {
    expect(patch(policies('1', '2', '9'), policies('2', '1'), blocksRules)).toEqual([
      'config firewall policy',
      '    move 1 after 2',
      'end',
      'config firewall policy',
      '    delete 9',
      'end',
    ]);
  });

  test('takes quoted and bare words as the same', () => {
    const text = (name: string) => `config system global\nset hostname ${name}\nend`;
    expect(patch(text('"fw1"'), text('fw1'), blocksRules)).toEqual([]);
  });
});

describe('a text that cannot be read', () => {
  test.each([
    [indentedRules, 'hostname a\nbanner motd ^C\nopen', 2],
    [bracesRules, 'system {\n  host-name "r1;\n}', 2],
    [bracesRules, 'system {\n  ssh;\n', 2],
    [bracesRules, 'set system ssh\nshow version', 2],
    [blocksRules, 'config x\nedit 1\nset a "b', 3],
    [blocksRules, 'end', 1],
  ])('is told by its line (%#)', (rules, text, line) => {
    const parsed = parseConfig(text, rules);
    expect(parsed.kind === 'malformed' && parsed.findings.map((each) => each.line)).toContain(line);
  });

  test('may be nested as deep as it likes', () => {
    const depth = 50_000;
    for (const [rules, text] of [
      [bracesRules, 'a { '.repeat(depth)],
      [indentedRules, Array.from({ length: 2000 }, (_none, at) => `${' '.repeat(at)}a`).join('\n')],
      [blocksRules, 'config a\nedit b\n'.repeat(depth)],
    ] as const) {
      expect(parseConfig(text, rules).kind).toBe('malformed');
    }
  });
});

test('masks by named rules, at the lines where they stood', () => {
  const text = '! NVRAM config last updated x\nusername a secret 9 $9$abc\nhostname a\n';
  const masked = maskConfig(text, indentedRules);
  expect(masked.text).toBe('\nusername a secret 9 <hashed>\nhostname a\n');
  expect(masked.masked).toEqual([
    { name: 'NVRAM stamp', line: 1 },
    { name: 'hashed secret', line: 2 },
  ]);
});

test('compares masked texts, but types real values', () => {
  const text = (secret: string, name: string) =>
    `username a secret 9 ${secret}\nhostname ${name}\n`;
  const compared = compareConfigs(
    { before: text('$9$x', 'a'), after: text('$9$y', 'b') },
    indentedRules,
    { context: 0 },
  );
  expect(compared).toMatchObject({
    kind: 'compared',
    comparison: {
      same: false,
      diff: [
        { sign: '-', depth: 0, text: 'hostname a' },
        { sign: '+', depth: 0, text: 'hostname b' },
      ],
      patch: ['no username a secret 9 $9$x', 'username a secret 9 $9$y', 'hostname b'],
    },
  });
});

test('shows a moved entry of an ordered section under its headings, with its neighbours', () => {
  const list = (...entries: string[]) =>
    treeOf(`hostname a\nip access-list extended A\n ${entries.join('\n ')}\n`, indentedRules);
  const lines = formatDiff(list('a', 'b', 'c', 'd'), list('b', 'c', 'a', 'd'), indentedRules, {
    context: 1,
  });
  expect(lines.map(diffText)).toEqual([
    '  hostname a',
    '  ip access-list extended A',
    '-   a',
    '    b',
    '    c',
    '+   a',
    '    d',
  ]);
});

describe('the state of a change', () => {
  const [before, after] = ['ip http server\nhostname a\n', 'hostname b\n'].map((text) =>
    treeOf(text, indentedRules),
  );
  const delta = diffConfig(before!, after!, indentedRules);

  test('is between when only a part is there, and says which', () => {
    const half = treeOf('ip http server\nhostname b\n', indentedRules);
    expect(changeState(half, delta)).toEqual({
      kind: 'between',
      missing: [],
      surplus: ['ip http server'],
    });
  });

  test('does not mind that the platform lists what was switched off', () => {
    const listed = treeOf('no ip http server\nhostname b\n', indentedRules);
    expect(changeState(listed, delta).kind).toBe('after');
  });
});
