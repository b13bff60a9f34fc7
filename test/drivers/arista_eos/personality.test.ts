import { describe, expect, test } from '@jest/globals';
import { personality } from '../../../drivers/arista_eos/personality.js';
import {
  DAY_MS,
  MLAG,
  NOW_MS,
  openSession,
  seedFor,
  switchFor,
  withFile,
} from './personality-session.js';

describe('the command grammar', () => {
  test('lands in exec mode and reaches enable mode without a password when none is set', () => {
    const session = openSession(switchFor());
    expect(session.prompt()).toBe('sw1>');
    session.send('en');
    expect(session.prompt()).toBe('sw1#');
    session.send('disable');
    expect(session.prompt()).toBe('sw1>');
  });

  test('takes unique prefixes of every word', () => {
    const session = openSession(switchFor());
    expect(session.send('sh ver')).toBe(session.send('show version'));
    expect(session.send('SH VER')).toContain('Arista DCS-7050SX3-48YC8');
  });

  test('names the token it does not understand', () => {
    const session = openSession(switchFor());
    expect(session.send('show nonsense')).toBe("% Invalid input (at token 1: 'nonsense')\r\n");
    expect(session.send('show')).toBe('% Incomplete command\r\n');
    expect(session.send('show i')).toBe("% Ambiguous command (at token 1: 'i')\r\n");
  });

  test('refuses privileged commands in exec mode', () => {
    const session = openSession(switchFor());
    for (const command of ['configure', 'write', 'reload', 'show running-config', 'dir']) {
      expect(session.send(command)).toBe('% Invalid input (privileged mode required)\r\n');
    }
    expect(session.device().runningConfig).toBe(switchFor().runningConfig);
  });

  test('gives as JSON what it can, and says so where it cannot', () => {
    const session = openSession(switchFor());
    session.send('terminal length 0');
    const told = JSON.parse(session.send('show interfaces | json')) as {
      readonly interfaces: Readonly<Record<string, unknown>>;
    };
    expect(told.interfaces).toMatchObject({
      Management1: { forwardingModel: 'routed', mtu: 1500, interfaceAddress: [{}] },
    });
    for (const name of Object.keys(told.interfaces)) {
      expect(session.send('show interfaces')).toContain(`${name} is `);
    }
    const { lldpNeighbors } = JSON.parse(session.send('show lldp neighbors | json')) as {
      readonly lldpNeighbors: readonly { readonly neighborDevice: string }[];
    };
    expect(lldpNeighbors.length).toBeGreaterThan(0);
    for (const { neighborDevice } of lldpNeighbors) {
      expect(session.send('show lldp neighbors')).toContain(neighborDevice);
    }
    expect(session.send('show users | json')).toContain('% This is an unconverted command');
  });

  test('reads its boot configuration for whoever asks the Linux below', () => {
    const session = openSession(switchFor());
    session.send('enable');
    const file = 'bash timeout 5 cat /mnt/flash/boot-config';
    expect(session.send(file)).toMatch(/^SWI=flash:\/EOS-4\.28\.3M\.swi/);
    expect(session.send('bash cat /etc/shadow')).toContain('No such file or directory');
    expect(session.send('bash rm -rf /')).toContain('rm: command not found');
    expect(session.send('dir all-filesystems')).toMatch(/^Directory of system:\/\r$/m);
  });

  test('filters output through pipes', () => {
    const session = openSession(switchFor());
    expect(session.send('show version | include Serial')).toBe('Serial number: JPE12345678\r\n');
    expect(session.send('show version | inc ^Uptime|^Arch').split('\r\n')).toHaveLength(3);
    expect(session.send('show version | exclude .')).not.toContain('4.28.3M');
    expect(JSON.parse(session.send('show version | json'))).toMatchObject({
      modelName: 'DCS-7050SX3-48YC8',
      version: '4.28.3M',
      serialNumber: 'JPE12345678',
    });
    expect(session.send('show version | bogus x')).toContain('% Invalid input');
  });

  test('survives hostile lines in every mode', () => {
    const lines = [
      'x'.repeat(10_000),
      '\u0000\u0001\u001b[A\u007f',
      'show version | include ((((a+)+)+)+$',
      '| | |',
      '?',
      'show ?',
      'no',
      'interface Ethernet99999999999999999999',
      `description ${'é\ud800'.repeat(3000)}`,
      '__proto__',
      'show __proto__ constructor',
      'copy / /',
      'boot system flash:../../etc/passwd',
    ];
    const session = openSession(switchFor());
    for (const enter of [
      '',
      'enable',
      'configure',
      'router bgp 65001',
      'maintenance',
      'unit System',
    ]) {
      session.send(enter);
      for (const line of lines) expect(typeof session.send(line)).toBe('string');
    }
  });
});

