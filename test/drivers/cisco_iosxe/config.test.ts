import { describe, expect, test } from '@jest/globals';
import { archivePathOf, comesBackSame, listsNumbers } from '../../../drivers/cisco_iosxe/config.js';
import { driver } from '../../../drivers/cisco_iosxe/index.js';
import { reloadGuard, rollbackGuard } from '../../../drivers/cisco_iosxe/config-revert.js';
import { applyLines } from '../../../src/config/apply.js';
import type { ConfigDelta } from '../../../src/config/delta.js';
import { diffConfig } from '../../../src/config/diff.js';
import { parseConfig } from '../../../src/config/parse.js';
import { patchLines } from '../../../src/config/patch.js';
import type { ConfigTree } from '../../../src/config/tree.js';
import type { Facts } from '../../../src/driver/facts.js';
import { isNoise, matchPrompt, prepareDialect } from '../../../src/session/prompt.js';
import { contextOf, transcript, type Script } from './fake-session.js';

const { config, platform } = driver;
if (!config) throw new Error('IOS-XE has lost its configuration support');
const { rules } = config;

const RUNNING = `version 17.9
hostname ward-stack
username ops privilege 15 secret 9 $9$2Mf3X
vrf definition Mgmt-vrf
 address-family ipv4
 exit-address-family
interface GigabitEthernet0/0
 vrf forwarding Mgmt-vrf
 ip address 10.0.0.5 255.255.255.0
interface GigabitEthernet1/0/1
 switchport mode trunk
interface Vlan20
 ip address 10.20.0.5 255.255.255.0
 ip access-group IN-BAND in
ip access-list standard VTY
 10 permit 10.9.0.0 0.0.255.255
ip access-list standard OTHER
 10 permit 10.9.0.0 0.0.255.255
ip access-list extended IN-BAND
 10 permit ip any any
snmp-server community public RO SNMP-IN
line vty 0 4
 access-class VTY in
 login local
 transport input ssh
`;

function tree(text: string): ConfigTree {
  const parsed = parseConfig(text, rules);
  if (parsed.kind !== 'tree') throw new Error(JSON.stringify(parsed.findings));
  return parsed.tree;
}

function changed(patch: string, minutes = 11) {
  const before = tree(RUNNING);
  const applied = applyLines(before, patch.split('\n'), rules);
  if (applied.kind !== 'tree') throw new Error(JSON.stringify(applied.findings));
  const after = applied.tree;
  const delta: ConfigDelta = diffConfig(before, after, rules);
  const change = {
    apply: patchLines(before, after, rules),
    revert: patchLines(after, before, rules),
    delta,
    revertAfterMs: minutes * 60_000,
    guarded: [],
  };
  return { before, after, delta, change };
}

const guardOf = (patch: string, managementAddress = '10.0.0.5') =>
  config.guard({ ...changed(patch), managementAddress });

const ARCHIVED = transcript('stack-install').facts;
const PLAIN: Facts = {
  ...ARCHIVED,
  details: { ...transcript('single-install').facts.details, 'install.uncommitted': false },
};

describe('what touches the way in', () => {
  test.each([
    ['username eve privilege 15 secret 9 $9$x', 'it changes who may log in'],
    ['aaa new-model', 'it changes how logins are checked'],
    ['tacacs server T1\n address ipv4 10.1.1.1', 'it changes the servers that check logins'],
    ['ip ssh version 2', 'it changes the services by which the device is reached'],
    ['line vty 0 4\n exec-timeout 5 0', 'it changes the lines that logins come in on'],
    ['snmp-server location x', 'it changes SNMP'],
    ['interface GigabitEthernet0/0\n description oob', 'it changes the management port'],
    [
      'vrf definition Mgmt-vrf\n description oob',
      'it changes VRF Mgmt-vrf, by which the device is managed',
    ],
    [
      'ip access-list standard VTY\n 20 permit 10.8.0.0 0.0.255.255',
      'it changes access list VTY, which guards the way in',
    ],
    ['ip route 0.0.0.0 0.0.0.0 10.0.0.1', 'it changes the default route'],
    ['ip access-list standard OTHER\n 20 permit 10.8.0.0 0.0.255.255', undefined],
    ['ntp server 192.0.2.1', undefined],
    ['router ospf 1\n router-id 10.0.0.5', undefined],
  ])('%j', (patch, reason) => {
    expect(guardOf(patch)).toEqual(reason === undefined ? [] : [reason]);
  });

  test.each([
    ['vlan 20\n name users', 'it changes VLAN 20, in which the address is that we come by'],
    [
      'interface Vlan20\n description users',
      'it changes Vlan20, which holds the address that we come by',
    ],
    [
      'interface GigabitEthernet1/0/1\n switchport trunk allowed vlan 30',
      'it changes the VLANs of GigabitEthernet1/0/1, and we come by a VLAN',
    ],
    [
      'ip access-list extended IN-BAND\n 5 deny ip any any',
      'it changes access list IN-BAND, which guards the way in',
    ],
    [
      'router ospf 1\n router-id 10.0.0.5',
      'it changes the routing or switching, and the address that we come by is not on a management port',
    ],
  ])('in band: %j', (patch, reason) => {
    expect(guardOf(patch, '10.20.0.5')).toEqual([reason]);
  });
});

