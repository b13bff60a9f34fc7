import { describe, expect, test } from '@jest/globals';
import { personality } from '../../../drivers/fortinet_fortios/personality.js';
import { CLUSTER, cluster, firewall, openSession } from './personality-session.js';

describe('the shell of the simulated FortiGate', () => {
  test('prompts with the name, and with the last word of where it is', () => {
    const session = openSession(firewall());
    expect(session.prompt()).toBe('fw1 # ');
    session.send('config system interface');
    expect(session.prompt()).toBe('fw1 (interface) # ');
    session.send('edit wan1');
    expect(session.prompt()).toBe('fw1 (wan1) # ');
  });

  test('takes unique beginnings of words', () => {
    const session = openSession(firewall());
    expect(session.send('get sys stat')).toContain('Version: FortiGate-60F v7.2.7,build1577');
    session.send('conf sys glo');
    expect(session.prompt()).toBe('fw1 (global) # ');
  });

  test('answers an unknown verb, an unknown word and a missing word as FortiOS does', () => {
    const session = openSession(firewall());
    expect(session.send('frobnicate')).toBe('Unknown action 0\r\n\r\n');
    expect(session.send('get system bogus')).toContain("command parse error before 'bogus'");
    expect(session.send('get system bogus')).toContain('Command fail. Return code -61');
    expect(session.send('execute reboot comment')).toContain('incomplete command in the end');
  });

  test('leaves a blank line before every prompt', () => {
    const session = openSession(firewall());
    expect(session.send('config system global')).toBe('\r\n');
    expect(session.send('get')).toMatch(/\r\n\r\n$/);
  });

  test('pages until the console is set to standard output', () => {
    const session = openSession(firewall());
    expect(personality.login(session.device()).paging).toBe(true);
    session.all('config system console', 'set output standard', 'end');
    expect(session.shell().paging).toBe(false);
    expect(personality.login(session.device()).paging).toBe(false);
    expect(session.send('show system console')).toContain('set output standard');
  });

  test('filters output with grep', () => {
    const session = openSession(firewall());
    expect(session.send('get system status | grep Serial')).toBe(
      'Serial-Number: FGT60FTK22071435\r\n\r\n',
    );
    expect(session.send('get system status | grep -i serial')).toContain('Serial-Number');
    expect(session.send('get system status | grep -v :')).toBe('\r\n');
    expect(session.send('show | grep -c config')).toMatch(/^\d+\r\n/);
  });

  test('goes on with a line whose quote is open', () => {
    const session = openSession(firewall());
    session.send('config system interface');
    session.send('edit wan1');
    session.send('set description "two');
    expect(session.prompt()).toBe('> ');
    session.send('lines"');
    session.send('end');
    expect(session.send('show system interface wan1')).toContain('set description "two\nlines"');
  });

  test('closes on exit', () => {
    const session = openSession(firewall());
    session.send('exit');
    expect(session.effects()).toContainEqual({ kind: 'close-shell' });
  });

  test('never reads control characters, and only the beginning of an endless line', () => {
    const session = openSession(firewall());
    expect(session.send('get\u0000 system\u0007 status')).toContain('Version:');
    expect(session.send(`x${'y'.repeat(100_000)}`)).toBe('Unknown action 0\r\n\r\n');
  });
});

