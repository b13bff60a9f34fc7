import { describe, expect, test } from '@jest/globals';
import { config } from '../../../drivers/juniper_junos/config.js';
import { applyLines } from '../../../src/config/apply.js';
import { diffConfig } from '../../../src/config/diff.js';
import { maskConfig } from '../../../src/config/mask.js';
import { formatConfig, parseConfig } from '../../../src/config/parse.js';
import { patchLines } from '../../../src/config/patch.js';
import type { ConfigTree } from '../../../src/config/tree.js';
import { recorded, recordings } from './recorded.js';

const { rules } = config;

function treeOf(text: string): ConfigTree {
  const parsed = parseConfig(text, rules);
  if (parsed.kind === 'tree') return parsed.tree;
  throw new Error(`line ${parsed.findings[0]?.line}: ${parsed.findings[0]?.why}`);
}

function patched(before: ConfigTree, lines: readonly string[]): ConfigTree {
  const parsed = applyLines(before, lines, rules);
  if (parsed.kind === 'tree') return parsed.tree;
  throw new Error(parsed.findings[0]?.why);
}

const running = (file: string) => treeOf(recorded(file).commands['show configuration'] ?? '');

function guarded(file: string, lines: readonly string[], managementAddress = '192.0.2.1') {
  const before = running(file);
  const after = patched(before, lines);
  const delta = diffConfig(before, after, rules);
  return config.guard({ before, after, delta, managementAddress });
}

describe('the rules', () => {
  test.each(recordings.map((each) => [each.file, each] as const))(
    '%s: its configuration is read whole, and again from what we write',
    (_file, { commands }) => {
      const tree = treeOf(commands['show configuration'] ?? '');
      const again = treeOf(formatConfig(tree, rules));
      expect(diffConfig(tree, again, rules)).toEqual({ added: [], removed: [], ordered: [] });
      expect(tree.nodes.length).toBeGreaterThan(4);
    },
  );

  test.each([
    ['set system host-name new', ['set system host-name new']],
    ['set interfaces ge-1/0/0 description "to x"', ['set interfaces ge-1/0/0 description "to x"']],
    ['set routing-options router-id 10.0.0.9', ['set routing-options router-id 10.0.0.9']],
    [
      'set policy-options policy-statement to-core term rest then accept',
      ['set policy-options policy-statement to-core term rest then accept'],
    ],
  ])('%s: takes the place of what was there', (line, expected) => {
    const before = running('mx-single-before');
    const after = patched(before, [line]);
    expect(patchLines(before, after, rules).filter((each) => each.startsWith('set'))).toEqual(
      expected,
    );
    expect(diffConfig(before, after, rules).removed).toHaveLength(1);
  });

  test('keep the terms of a filter in order', () => {
    const before = running('mx-single-before');
    const term = 'firewall family inet filter protect-re term';
    const after = patched(before, [
      `set ${term} snmp from protocol udp`,
      `set ${term} snmp then accept`,
      `insert ${term} snmp before term rest`,
    ]);
    const [changed] = diffConfig(before, after, rules).ordered;
    expect(changed?.after).toEqual(['ssh', 'routing', 'snmp', 'rest']);
  });

  test.each([
    'commit',
    'exit',
    'rollback 1',
    'run request system reboot',
    'load override x',
    'top',
  ])('%s is no configuration', (line) => {
    expect(rules.forbidden.some((each) => each.test(line))).toBe(true);
  });

  test.each([
    'set system host-name exit',
    'delete snmp',
    'deactivate protocols bgp',
    'insert a b before c',
  ])('%s is', (line) => {
    expect(rules.forbidden.some((each) => each.test(line))).toBe(false);
  });

  test('mask the stamp, the version of the software and hashed secrets', () => {
    const { text, masked } = maskConfig(
      '## Last commit: 2026-11-02 20:11:03 UTC by otto\nversion 21.4R3-S5.4;\nencrypted-password "$6$abc";\n',
      rules,
    );
    expect(text).toBe('\n\nencrypted-password "<secret>";\n');
    expect(masked.map((each) => each.name)).toEqual([
      'commit stamp',
      'software version',
      'hashed secret',
    ]);
  });
});