describe('a proposal', () => {
  test('takes the way back that the device has', () => {
    expect(config.revertBy(ARCHIVED)).toBe('timed-revert');
    expect(config.revertBy(PLAIN)).toBe('reload');
    const remote = { ...ARCHIVED.details, archivePath: 'tftp://10.0.0.1/ward' };
    expect(config.revertBy({ ...ARCHIVED, details: remote })).toBe('reload');
  });

  test('sets back to its default what `no` would set to something else', () => {
    const { change } = changed('line vty 0 4\n exec-timeout 5 0\nlogging buffered 8192\n');
    const proposal = config.propose(change, ARCHIVED);
    const steps = proposal.kind === 'steps' ? proposal.rollback : [];
    expect(steps[0]?.commands.map(({ send }) => send)).toEqual([
      'configure revert now',
      'configure terminal',
      'default logging buffered',
      'line vty 0 4',
      ' default exec-timeout',
      ' exit',
      'end',
    ]);
  });

  test.each([
    ['ntp server 192.0.2.1', 121, 'cannot take a change back after 121 minutes'],
    ['ntp server 192.0.2.1', 0.5, 'cannot take a change back'],
    ['banner motd #hello#', 11, 'asks for a text of several lines'],
    ['hostname other', 11, 'the hostname would change'],
    ['username eve privilege 15 secret plain', 11, 'is not listed as it is typed'],
    ['enable secret plain', 11, 'is not listed as it is typed'],
    ['snmp-server user u g v3 auth sha x', 11, 'is not listed as it is typed'],
    [`ntp server ${'x'.repeat(260)}`, 11, 'cannot be typed'],
    ['ip access-list extended MON\n permit ip any any', 11, 'a number of its own'],
    ['archive\n path flash:other', 11, 'changes the archive'],
  ])('refuses %j with %d minutes', (patch, minutes, why) => {
    const answer = config.propose(changed(patch, minutes).change, ARCHIVED);
    expect(answer.kind === 'refused' ? answer.why : 'not refused').toContain(why);
  });

  test.each([
    [{ unsaved: true }, 'running and startup config differ'],
    [{ 'install.autoAbort': true }, 'not committed yet'],
    [{ nextConfigRegister: '0x2142' }, 'ignore the startup config'],
    [{ operatingMode: 'Controller-Managed' }, 'SD-WAN controller'],
  ])('refuses a scheduled reload with %j', (details, why) => {
    const facts = { ...PLAIN, details: { ...PLAIN.details, ...details } };
    const answer = config.propose(changed('ntp server 192.0.2.1').change, facts);
    expect(answer.kind === 'refused' ? answer.why : 'not refused').toContain(why);
  });

  test('refuses a scheduled reload of a stack with a member missing, or one that boots by hand', () => {
    const { change } = changed('ntp server 192.0.2.1');
    for (const odd of [{ state: 'provisioned' }, { manualBoot: true }]) {
      const members = PLAIN.members.map((each) => ({ ...each, ...odd }));
      expect(config.propose(change, { ...PLAIN, members }).kind).toBe('refused');
    }
    expect(config.propose(change, PLAIN).kind).toBe('steps');
  });
});