describe('what the simulated FortiGate shows', () => {
  test('names model, release, build and serial number in its status', () => {
    const status = openSession(firewall({ version: '7.4.3' })).send('get system status');
    expect(status).toContain('Version: FortiGate-60F v7.4.3,build2573,240201 (GA.F)');
    expect(status).toContain('Serial-Number: FGT60FTK22071435');
    expect(status).toContain('Current HA mode: standalone');
  });

  test('counts its uptime in minutes', () => {
    const session = openSession(firewall());
    expect(session.send('get system performance status')).toContain(
      'Uptime: 23 days,  0 hours,  0 minutes',
    );
  });

  test('lists its partitions, and which one runs', () => {
    const list = openSession(firewall()).send('diagnose sys flash list');
    expect(list).toMatch(/^1 +FGT60F-7\.02-FW-build1577-240131 +\d+ +\d+ +\d+% {2}Yes\r$/m);
    expect(list).toMatch(/^2 +FGT60F-7\.02-FW-build1577-240131 +\d+ +\d+ +\d+% {2}No\r$/m);
  });

  test('shows ports and neighbours as the network has them', () => {
    const session = openSession(firewall());
    const physical = session.send('get system interface physical');
    expect(physical).toMatch(/==\[wan1\][^=]*status: up\r\n\t\tspeed: 1000Mbps \(Duplex: full\)/);
    expect(physical).toMatch(/==\[wan2\][^=]*status: down\r\n\t\tspeed: n\/a/);
    expect(session.send('diagnose lldprx neighbor details')).toContain(
      '1 system.name.data: rt1\r\n',
    );
    expect(session.send('get router info bgp summary')).toMatch(/^10\.0\.0\.1 .* 12\r$/m);
    expect(session.send('get router info ospf neighbor')).toMatch(/^10\.9\.9\.9 .*Full\/DR/m);
  });

  test('has no route of a peer that is away', () => {
    const session = openSession(firewall());
    expect(session.send('get router info routing-table bgp')).toMatch(/^B .*via 10\.0\.0\.1/m);
    session.change((device) => ({
      ...device,
      peers: device.peers.map((peer) => ({ ...peer, up: false, prefixes: 0 })),
    }));
    expect(session.send('get router info routing-table bgp')).not.toMatch(/^B /m);
    expect(session.send('get router info bgp summary')).toMatch(/^10\.0\.0\.1 .*never +Active\r$/m);
    expect(session.send('get router info ospf neighbor')).not.toContain('Full');
  });

  test('says over SNMP what it says in the CLI', () => {
    const mib = personality.mib(cluster(), Date.UTC(2026, 10, 1, 22));
    expect(mib['1.3.6.1.4.1.12356.101.4.1.1.0']?.value).toBe('v7.2.7,build1577,240131 (GA.M)');
    expect(mib['1.3.6.1.4.1.12356.100.1.1.1.0']?.value).toBe(CLUSTER[0]);
    expect(mib['1.3.6.1.4.1.12356.101.13.2.1.1.2.2']?.value).toBe(CLUSTER[1]);
    expect(mib['1.3.6.1.2.1.1.2.0']?.value).toMatch(/^1\.3\.6\.1\.4\.1\.12356\.101\.1\./);
    expect(mib['1.3.6.1.2.1.1.3.0']?.value).toBe(23 * 86_400 * 100);
  });

  test('names images as the vendor does', () => {
    expect(personality.imageFileName('7.2.8', 'FortiGate-60F')).toBe(
      'FGT_60F-v7.2.8.M-build1639-FORTINET.out',
    );
    expect(personality.imageFileName('7.4.3', 'FortiGate-100F')).toBe(
      'FGT_100F-v7.4.3.F-build2573-FORTINET.out',
    );
  });
});

describe('a simulated FortiGate with virtual domains', () => {
  const scoped = [
    'config global\nconfig system global\nset vdom-mode multi-vdom\nend\nend',
    'config vdom\nedit root\nconfig router static\nedit 9\nset device "wan1"\nnext\nend\nnext\nend',
  ].join('\n');

  test('answers most commands only in their scope', () => {
    const session = openSession(firewall({ extraConfig: scoped }));
    expect(session.send('get system status')).toContain('configuration: multiple');
    expect(session.send('get system performance status')).toContain('Return code -61');
    session.send('config global');
    expect(session.prompt()).toBe('fw1 (global) # ');
    expect(session.send('get system performance status')).toContain('Uptime:');
    session.send('end');
    session.all('config vdom', 'edit root');
    expect(session.prompt()).toBe('fw1 (root) # ');
    expect(session.send('show router static 9')).toContain('set device "wan1"');
    session.send('end');
    expect(session.prompt()).toBe('fw1 # ');
  });
});