describe('the guard', () => {
  test.each([
    ['set system login user eve class super-user', /who may log in/],
    ['set system authentication-order tacplus', /order in which logins/],
    ['set system tacplus-server 10.0.0.1 secret x', /servers that check/],
    ['delete system services ssh', /services by which/],
    ['set snmp community other authorization read-only', /SNMP/],
    ['set routing-options static route 0.0.0.0/0 next-hop 10.71.1.254', /static routes/],
    ['set routing-instances mgmt_junos routing-options static route 0.0.0.0/0 discard', /instance/],
    ['set interfaces fxp0 unit 0 family inet address 10.71.1.99/24', /management port fxp0/],
    ['set firewall family inet filter protect-re term ssh then discard', /filter protect-re/],
    ['set policy-options prefix-list noc 10.9.0.0/16', /prefix-list noc/],
    ['delete interfaces lo0 unit 0 family inet filter', /lo0/],
    ['set system services netconf ssh port 8830', /services by which/],
  ])('flags %s', (line, reason) => {
    expect(guarded('mx-single-before', [line])).toEqual([expect.stringMatching(reason)]);
  });

  test.each([
    'set interfaces ge-1/0/0 description new',
    'set protocols ospf reference-bandwidth 100g',
    'set firewall family inet filter customers term all then accept',
    'set policy-options prefix-list customers 10.9.0.0/16',
    'set system ntp server 10.70.0.10',
  ])('lets %s pass', (line) => {
    expect(guarded('mx-single-before', [line])).toEqual([]);
  });

  test('looks into groups as if they were applied', () => {
    const line = 'set groups re0 interfaces fxp0 unit 0 family inet address 10.71.2.99/24';
    expect(guarded('mx-dual-before', [line])).toEqual(['it changes the management port fxp0']);
  });

  test('flags the interface that holds our address, and the routing to it', () => {
    const port = 'set interfaces xe-2/0/0 mtu 9192';
    expect(guarded('mx-single-before', [port], '10.71.10.3')).toEqual([
      'it changes xe-2/0/0, which holds the address that we come by',
    ]);
    const routing = 'delete protocols ospf area 0.0.0.0 interface xe-2/0/0.0';
    expect(guarded('mx-single-before', [routing], '10.71.10.3')).toEqual([
      expect.stringContaining('it changes the routing'),
    ]);
  });
});

describe('a proposal', () => {
  const change = {
    apply: ['set system host-name new'],
    revert: ['set system host-name old'],
    delta: {
      added: [['system', 'host-name', 'new']],
      removed: [['system', 'host-name', 'old']],
      ordered: [],
    },
    revertAfterMs: 1_200_000,
    guarded: [],
  };
  const { facts } = recorded('mx-dual-before');

  test('types the change under commit confirmed, checked first', () => {
    const proposal = config.propose(change, facts);
    const lines = proposal.kind === 'steps' ? proposal.steps[1]?.commands : [];
    expect(lines?.map((each) => each.send)).toEqual([
      'configure exclusive',
      'set system host-name new',
      'commit check',
      expect.stringMatching(/^commit confirmed 20 comment "nightshift [0-9a-f]{12}"$/),
      'rollback 0',
      'exit configuration-mode',
    ]);
  });

  test.each([
    ['a part of a minute', { ...change, revertAfterMs: 90_500 }, facts],
    ['two lines in one', { ...change, apply: ['set a b\ncommit'] }, facts],
    [
      'two engines of which one is committed to',
      change,
      { ...facts, details: { ...facts.details, commitSynchronize: false } },
    ],
    [
      'an engine that is away',
      change,
      { ...facts, members: facts.members.map((each) => ({ ...each, state: 'present' })) },
    ],
  ])('is refused for %s', (_what, of, at) => {
    const proposal = config.propose(of, at);
    expect(proposal).toMatchObject({ kind: 'refused' });
  });
});