describe('any sequence of its own words', () => {
  const words =
    'show sh no default enable configure exit end interface Ethernet1 et2 router bgp 65001 ospf 1 neighbor 10.0.0.1 remote-as shutdown vlan 20 maintenance unit System quiesce copy running-config startup-config flash:a flash:EOS-4.28.3M.swi boot system verify /md5 reload now yes no cancel diff y q | include json write dir hostname a mlag detail status management ssh ip address 10.1.1.1/24 route username'.split(
      ' ',
    );

  test('leaves the switch answering, with a state that is plain JSON', () => {
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const session = openSession(switchFor());
    for (let lines = 0; lines < 3000; lines += 1) {
      const picked = Array.from({ length: 1 + next(5) }, () => words[next(words.length)] ?? '');
      const line = session.shell().question?.takes === 'key' ? '\r' : picked.join(' ');
      expect(session.send(line)).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(JSON.parse(JSON.stringify(session.device()))).toEqual(session.device());
    expect(session.device().runningConfig.endsWith('!\nend\n')).toBe(true);
  });
});

describe('what the switch says of itself', () => {
  test('shows version, serial number and uptime', () => {
    const text = openSession(switchFor()).send('show version');
    expect(text).toContain('Arista DCS-7050SX3-48YC8\r\nHardware version: ');
    expect(text).toContain('Software image version: 4.28.3M\r\n');
    expect(text).toContain('Uptime: 3 weeks, 2 days, 0 hours and 0 minutes\r\n');
  });

  test('lists the flash with its free space', () => {
    const session = openSession(switchFor());
    session.send('enable');
    const text = session.send('dir flash:');
    expect(text).toContain('Directory of flash:/\r\n\r\n');
    expect(text).toMatch(/ -rwx {3}950000000 {12}Oct 1 \d\d:\d\d {2}EOS-4\.28\.3M\.swi\r\n/);
    expect(text).toMatch(/4000000000 bytes total \(3050000000 bytes free\)\r\n$/);
  });

  test('shows ports, neighbours and sessions as the network has them', () => {
    const session = openSession(switchFor());
    expect(session.send('show interfaces status')).toMatch(
      /^Et1 +to-spine1 connected {4}1 {8}full {3}25G {4}25GBASE-SR\r$/m,
    );
    expect(session.send('show lldp neighbors')).toMatch(
      /^Et1 {11}spine1 {19}Ethernet5 {11}120\r$/m,
    );
    expect(session.send('show ip bgp summary')).toMatch(
      /^ {2}spine1 {19}10\.0\.0\.1 {9}4 {2}65100 .* Estab {3}12 {5}12\r$/m,
    );
    expect(session.send('show ip ospf neighbor')).toMatch(/^10\.9\.9\.9 .*FULL .* Ethernet2\r$/m);
    expect(session.send('show ip interface brief')).toMatch(/^Management1 +127\.0\.1\.1\/24 +up/m);
  });

  test('answers every show command it knows with text', () => {
    const session = openSession(switchFor({ redundancy: MLAG }));
    session.send('enable');
    session.send('terminal length 0');
    const commands =
      'boot-config,inventory,hostname,clock,uptime,reload cause,running-config,startup-config,interfaces,interfaces Et1,lldp neighbors detail,ip route summary,mlag,mlag detail,maintenance,environment all,environment cooling,environment power,environment temperature,processes top once,users,logging,mlag config-sanity,interfaces description,privilege,ip bgp summary vrf all';
    for (const command of commands.split(',')) {
      const text = session.send(`show ${command}`);
      expect(text.length).toBeGreaterThan(10);
      expect(text).not.toMatch(/^%/);
      expect(text).not.toMatch(/undefined|NaN/);
    }
  });

  test('pages long output until it is told not to', () => {
    const session = openSession(switchFor());
    session.send('enable');
    const first = session.send('show running-config');
    expect(first).toMatch(/ --More-- $/);
    expect(session.prompt()).toBe('');
    const oneLine = session.key('\r');
    expect(oneLine.startsWith('\r\u001b[K')).toBe(true);
    expect(oneLine.split('\r\n')).toHaveLength(2);
    session.key('q');
    expect(session.prompt()).toBe('sw1#');
    expect(session.send('terminal length 0')).toBe('Pagination disabled.\r\n');
    expect(session.send('show running-config')).toMatch(/\r\nend\r\n$/);
  });

  test('is another model with other ports and sensors where the seed says so', () => {
    const campus = personality.create(seedFor({ model: 'CCS-720XP-48ZC2-F' }));
    const session = openSession(campus);
    session.send('enable');
    session.send('terminal length 0');
    expect(session.send('show version')).toContain('Arista CCS-720XP-48ZC2-F\r\n');
    expect(session.send('show inventory')).toContain('    CCS-720XP-48ZC2 ');
    expect(session.send('show running-config')).toContain('! device: sw1 (CCS-720XP-48ZC2, EOS-');
    expect(session.send('show interfaces status')).toMatch(
      /^Et1 .* a-full a-2\.5G 2\.5GBASE-T\r$/m,
    );
    expect(session.send('show interfaces status')).toMatch(
      /^Et2 .* auto {3}auto {3}2\.5GBASE-T\r$/m,
    );
    expect(session.send('show environment cooling')).toContain('Airflow: port-side intake');
    expect(personality.imageFileName('4.31.2F', campus.model)).toBe('EOS-4.31.2F.swi');
  });

  test('answers SNMP with the identity that EOS has', () => {
    const mib = personality.mib(switchFor(), NOW_MS);
    expect(mib['1.3.6.1.2.1.1.1.0']?.value).toBe(
      'Arista Networks EOS version 4.28.3M running on an Arista Networks DCS-7050SX3-48YC8',
    );
    expect(mib['1.3.6.1.2.1.1.2.0']?.value).toMatch(/^1\.3\.6\.1\.4\.1\.30065\.1\.3011\.7050/);
    expect(mib['1.3.6.1.2.1.1.3.0']).toEqual({ type: 'ticks', value: (23 * DAY_MS) / 10 });
    expect(mib['1.3.6.1.2.1.47.1.1.1.1.11.1']?.value).toBe('JPE12345678');
  });
});

describe('enable with a password', () => {
  test('asks hidden, takes the right one and refuses three wrong ones', () => {
    const seed = seedFor({ login: { username: 'ops', password: 'p', enable: 'sesame' } });
    const session = openSession(personality.create(seed));
    expect(session.send('enable')).toBe('Password: ');
    expect(session.shell().question).toMatchObject({ takes: 'line', hidden: true });
    session.send('sesame');
    expect(session.prompt()).toBe('sw1#');
    session.send('disable');
    session.send('enable');
    expect(session.send('no')).toBe('\r\nPassword: ');
    expect(session.send('no')).toBe('\r\nPassword: ');
    expect(session.send('no')).toBe('\r\n% Bad secret\r\n');
    expect(session.prompt()).toBe('sw1>');
  });
});

describe('files and boot-config', () => {
  const image = { platform: 'arista_eos', version: '4.31.2F' };

  test('verifies a file in time that grows with its size', () => {
    const session = openSession(withFile(switchFor(), 'EOS-4.31.2F.swi', image));
    session.send('enable');
    expect(session.send('verify /sha512 flash:EOS-4.31.2F.swi')).toBe(
      `verify /sha512 (flash:/EOS-4.31.2F.swi) = ${'b'.repeat(128)}\r\n`,
    );
    const slow = session.last().effects.find((effect) => effect.kind === 'print');
    expect(slow?.delayMs).toBeGreaterThan(20_000);
    expect(session.send('verify /md5 flash:none.swi')).toMatch(/^% Error/);
  });

  test('points boot-config at an image that is there, and at no other', () => {
    const session = openSession(
      withFile(withFile(switchFor(), 'EOS-4.31.2F.swi', image), 'notes.txt', undefined),
    );
    session.send('enable');
    session.send('conf t');
    expect(session.send('boot system flash:missing.swi')).toMatch(/^% Error.*No such file/);
    expect(session.send('boot system flash:notes.txt')).toMatch(/^% Error.*Not a valid/);
    expect(session.send('show boot-config')).toContain('flash:/EOS-4.28.3M.swi');
    expect(session.send('boot system flash:EOS-4.31.2F.swi')).toBe('');
    expect(session.last().mutation).toBe('set-boot');
    expect(session.send('show boot-config')).toContain('flash:/EOS-4.31.2F.swi\r\n');
  });

  test('copies and deletes in flash, and reports a full one', () => {
    const session = openSession(switchFor());
    session.send('enable');
    expect(session.send('copy flash:EOS-4.28.3M.swi flash:spare.swi')).toBe(
      'Copy completed successfully.\r\n',
    );
    expect(session.send('copy running-config flash:before')).toContain('successfully');
    expect(session.send('delete flash:spare.swi')).toBe('');
    expect(session.send('delete flash:spare.swi')).toMatch(/^% Error deleting/);
    const full = openSession({ ...switchFor(), faults: ['flash-full'] });
    full.send('enable');
    expect(full.send('copy flash:EOS-4.28.3M.swi flash:spare.swi')).toContain(
      'No space left on device',
    );
    expect(full.send('write')).toContain('No space left on device');
    expect(full.last().mutation).toBeUndefined();
  });

  test('accepts uploads only as plain names in flash', () => {
    const device = switchFor();
    expect(personality.uploadTarget(device, '/mnt/flash/a.swi')).toEqual({
      memberId: '1',
      fileName: 'a.swi',
    });
    expect(personality.uploadTarget(device, 'flash:a.swi')?.fileName).toBe('a.swi');
    for (const path of ['/mnt/flash/../x', '/etc/passwd', '/mnt/flash/a/b', 'flash:', '']) {
      expect(personality.uploadTarget(device, path)).toBeUndefined();
    }
  });
});

describe('configuration', () => {
  test('changes sections, shows them and saves them', () => {
    const session = openSession(switchFor());
    session.send('enable');
    session.send('configure terminal');
    session.send('int et2');
    expect(session.prompt()).toBe('sw1(config-if-Et2)#');
    session.send('shut');
    session.send('description spare port');
    expect(session.last().mutation).toBe('config');
    expect(session.device().ports[1]).toMatchObject({ admin: 'down', description: 'spare port' });
    session.send('no shutdown');
    session.send('router bgp 65001');
    expect(session.prompt()).toBe('sw1(config-router-bgp)#');
    session.send('neighbor 10.0.0.1 shutdown');
    session.send('hostname edge1');
    expect(session.prompt()).toBe('edge1(config)#');
    session.send('end');
    session.send('terminal length 0');
    const running = session.send('show running-config');
    expect(running).toContain(
      '! Command: show running-config\r\n! device: edge1 (DCS-7050SX3-48YC8, EOS-4.28.3M)\r\n!\r\n! boot system flash:/EOS-4.28.3M.swi\r\n!\r\n',
    );
    expect(running).toContain('interface Ethernet2\r\n   description spare port\r\n!');
    expect(session.device().startupConfig).not.toContain('spare port');
    expect(session.send('copy run start')).toBe('Copy completed successfully.\r\n');
    expect(session.last().mutation).toBe('save-config');
    expect(session.device().startupConfig).toBe(session.device().runningConfig);
  });

  test('refuses what it does not know and ports it does not have', () => {
    const session = openSession(switchFor());
    session.send('enable');
    session.send('configure');
    const before = session.device().runningConfig;
    expect(session.send('frobnicate 1')).toBe("% Invalid input (at token 0: 'frobnicate')\r\n");
    expect(session.send('interface Ethernet99')).toMatch(/^% Invalid input \(at token 1/);
    expect(session.send('interface')).toBe('% Incomplete command\r\n');
    expect(session.send('router foo 1')).toBe("% Invalid input (at token 1: 'foo')\r\n");
    expect(session.device().runningConfig).toBe(before);
  });

  test('takes a line back with no, back to the very same configuration', () => {
    const session = openSession(switchFor());
    session.send('enable');
    session.send('configure');
    const before = session.device().runningConfig;
    const pairs: readonly (readonly [string, string])[] = [
      ['ip route 10.0.0.0/8 10.1.1.1', 'no ip route 10.0.0.0/8 10.1.1.1'],
      ['vlan 20', 'no vlan 20'],
      ['interface Loopback0', 'no interface Loopback0'],
    ];
    for (const [set, unset] of pairs) {
      session.send(set);
      expect(session.device().runningConfig).not.toBe(before);
      session.send(unset);
      expect(session.device().runningConfig).toBe(before);
    }
  });
});
