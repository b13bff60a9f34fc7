import { describe, expect, test } from '@jest/globals';
import { applyLines } from '../../../src/config/apply.js';
import { diffConfig } from '../../../src/config/diff.js';
import { parseConfig } from '../../../src/config/parse.js';
import type { ConfigChange } from '../../../src/driver/config-support.js';
import { conformers } from '../../conformance/conformer.js';
import { config } from '../../../drivers/fortinet_fortios/config.js';

const recorded = conformers
  .find(({ id }) => id === 'fortinet_fortios')
  ?.transcripts.find(({ file }) => file === 'single-before.json');
if (!recorded) throw new Error('nothing recorded');
const { facts } = recorded;

function treeOf(text: string) {
  const parsed = parseConfig(text, config.rules);
  if (parsed.kind !== 'tree') throw new Error(JSON.stringify(parsed.findings));
  return parsed.tree;
}

function guarded(lines: readonly string[], managementAddress = '10.44.0.1'): readonly string[] {
  const before = treeOf(recorded?.commands['show'] ?? '');
  const applied = applyLines(before, lines, config.rules);
  if (applied.kind !== 'tree') throw new Error(JSON.stringify(applied.findings));
  const delta = diffConfig(before, applied.tree, config.rules);
  return config.guard({ before, after: applied.tree, delta, managementAddress });
}

describe('the guard of our own way in', () => {
  test.each([
    [
      'the port that we come by',
      ['config system interface', 'edit "internal1"', 'set allowaccess ping https', 'next', 'end'],
    ],
    [
      'trusted hosts',
      [
        'config system admin',
        'edit "nightshift"',
        'set trusthost1 10.9.0.0 255.255.0.0',
        'next',
        'end',
      ],
    ],
    ['the SSH port', ['config system global', 'set admin-ssh-port 2222', 'end']],
    [
      'SNMP',
      [
        'config system snmp user',
        'edit "poller"',
        'set security-level auth-no-priv',
        'next',
        'end',
      ],
    ],
    [
      'the default route',
      ['config router static', 'edit 1', 'set gateway 198.51.100.9', 'next', 'end'],
    ],
    [
      'local-in policies',
      ['config firewall local-in-policy', 'edit 1', 'set action deny', 'next', 'end'],
    ],
    ['RADIUS', ['config user radius', 'edit "r1"', 'set server "10.0.0.9"', 'next', 'end']],
  ])('sees a change of %s', (_what, lines) => {
    expect(guarded(lines)).not.toEqual([]);
  });

  test.each([
    [
      'an address object',
      [
        'config firewall address',
        'edit "printers"',
        'set subnet 10.1.0.0 255.255.0.0',
        'next',
        'end',
      ],
    ],
    ['a policy', ['config firewall policy', 'edit 1', 'set logtraffic all', 'next', 'end']],
    ['another port', ['config system interface', 'edit "wan1"', 'set role lan', 'next', 'end']],
    ['the idle time', ['config system global', 'set timezone "Europe/Vienna"', 'end']],
  ])('lets a change of %s pass', (_what, lines) => {
    expect(guarded(lines)).toEqual([]);
  });

  test('sees a change of any port when none is known to hold our address', () => {
    const lines = ['config system interface', 'edit "wan1"', 'set role lan', 'next', 'end'];
    expect(guarded(lines, '192.0.2.99')).not.toEqual([]);
  });
});

const change: ConfigChange = {
  apply: ['config system global', '    set admintimeout 20', 'end'],
  revert: ['config system global', '    set admintimeout 30', 'end'],
  delta: {
    added: [['config system global', 'set admintimeout 20']],
    removed: [['config system global', 'set admintimeout 30']],
    ordered: [],
  },
  revertAfterMs: 900_000,
  guarded: [],
};

describe('a proposed change', () => {
  test('turns the revert mode on before its first line and saves only at the end', () => {
    const answer = config.propose(change, facts);
    if (answer.kind !== 'steps') throw new Error(answer.why);
    const [, apply, confirm] = answer.steps;
    expect(apply?.commands.slice(0, 5).map(({ send }) => send)).toEqual([
      'config system global',
      'set cfg-save revert',
      'set cfg-revert-timeout 900',
      'end',
      'config system global',
    ]);
    expect(confirm?.commands[0]?.send).toBe('execute cfg save');
    expect(answer.steps.map(({ phase }) => phase)).toEqual(['prepare', 'configure', 'commit']);
  });

  test.each([
    ['a secret', { apply: ['config system admin', 'set password hunter2', 'end'] }],
    ['half a quote', { apply: ['config system global', 'set alias "a', 'end'] }],
    ['half a minute', { revertAfterMs: 30_000 }],
  ])('is refused with %s', (_what, patch) => {
    expect(config.propose({ ...change, ...patch }, facts).kind).toBe('refused');
  });

  test('is told as an outage where the release reboots to go back', () => {
    expect(config.revertBy(facts)).toBe('timed-revert');
    expect(config.revertBy({ ...facts, runningVersion: '6.4.15' })).toBe('reload');
  });

  test.each(['execute reboot', 'config vdom', 'abort', 'set cfg-save manual', 'diagnose sys kill'])(
    'may not hold %s',
    (line) => {
      expect(config.rules.forbidden.some((each) => each.test(line))).toBe(true);
    },
  );
});