describe('what the device tells', () => {
  test('of its archive, in any order of the section', () => {
    expect(archivePathOf(transcript('stack-install').commands['show running-config'] ?? '')).toBe(
      'flash:archive',
    );
    expect(archivePathOf('archive\n log config\n  logging enable\n!\npath flash:x\n')).toBe(
      undefined,
    );
    expect(archivePathOf('ip archive\n path flash:x\n')).toBe(undefined);
  });

  test('of its timers', () => {
    const timer = transcript('single-install').commands['show archive config rollback timer'] ?? '';
    expect(rollbackGuard(timer, 11)).toBe('ours');
    expect(rollbackGuard(timer, 12)).toBe('foreign');
    expect(rollbackGuard(timer.replace('absolute', 'idle'), 11)).toBe('foreign');
    expect(rollbackGuard('%No Rollback Confirmed Change pending\n', 11)).toBe('none');
    expect(rollbackGuard('', 11)).toBe('unreadable');
    const shown = transcript('stack-uncommitted').commands['show reload'] ?? '';
    expect(reloadGuard(shown, 'nightshift-0123456789ab')).toBe('ours');
    expect(reloadGuard(shown, 'nightshift-ffffffffffff')).toBe('foreign');
    expect(reloadGuard('Reload scheduled in 9 minutes by console\n', 'nightshift-0')).toBe(
      'foreign',
    );
    expect(reloadGuard('No reload is scheduled.\n', 'x')).toBe('none');
    expect(reloadGuard('', 'x')).toBe('unreadable');
  });

  test('of what a reload would change', () => {
    expect(comesBackSame('version 17.12\nntp server a\n', 'version 17.9\nntp server a\n')).toBe(
      true,
    );
    expect(comesBackSame('version 17.9\nntp server a\n', 'version 17.9\n')).toBe(false);
    expect(listsNumbers('ip access-list standard A\n 10 permit any\n')).toBe(true);
    expect(listsNumbers('ip access-list standard A\n permit any\n')).toBe(false);
    expect(listsNumbers('hostname x\n')).toBe(undefined);
  });

  test('on every terminal is noise, and a prompt stays one', () => {
    const dialect = prepareDialect(platform.dialect);
    const lines = [
      'Rollback Confirmed Change: Rollback will begin in one minute.',
      'Enter "configure confirm" if you wish to keep what you\'ve configured',
      'Rollback Confirmed Change: rolling to:flash:archive-Nov-23-20-22-33.123-1',
      '*Nov 23 20:22:33.123: Rollback:Acquired Configuration lock.',
      '*Nov 23 20:22:33.123: %ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: Start rolling to: flash:a',
      '***',
      '*** --- SHUTDOWN ABORTED ---',
      '*** --- SHUTDOWN in 0:01:00 ---',
    ];
    expect(lines.filter((each) => !isNoise(each, dialect))).toEqual([]);
    const banner = ['*** authorised only ***', '****', ' ***', 'Rollback Done'];
    expect(banner.filter((each) => isNoise(each, dialect))).toEqual([]);
    const learned = { host: 'ward-stack', texts: [] };
    const prompt = matchPrompt('ward-stack(config-if)#', dialect, learned);
    expect(prompt).toMatchObject({ mode: 'config', certain: true });
  });
});

describe('a line of the change', () => {
  const { change } = changed('ntp server 192.0.2.1');
  const proposal = config.propose(change, ARCHIVED);
  const step =
    proposal.kind === 'steps' ? proposal.steps.find(({ id }) => id === 'apply-config') : undefined;
  const kind = driver.stepKinds.find((each) => each.kind === 'apply-config');
  const QUIET: Script = {
    'show archive config rollback timer': '%No Rollback Confirmed Change pending\n',
    'show running-config': RUNNING,
    'configure terminal revert timer 11': {
      kind: 'output',
      text: 'Enter configuration commands, one per line.',
      mode: 'config',
    },
    'configure revert now': 'Rollback Done',
    end: '',
  };

  async function typed(answer: Script[string]) {
    if (!step || !kind) throw new Error('no such step');
    const sent: string[] = [];
    const script = { ...QUIET, 'ntp server 192.0.2.1': answer };
    const act = await kind.act(contextOf(step, { script, sent }));
    return { act, sent: sent.filter((each) => !each.startsWith('show')) };
  }

  const taken = (text: string) => ({ kind: 'output', text, mode: 'config' }) as const;

  test.each([
    '',
    '% Access VLAN does not exist. Creating vlan 20',
    '%Warning: portfast should only be enabled on ports connected to a single host.',
  ])('that is answered with %j is taken', async (text) => {
    expect((await typed(taken(text))).act).toEqual({ kind: 'acted', known: { typed: true } });
  });

  test.each([
    ['% NTP: could not resolve the name', taken('% NTP: could not resolve the name')],
    ['% Invalid input', "  ^\n% Invalid input detected at '^' marker.\n"],
    ['led out of configuration mode', { kind: 'output', text: '', mode: 'enable' } as const],
    ['unknown dialog', { kind: 'question', text: 'Really? [confirm]' } as const],
  ])('that ends in %j is refused, and the device goes back at once', async (why, answer) => {
    const { act, sent } = await typed(answer);
    expect(act.kind === 'refused' ? act.why : act.kind).toContain(why);
    expect(sent).toEqual([
      'configure terminal revert timer 11',
      'ntp server 192.0.2.1',
      'end',
      'configure revert now',
    ]);
  });

  test('in which the session ends leaves it open what became of it', async () => {
    const answer = { kind: 'closed', text: '', detail: 'reset' } as const;
    expect((await typed(answer)).act.kind).toBe('ambiguous');
  });
});
