import { describe, expect, test } from '@jest/globals';
import { personality } from '../../../drivers/cisco_iosxe/personality.js';
import { Terminal, freeze, imageFile, seed, startMs } from './personality-terminal.js';

const image = imageFile('17.12.4', 1_200_000_000);
const path = `flash:${image.name}`;

/** A stack with the new image added, and nothing unsaved. */
function staged(): Terminal {
  const terminal = new Terminal();
  terminal.put(image);
  terminal.send(`install add file ${path}`);
  return terminal;
}

/** The same after `install activate` and the reload. */
function activated(): Terminal {
  const terminal = staged();
  terminal.send('install activate prompt-level none');
  terminal.pass(10_000);
  return terminal;
}

describe('the command line', () => {
  test('takes unique prefixes of every word', () => {
    const terminal = new Terminal();
    expect(terminal.send('sh ver')).toBe(terminal.send('show version'));
    expect(terminal.send('sh ip int br')).toContain('Interface              IP-Address');
  });

  test('points at the first word that it does not know', () => {
    expect(new Terminal().send('show foo')).toBe(
      "          ^\r\n% Invalid input detected at '^' marker.\r\n\r\n",
    );
  });

  test('says when a command is ambiguous, incomplete or unknown', () => {
    const terminal = new Terminal();
    expect(terminal.send('sh in')).toBe('% Ambiguous command:  "sh in"\r\n');
    expect(terminal.send('install add file')).toContain('% Incomplete command.');
    expect(terminal.send('frobnicate')).toContain('% Unknown command or computer name');
    expect(terminal.send('')).toBe('');
  });

  test('filters what it shows', () => {
    const terminal = new Terminal();
    expect(terminal.send('show version | include ^System image')).toBe(
      'System image file is "flash:packages.conf"\r\n',
    );
    expect(terminal.send('show running-config | section router ospf')).toBe(
      'router ospf 1\r\n router-id 127.1.0.11\r\n network 10.0.0.1 0.0.0.0 area 0\r\n',
    );
    expect(terminal.send('show switch | begin Switch#')).toMatch(/^Switch# {3}Role/);
    expect(terminal.send('show switch | count Ready')).toContain('regexp = 3');
    expect(terminal.send('show switch | exclude Ready')).not.toContain('Ready');
    expect(terminal.send('show boot | include Manual.*yes$|^Switch 2')).toBe('Switch 2\r\n');
    expect(terminal.send('show clock | bogus x')).toContain("% Invalid input detected at '^'");
  });

  test('lists interfaces of the configuration beside the ports, one by one as all together', () => {
    const terminal = new Terminal();
    for (const line of [
      'configure terminal',
      'vlan 10',
      'name OFFICE',
      'interface Vlan10',
      'ip address 10.9.0.1 255.255.254.0',
      'description clinic',
      'end',
    ]) {
      terminal.send(line);
    }
    const one = terminal.send('show ip interface vlan 10');
    expect(one).toContain('Vlan10 is up, line protocol is up\r\n');
    expect(one).toContain('  Internet address is 10.9.0.1/23\r\n');
    expect(terminal.send('show ip interface')).toContain(one.trimEnd());
    expect(terminal.send('show interfaces Vl10')).toContain('  Description: clinic\r\n');
    expect(terminal.send('show ip interface vlan 11')).toContain('% Invalid input');
    expect(terminal.send('show ipv6 interface')).toBe('');
    expect(terminal.send('show vlan brief')).toMatch(/^10 +OFFICE +active/m);
    expect(terminal.send('show vlan')).toMatch(/^1002 fddi +101002/m);
    expect(terminal.send('show memory statistics')).toMatch(/^Processor +\w+( +\d+){5}/m);
  });

  test('asks for the enable password, three times at most', () => {
    const login = { username: 'ops', password: 'pw', enable: 'sesame' };
    const terminal = new Terminal({ login });
    expect(terminal.prompt).toBe('acc1>');
    expect(terminal.send('configure terminal')).toContain('% Invalid input');
    expect(terminal.send('enable')).toBe('Password: ');
    expect(terminal.shell.question).toMatchObject({ takes: 'line', hidden: true });
    terminal.send('wrong');
    terminal.send('wrong');
    expect(terminal.send('wrong')).toContain('% Bad secrets');
    terminal.send('enable');
    terminal.send('sesame');
    expect(terminal.prompt).toBe('acc1#');
    terminal.send('disable');
    expect(terminal.prompt).toBe('acc1>');
  });

  test('turns paging off and on', () => {
    const terminal = new Terminal();
    expect(terminal.shell.paging).toBe(true);
    terminal.send('terminal length 0');
    expect(terminal.shell.paging).toBe(false);
    terminal.send('term len 24');
    expect(terminal.shell.paging).toBe(true);
  });

  test.each([
    'x'.repeat(10_000),
    `show ${'version '.repeat(2000)}`,
    'show version | include ' + '.*'.repeat(200) + 'x',
    '\u0000\u0001\u001b[A\u0007',
    'install rollback to id 99999999999999999999',
    'delete ../../../../etc/passwd',
    'dir flash-99:',
    '__proto__ constructor',
    'show __proto__',
    '| | |',
    'verify /md5 :',
    'copy a b',
    'terminal length -1',
  ])('survives a hostile line %#', (line) => {
    const terminal = new Terminal();
    for (const mode of ['enable', 'config', 'config-if interface GigabitEthernet1/0/1', 'odd x']) {
      terminal.shell = freeze({ mode, paging: true });
      expect(typeof terminal.send(line)).toBe('string');
    }
  });

  test('says nothing to a question that it does not know', () => {
    const terminal = new Terminal();
    const question = { id: 'toString', takes: 'line', data: {} } as const;
    terminal.shell = freeze({ mode: 'enable', paging: true, question });
    expect(terminal.send('y')).toBe('');
  });
});

describe('what it shows', () => {
  test('names version, image, models and serials of every member', () => {
    const shown = new Terminal().send('show version');
    expect(shown).toContain('Cisco IOS XE Software, Version 17.09.04a\r\n');
    expect(shown).toContain(
      'Cisco IOS Software [Cupertino], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.9.4a, RELEASE SOFTWARE (fc3)\r\n',
    );
    expect(shown).toContain('acc1 uptime is 1 week, 3 days\r\n');
    expect(shown).toMatch(/^\* {4}1 65 {4}C9300-48P {10}17\.09\.04a {9}CAT9K_IOSXE {11}INSTALL/m);
    expect(shown).toMatch(/Switch 03\r\n---------\r\n[^]*FOC3333C3CC/);
  });

  test('shows a single switch without further members', () => {
    const terminal = new Terminal({ serials: ['FOC1111A1AA'], model: 'C9300-24T' });
    expect(terminal.send('show version')).not.toContain('Switch 02');
    expect(terminal.send('show redundancy states')).toContain('1  -DISABLED');
    expect(terminal.send('show install summary')).toContain('[ Switch 1 ]');
  });

  test('shows neighbours only over ports that are up', () => {
    const terminal = new Terminal();
    expect(terminal.send('show cdp neighbors')).toContain('Total cdp entries displayed : 2');
    terminal.send('conf t');
    terminal.send('interface gi1/0/1');
    terminal.send('shutdown');
    terminal.send('end');
    expect(terminal.send('show lldp neighbors')).toContain('Total entries displayed: 1');
    expect(terminal.send('show interfaces status')).toMatch(/^Gi1\/0\/1 .*disabled/m);
  });

  test.each([
    'show inventory',
    'show processes cpu sorted',
    'show processes memory',
    'show environment all',
    'show logging',
    'show users',
    'show interfaces',
    'show interfaces description',
    'show cdp neighbors detail',
    'show lldp neighbors detail',
    'show ip bgp summary',
    'show ip route summary',
    'show ip ospf neighbor',
    'show redundancy',
    'show startup-config',
    'show switch detail',
  ])('answers %s', (line) => {
    const shown = new Terminal().send(line);
    expect(shown.length).toBeGreaterThan(80);
    expect(shown).not.toContain('undefined');
    expect(shown).not.toContain('Invalid input');
  });

  test('leaves a peer that is down out of the OSPF table, and Idle in the BGP one', () => {
    const terminal = new Terminal();
    const peers = terminal.device.peers.map((peer) => ({ ...peer, up: false }));
    terminal.device = freeze({ ...terminal.device, peers });
    expect(terminal.send('show ip ospf neighbor')).toBe('');
    expect(terminal.send('show ip bgp summary')).toMatch(/^10\.0\.0\.9 .* Idle/m);
  });
});

describe('files', () => {
  test('lists each flash with sizes and free bytes', () => {
    const terminal = new Terminal();
    terminal.put(image);
    expect(terminal.send('dir')).toContain(`  ${image.name}\r\n`);
    expect(terminal.send('dir flash-2:')).not.toContain(image.name);
    expect(terminal.send('dir flash-1:')).toContain(image.name);
    const [, total, free] =
      /(\d+) bytes total \((\d+) bytes free\)/.exec(terminal.send('dir flash-3:')) ?? [];
    expect(Number(total)).toBeGreaterThan(Number(free));
  });

  test('hashes a file in a time that grows with its size', () => {
    const terminal = new Terminal();
    terminal.put(image);
    expect(terminal.send(`verify /sha512 ${path}`)).toContain(
      `verify /sha512 (${path}) = ${image.sha512}`,
    );
    const largeMs = terminal.nowMs - startMs;
    const other = new Terminal();
    other.put({ ...image, sizeBytes: 1000 });
    other.send(`verify /sha512 ${path}`);
    expect(largeMs).toBeGreaterThan(10 * (other.nowMs - startMs));
    expect(terminal.send(`verify /md5 ${path} ${'0'.repeat(32)}`)).toContain('%Error verifying');
    expect(terminal.send(`verify /md5 ${path} ${image.md5}`)).toContain('Verified');
    expect(terminal.send('verify /md5 flash:nix')).toContain('No such file or directory');
  });

  test('deletes only after both confirmations', () => {
    const terminal = new Terminal();
    terminal.put(image);
    expect(terminal.send(`delete ${path}`)).toBe(`Delete filename [${image.name}]? `);
    expect(terminal.send('')).toBe(`Delete ${path}? [confirm]`);
    terminal.send('n');
    expect(terminal.send('dir')).toContain(image.name);
    terminal.send(`delete ${path}`);
    terminal.send('');
    terminal.send('\r');
    expect(terminal.send('dir')).not.toContain(image.name);
    expect(terminal.mutations).toEqual(['delete']);
  });

  test('saves the config after its question', () => {
    const terminal = new Terminal();
    terminal.send('conf t');
    terminal.send('hostname acc9');
    terminal.send('end');
    expect(terminal.device.startupConfig).not.toContain('acc9');
    expect(terminal.send('copy running-config startup-config')).toBe(
      'Destination filename [startup-config]? ',
    );
    expect(terminal.send('')).toContain('[OK]');
    expect(terminal.device.startupConfig).toContain('hostname acc9');
    expect(terminal.mutations).toEqual(['config', 'save-config']);
  });

  test('takes uploads to the flash of a member that there is, and to no other place', () => {
    const { device } = new Terminal();
    const active = { memberId: '1', fileName: 'a.bin' };
    expect(personality.uploadTarget(device, 'flash:a.bin')).toEqual(active);
    expect(personality.uploadTarget(device, 'flash:/a.bin')).toEqual(active);
    expect(personality.uploadTarget(device, '/flash/a.bin')).toEqual(active);
    expect(personality.uploadTarget(device, 'flash-2:a.bin')).toEqual({ ...active, memberId: '2' });
    for (const refused of ['flash-9:a.bin', 'flash:../a', 'nvram:x', 'flash:', '/etc/passwd']) {
      expect(personality.uploadTarget(device, refused)).toBeUndefined();
    }
  });
});

describe('configuration', () => {
  test('walks the modes and keeps lines in their sections', () => {
    const terminal = new Terminal();
    terminal.send('conf t');
    expect(terminal.prompt).toBe('acc1(config)#');
    terminal.send('int gi2/0/1');
    expect(terminal.prompt).toBe('acc1(config-if)#');
    terminal.send('desc to core');
    terminal.send('desc to core2');
    terminal.send('ntp server 192.0.2.1');
    expect(terminal.prompt).toBe('acc1(config)#');
    terminal.send('exit');
    expect(terminal.prompt).toBe('acc1#');
    const config = terminal.send('show running-config');
    expect(config).toContain(
      'interface GigabitEthernet2/0/1\r\n description to core2\r\n!\r\ninterface',
    );
    expect(config).toContain('ntp server 192.0.2.1\r\n');
    expect(terminal.device.ports[1]?.description).toBe('to core2');
  });

  test('takes lines back with no', () => {
    const terminal = new Terminal();
    const before = terminal.device.runningConfig;
    for (const line of ['conf t', 'ntp server 192.0.2.1 prefer', 'int gi1/0/1', 'shutdown']) {
      terminal.send(line);
    }
    expect(terminal.device.ports[0]?.admin).toBe('down');
    for (const line of ['no shutdown', 'no ntp server 192.0.2.1', 'end']) terminal.send(line);
    expect(terminal.device.ports[0]?.admin).toBe('up');
    expect(terminal.device.runningConfig).toBe(before);
  });

  test('is drained by max-metric, and no longer without it', () => {
    const terminal = new Terminal();
    for (const line of ['conf t', 'router ospf 1', 'max-metric router-lsa']) terminal.send(line);
    expect(terminal.device.drained).toBe(true);
    expect(terminal.send('do show ip ospf max-metric')).toContain('State: active');
    terminal.send('no max-metric router-lsa');
    expect(terminal.device.drained).toBe(false);
    terminal.send('max-metric router-lsa on-startup 600');
    expect(terminal.device.drained).toBe(false);
  });

  test('holds the metric after a boot for as long as on-startup says', () => {
    const terminal = new Terminal();
    for (const line of ['conf t', 'router ospf 1', 'max-metric router-lsa on-startup 600', 'end']) {
      terminal.send(line);
    }
    terminal.send('write memory');
    terminal.send('reload');
    terminal.send('y');
    terminal.pass(60_000);
    expect(terminal.device.drained).toBe(true);
    terminal.pass(600_000);
    expect(terminal.device.drained).toBe(false);
  });

  test('refuses what it does not know, under the word', () => {
    const terminal = new Terminal();
    terminal.send('conf t');
    expect(terminal.send('interface gi9/9/9')).toContain("% Invalid input detected at '^'");
    expect(terminal.send('frobnicate all')).toMatch(/^ {13}\^\r\n% Invalid input/);
    expect(terminal.send('no')).toContain('% Incomplete command.');
    expect(terminal.mutations).toEqual([]);
  });
});

describe('install', () => {
  test('adds, activates, reloads and commits', () => {
    const terminal = staged();
    expect(terminal.send('show install summary')).toMatch(/^IMG {3}I {4}17\.12\.04\.0\.\d+/m);
    expect(terminal.send('dir flash-3:')).toContain('cat9k-rpbase.17.12.04.SPA.pkg');
    expect(terminal.send('install activate')).toMatch(
      /cat9k-rpbase[^]*Do you want to proceed\? \[y\/n\]$/,
    );
    expect(terminal.send('y')).toContain('SUCCESS: install_activate');
    terminal.pass(10_000);
    expect(terminal.reloads).toBe(1);
    expect(terminal.device.runningVersion).toBe('17.12.4');
    const uncommitted = terminal.send('show install summary');
    expect(uncommitted).toMatch(/^IMG {3}U {4}17\.12\.04/m);
    expect(uncommitted).toMatch(/^IMG {3}C {4}17\.09\.04a/m);
    expect(uncommitted).toMatch(/time before rollback - 01:\d\d:\d\d/);
    expect(terminal.send('install commit')).toContain('SUCCESS: install_commit');
    expect(terminal.send('show install summary')).toMatch(
      /^IMG {3}C {4}17\.12\.04[^]*Auto abort timer: inactive/m,
    );
    terminal.pass(24 * 3_600_000);
    expect(terminal.reloads).toBe(1);
    expect(terminal.mutations).toEqual(['install-add', 'install-activate', 'install-commit']);
    expect(terminal.send('show running-config | include ^version')).toBe('version 17.12\r\n');
  });

  test('goes back by itself when nobody commits in time', () => {
    const terminal = activated();
    terminal.pass(119 * 60_000 - 480_000);
    expect(terminal.device.runningVersion).toBe('17.12.4');
    terminal.pass(20 * 60_000);
    expect(terminal.reloads).toBe(2);
    expect(terminal.device.runningVersion).toBe('17.9.4a');
    expect(terminal.send('show install summary')).toMatch(/^IMG {3}I {4}17\.12\.04/m);
  });

  test('takes the auto-abort time that it was given, within its range', () => {
    const terminal = staged();
    expect(terminal.send('install activate auto-abort-timer 5')).toContain('% Invalid input');
    terminal.send('install activate auto-abort-timer 30 prompt-level none');
    terminal.pass(40 * 60_000);
    expect(terminal.reloads).toBe(2);
    expect(terminal.device.runningVersion).toBe('17.9.4a');
  });

  test('aborts on command', () => {
    const terminal = activated();
    expect(terminal.send('install abort')).toContain('Do you want to proceed? [y/n]');
    terminal.send('y');
    terminal.pass(10_000);
    expect(terminal.device.runningVersion).toBe('17.9.4a');
    expect(terminal.send('install abort')).toContain('FAILED: install_abort');
  });

  test('rolls back to the committed image, and after a commit to a rollback id', () => {
    const terminal = activated();
    terminal.send('install rollback to committed prompt-level none');
    terminal.pass(10_000);
    expect(terminal.device.runningVersion).toBe('17.9.4a');
    terminal.send('install activate prompt-level none');
    terminal.pass(10_000);
    terminal.send('install commit');
    expect(terminal.send('install rollback to committed')).toContain('FAILED: install_rollback');
    expect(terminal.send('show install rollback')).toMatch(/^2 {7}No Label/m);
    expect(terminal.send('install rollback to id 7')).toContain('FAILED: install_rollback');
    terminal.send('install rollback to id 1');
    terminal.send('y');
    terminal.pass(10_000);
    expect(terminal.device.runningVersion).toBe('17.9.4a');
    expect(terminal.send('show install summary')).toMatch(/^IMG {3}C {4}17\.09\.04a/m);
  });

  test('asks about an unsaved config: yes saves, no does not, quit leaves', () => {
    const change = (terminal: Terminal) => {
      for (const line of ['conf t', 'ntp server 192.0.2.7', 'end']) terminal.send(line);
      return terminal.send('install activate');
    };
    const quits = staged();
    expect(change(quits)).toMatch(/System configuration has been modified\.[^]*\[y\/n\/q\]$/);
    quits.send('q');
    expect(quits.prompt).toBe('acc1#');
    expect(quits.mutations).not.toContain('install-activate');
    const keeps = staged();
    change(keeps);
    expect(keeps.send('maybe')).toMatch(/\[y\/n\/q\]$/);
    expect(keeps.send('y')).toContain('[OK]Modified configuration has been saved');
    expect(keeps.device.startupConfig).toContain('192.0.2.7');
    expect(keeps.send('n')).toContain('FAILED: install_activate');
    const drops = staged();
    change(drops);
    drops.send('n');
    drops.send('y');
    drops.pass(10_000);
    expect(drops.device.runningVersion).toBe('17.12.4');
    expect(drops.device.runningConfig).not.toContain('192.0.2.7');
  });

  test('refuses an image that is missing, foreign or already there', () => {
    const terminal = staged();
    expect(terminal.send('install add file flash:nix.bin')).toContain('No such file or directory');
    expect(terminal.send(`install add file ${path}`)).toContain('Same Image File-No Change');
    terminal.put({
      ...image,
      name: 'EOS.swi',
      image: { platform: 'arista_eos', version: '4.30.1F' },
    });
    expect(terminal.send('install add file flash:EOS.swi')).toContain(
      'FAILED: install_add exit(1)',
    );
    expect(terminal.mutations).toEqual(['install-add']);
  });

  test('refuses a second operation while one is under way', () => {
    const terminal = staged();
    terminal.send('install activate');
    const answer = personality.line(terminal.device, terminal.shell, 'y', terminal.context);
    const second = personality.line(
      answer.device,
      personality.login(answer.device),
      'install commit',
      terminal.context,
    );
    const [print] = second.effects;
    expect(print?.kind === 'print' && print.text).toContain(
      'install_activate operation is in progress',
    );
    expect(second.mutation).toBeUndefined();
  });

  test.each(['a fault', 'a full flash'])('names the member that lacks space: %s', (cause) => {
    const terminal = new Terminal();
    terminal.put(image);
    if (cause === 'a fault') terminal.fault('flash-full-member');
    else {
      const junk = { ...image, name: 'core.tar', sizeBytes: 9_500_000_000 };
      const members = terminal.device.members.map((member) =>
        member.id === '3'
          ? { ...member, flash: { ...member.flash, files: [...member.flash.files, junk] } }
          : member,
      );
      terminal.device = freeze({ ...terminal.device, members });
    }
    const shown = terminal.send(`install add file ${path}`);
    expect(shown).toContain('Not enough space in flash: on switch 3');
    expect(shown).toContain('Add: Passed on [1 2]. Failed on [3]');
    expect(shown).toMatch(/FAILED: install_add exit\(1\)/);
    expect(terminal.send('show install summary')).not.toContain('17.12.04');
  });

  test('removes what is inactive only when told so', () => {
    const terminal = staged();
    expect(terminal.send('install remove inactive')).toMatch(/above files\? \[y\/n\]$/);
    terminal.send('n');
    expect(terminal.send('show install summary')).toContain('17.12.04');
    terminal.send('install remove inactive');
    terminal.send('y');
    expect(terminal.send('show install summary')).not.toContain('17.12.04');
    expect(terminal.send('dir flash-2:')).not.toContain('17.12.04');
    expect(terminal.send('install remove inactive')).toContain('Nothing to clean.');
  });

  test('fails to commit and to activate when there is nothing for it', () => {
    const terminal = new Terminal();
    expect(terminal.send('install commit')).toContain('FAILED: install_commit');
    expect(terminal.send('install activate')).toContain('FAILED: install_activate');
    expect(terminal.mutations).toEqual([]);
  });
});

describe('reload and boot', () => {
  test('asks to save, then for one key', () => {
    const terminal = new Terminal();
    for (const line of ['conf t', 'ntp server 192.0.2.7', 'end']) terminal.send(line);
    expect(terminal.send('reload')).toBe(
      '\r\nSystem configuration has been modified. Save? [yes/no]: ',
    );
    expect(terminal.send('perhaps')).toContain("% Please answer 'yes' or 'no'.");
    expect(terminal.send('no')).toMatch(/Proceed with reload\? \[confirm\]$/);
    expect(terminal.shell.question?.takes).toBe('key');
    terminal.send('n');
    expect(terminal.prompt).toBe('acc1#');
    terminal.send('reload');
    expect(terminal.send('yes')).toMatch(/\[OK\]\r\nReload command[^]*\[confirm\]$/);
    terminal.send('\r');
    terminal.pass(60_000);
    expect(terminal.reloads).toBe(1);
    expect(terminal.device.runningConfig).toContain('192.0.2.7');
    expect(terminal.mutations).toEqual(['config', 'save-config', 'reload']);
  });

  test('loads the saved config, and undrains when the drain was not saved', () => {
    const terminal = new Terminal();
    for (const line of [
      'conf t',
      'router ospf 1',
      'max-metric router-lsa',
      'end',
      'reload',
      'no',
    ]) {
      terminal.send(line);
    }
    expect(terminal.device.drained).toBe(true);
    terminal.send('y');
    terminal.pass(60_000);
    expect(terminal.device.drained).toBe(false);
  });

  test('brings the members back one after the other', () => {
    const terminal = new Terminal();
    terminal.send('reload');
    terminal.send('y');
    terminal.pass(10_000);
    expect(terminal.reloads).toBe(1);
    expect(terminal.send('show switch')).toMatch(/^ 3 .*Provisioned/m);
    expect(terminal.send('show version')).not.toContain('Switch 03');
    expect(terminal.send('show interfaces status')).not.toContain('Gi3/0/1');
    terminal.pass(50_000);
    expect(terminal.send('show switch')).toMatch(/^ 2 .*Sync Started/m);
    terminal.pass(300_000);
    expect(terminal.send('show switch')).toMatch(/^ 2 {7}Standby .*Ready[^]*^ 3 .*Ready/m);
    expect(terminal.send('show redundancy states')).toContain('STANDBY HOT');
  });

  test('falls back to the old image when the new one does not come up', () => {
    const terminal = staged();
    terminal.fault('boots-old-image');
    terminal.send('install activate prompt-level none');
    terminal.pass(10_000);
    expect(terminal.reloads).toBe(1);
    expect(terminal.device.runningVersion).toBe('17.9.4a');
    expect(terminal.send('show install summary')).toMatch(/^IMG {3}I {4}17\.12\.04/m);
    terminal.fault();
    terminal.send('install activate prompt-level none');
    terminal.pass(10_000);
    expect(terminal.device.runningVersion).toBe('17.12.4');
  });

  test.each([
    ['never-returns', undefined],
    [undefined, 'boot manual'],
  ])('stays in the boot loader (%s, %s)', (fault, line) => {
    const terminal = new Terminal();
    if (fault !== undefined) terminal.fault(fault);
    if (line !== undefined) for (const one of ['conf t', line, 'end', 'write']) terminal.send(one);
    terminal.send('reload');
    terminal.send('y');
    terminal.pass(60_000);
    expect(terminal.dead).toContain('ROMMON');
    expect(terminal.reloads).toBe(0);
  });

  test('does not boot packages that were deleted', () => {
    const terminal = new Terminal();
    terminal.send('delete /force flash:cat9k-rpbase.17.09.04a.SPA.pkg');
    terminal.send('reload');
    terminal.send('y');
    terminal.pass(60_000);
    expect(terminal.dead).toContain('cat9k-rpbase.17.09.04a.SPA.pkg');
  });

  test('takes three times as long when it is slow', () => {
    const { device } = new Terminal();
    const context = { nowMs: startMs, chance: () => 0.25 };
    const usual = personality.boot(device, context);
    const slow = personality.boot(freeze({ ...device, faults: ['slow-boot'] }), context);
    expect(usual.kind === 'boots' && usual.afterMs).toBe(345_000);
    expect(slow.kind === 'boots' && slow.afterMs).toBe(3 * 345_000);
  });

  test('comes up unconfigured when its config is lost', () => {
    const terminal = new Terminal();
    terminal.fault('config-lost');
    terminal.send('reload');
    terminal.send('y');
    terminal.pass(60_000);
    expect(terminal.prompt).toBe('Switch#');
    expect(terminal.send('show startup-config')).toBe('startup-config is not present\r\n');
  });
});

describe('the device as a whole', () => {
  test('is plain JSON that survives writing and reading at any point', () => {
    const terminal = activated();
    const again = JSON.parse(JSON.stringify(terminal.device)) as typeof terminal.device;
    expect(again).toEqual(terminal.device);
    const shell = personality.login(again);
    expect(personality.line(again, shell, 'show install summary', terminal.context)).toEqual(
      personality.line(terminal.device, shell, 'show install summary', terminal.context),
    );
  });

  test('has the values of a C9300 stack in SNMP', () => {
    const values = personality.mib(new Terminal().device, startMs);
    expect(values['1.3.6.1.2.1.1.1.0']?.value).toMatch(
      /^Cisco IOS Software \[Cupertino\], Catalyst L3 Switch Software \(CAT9K_IOSXE\), Version 17\.9\.4a, RELEASE SOFTWARE \(fc3\)\r\nTechnical Support: http:\/\/www\.cisco\.com\/techsupport\r\n/,
    );
    expect(values['1.3.6.1.2.1.1.2.0']).toEqual({ type: 'oid', value: '1.3.6.1.4.1.9.1.2494' });
    expect(values['1.3.6.1.2.1.1.3.0']).toEqual({ type: 'ticks', value: 86_400_000 });
    expect(values['1.3.6.1.2.1.47.1.1.1.1.11.3000']?.value).toBe('FOC3333C3CC');
  });

  test('names images as the vendor does', () => {
    expect(personality.imageFileName('17.12.4', 'C9300-48P')).toBe('cat9k_iosxe.17.12.04.SPA.bin');
    expect(personality.imageFileName('17.9.4a', 'C9300-48P')).toBe('cat9k_iosxe.17.09.04a.SPA.bin');
    expect(personality.imageFileName('17.09.05', 'C9300-48P')).toBe('cat9k_iosxe.17.09.05.SPA.bin');
    expect(personality.imageFileName('16.12.10a', 'x')).toBe('cat9k_iosxe.16.12.10a.SPA.bin');
  });

  test('takes extra config in the place of what it would make itself', () => {
    const extraConfig =
      'interface GigabitEthernet1/0/1\n ip address 10.0.0.0 255.255.255.254\n!\nntp server 192.0.2.1';
    const { runningConfig } = personality.create(seed({ extraConfig }));
    expect(runningConfig.match(/^interface GigabitEthernet1\/0\/1$/gm)).toHaveLength(1);
    expect(runningConfig).toContain('ntp server 192.0.2.1');
  });
});
