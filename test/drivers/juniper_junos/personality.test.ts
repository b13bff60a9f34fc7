import { describe, expect, test } from '@jest/globals';
import { personality } from '../../../drivers/juniper_junos/personality.js';
import { dualSeed, imageFile, seedOf, Terminal } from './personality-terminal.js';

const NEW = '22.4R3-S2.11';
const IMAGE = `/var/tmp/junos-install-mx-x86-64-${NEW}.tgz`;

function unpaged(seed = seedOf()): Terminal {
  const terminal = new Terminal(seed);
  terminal.send('set cli screen-length 0');
  return terminal;
}

/** With the new package in place and half an hour gone. */
function armed(terminal: Terminal, ...options: readonly string[]): Terminal {
  terminal.put(imageFile(NEW));
  terminal.send(['request system software add', IMAGE, 'no-copy', ...options].join(' '));
  terminal.nowMs += 1_800_000;
  return terminal;
}

describe('the command line of a simulated Junos device', () => {
  test('takes unique beginnings of words and filters', () => {
    const terminal = unpaged();
    expect(terminal.send('sh ver | match Junos:')).toBe('Junos: 21.4R3-S5.4\n\n');
    expect(terminal.send('show version | except JUNOS | count')).toBe('Count: 2 lines\n\n');
    expect(terminal.send('show system uptime | find booted | last 1')).toContain('load averages');
  });

  test('shows itself as XML and as JSON', () => {
    const terminal = unpaged();
    const json = terminal.send('show version | display json');
    expect(JSON.parse(json)).toMatchObject({
      'software-information': [{ 'junos-version': [{ data: '21.4R3-S5.4' }] }],
    });
    expect(terminal.send('show version | display xml')).toContain(
      '<junos-version>21.4R3-S5.4</junos-version>',
    );
    expect(JSON.parse(terminal.send('show system alarms | display json'))).toEqual({
      output: [{ data: '\nNo alarms currently active\n' }],
    });
  });

  test('points at what it does not understand', () => {
    const terminal = unpaged();
    const column = 'ops@edge1> show '.length;
    expect(terminal.send('show nonsense')).toBe(
      `${' '.repeat(column)}^\nsyntax error, expecting <command>.\n\n`,
    );
    expect(terminal.send('nonsense')).toContain('unknown command.');
    expect(terminal.send('show ch')).toContain('missing argument.');
    expect(terminal.send('c')).toContain("'c' is ambiguous.");
  });

  test('stops at a full page until a key is pressed', () => {
    const terminal = new Terminal();
    expect(terminal.send('show configuration')).toMatch(/---\(more\)---$/);
    expect(terminal.send(' ')).toMatch(/---\(more \d+%\)---$/);
    expect(terminal.send('q')).not.toContain('more');
    expect(terminal.shell.question).toBeUndefined();
    expect(terminal.send('show configuration | no-more')).not.toContain('more');
  });

  test('shows which engine leads above the prompt', () => {
    expect(unpaged(dualSeed()).send('')).toBe('\n{master}\n');
    expect(unpaged(seedOf({ model: 'ex4300-48t' })).send('')).toBe('\n{master:0}\n');
    const terminal = unpaged(dualSeed());
    terminal.send('request routing-engine login other-routing-engine');
    expect(terminal.send('')).toBe('\n{backup}\n');
    expect(terminal.send('exit')).toContain('rlogin: connection closed');
  });

  test('takes hostile lines without harm', () => {
    for (const line of [
      '\u0000\u001b[31m',
      '"'.repeat(500),
      '| | |',
      'x'.repeat(9000),
      'show |',
      '(((',
    ]) {
      const terminal = unpaged();
      expect(typeof terminal.send(line)).toBe('string');
      terminal.send('configure');
      expect(typeof terminal.send(line)).toBe('string');
    }
  });
});

describe('the files of a simulated Junos device', () => {
  test('are listed, hashed, copied between engines and deleted', () => {
    const terminal = unpaged(dualSeed());
    terminal.put(imageFile(NEW));
    expect(terminal.send('file list /var/tmp/ detail')).toMatch(
      / 2400000000 .* junos-install-mx-x86-64-22/,
    );
    expect(terminal.send(`file checksum md5 ${IMAGE}`)).toContain(`MD5 (${IMAGE}) = cdcd`);
    expect(terminal.send(`file list re1:${IMAGE} detail`)).toContain('No such file or directory');
    terminal.send(`file copy ${IMAGE} re1:/var/tmp/`);
    expect(terminal.send(`file list re1:${IMAGE} detail`)).toContain('2400000000');
    terminal.send(`file delete re1:${IMAGE}`);
    expect(terminal.send(`file list re1:${IMAGE} detail`)).toContain('No such file or directory');
  });

  test('do not fit on a full disk', () => {
    const terminal = unpaged(dualSeed());
    terminal.put(imageFile(NEW));
    terminal.put({ ...imageFile('0'), name: 'big', sizeBytes: 30_000_000_000 }, 're1');
    expect(terminal.send(`file copy ${IMAGE} re1:/var/tmp/`)).toContain('No space left on device');
  });

  test('are all on the list of a cleanup, which asks first', () => {
    const terminal = unpaged();
    terminal.put(imageFile(NEW));
    expect(terminal.send('request system storage cleanup dry-run')).toContain(IMAGE);
    expect(terminal.device.members[0]?.flash.files).toHaveLength(2);
    expect(terminal.send('request system storage cleanup')).toMatch(/\[yes,no\] \(no\) $/);
    terminal.send('no');
    expect(terminal.device.members[0]?.flash.files).toHaveLength(2);
    terminal.type('request system storage cleanup', 'yes');
    expect(terminal.device.members[0]?.flash.files).toEqual([]);
  });

  test('arrive in /var/tmp only', () => {
    const { device } = unpaged(dualSeed());
    const target = (path: string) => personality.uploadTarget(device, path);
    expect(target(IMAGE)).toEqual({ memberId: 're0', fileName: IMAGE.slice('/var/tmp/'.length) });
    for (const path of [
      '/etc/passwd',
      '/var/tmp/../x',
      '/var/tmp/',
      '/var/tmp/a b',
      '/var/tmp/.x',
    ]) {
      expect(target(path)).toBeUndefined();
    }
  });
});

describe('new software on a simulated Junos device', () => {
  test('waits for the reboot, then runs, and can be gone back from', () => {
    const terminal = armed(unpaged());
    expect(terminal.send('show version | match Pending')).toContain(`Pending: ${NEW}`);
    terminal.reload();
    expect(terminal.device.runningVersion).toBe(NEW);
    expect(terminal.device.runningConfig).toContain(`version ${NEW};`);
    expect(terminal.send('request system software rollback')).toContain(
      "Junos version '21.4R3-S5.4' will become active at next reboot",
    );
    terminal.reload();
    expect(terminal.device.runningVersion).toBe('21.4R3-S5.4');
  });

  test('takes minutes to install, and is not there before', () => {
    const terminal = unpaged();
    terminal.put(imageFile(NEW));
    expect(terminal.send(`request system software add ${IMAGE}`)).toContain(
      "NOTICE: 'pending' set will be activated at next reboot...",
    );
    const delays = terminal.effects.map((each) =>
      each.kind === 'print' ? (each.delayMs ?? 0) : 0,
    );
    expect(Math.max(...delays)).toBeGreaterThan(120_000);
    expect(terminal.send('show version')).not.toContain('Pending');
    expect(terminal.send(`request system software add ${IMAGE}`)).toContain('in progress');
    terminal.nowMs += Math.max(...delays);
    expect(terminal.send('show version')).toContain(`Pending: ${NEW}`);
    expect(terminal.send(`request system software add ${IMAGE}`)).toContain(
      'already an install pending',
    );
  });

  test('is lost when the device reboots in the middle of the installation', () => {
    const terminal = unpaged();
    terminal.put(imageFile(NEW));
    terminal.send(`request system software add ${IMAGE}`);
    terminal.reload();
    expect(terminal.device.runningVersion).toBe('21.4R3-S5.4');
    expect(terminal.send('show version')).not.toContain('Pending');
  });

  test('is dropped by a rollback before the reboot', () => {
    const terminal = armed(unpaged());
    terminal.send('request system software rollback');
    terminal.reload();
    expect(terminal.device.runningVersion).toBe('21.4R3-S5.4');
  });

  test('is refused when damaged, for another model, without room, or not there', () => {
    const { image: _image, ...damaged } = imageFile(NEW);
    const terminal = unpaged();
    const add = (name: string) =>
      terminal.send(`request system software add /var/tmp/${name} no-copy`);
    terminal.put({ ...damaged, name: 'junos-install-mx-x86-64-1.tgz' });
    expect(add('junos-install-mx-x86-64-1.tgz')).toContain('Package signature validation failed');
    terminal.put({ ...imageFile(NEW), name: 'junos-arm-32-22.4R3-S2.11.tgz' });
    expect(add('junos-arm-32-22.4R3-S2.11.tgz')).toContain('is not compatible with this platform');
    expect(add('none.tgz')).toContain('No such file or directory');
    terminal.put(imageFile(NEW));
    terminal.put({ ...imageFile('0'), name: 'big', sizeBytes: 27_000_000_000 });
    expect(add(IMAGE.slice('/var/tmp/'.length))).toContain('ERROR: insufficient space');
    terminal.nowMs += 1_800_000;
    expect(terminal.send('show version')).not.toContain('Pending');
  });

  test('of a vmhost goes by its own commands', () => {
    const terminal = unpaged(seedOf({ model: 'mx204', image: imageFile('21.4R3-S5.4', 'mx204') }));
    const file = imageFile(NEW, 'mx204');
    expect(file.name).toBe(`junos-vmhost-install-mx-x86-64-${NEW}.tgz`);
    terminal.put(file);
    expect(terminal.send(`request system software add /var/tmp/${file.name}`)).toContain(
      "Use 'request vmhost software add'",
    );
    expect(terminal.send(`request vmhost software add /var/tmp/${file.name} no-copy`)).toContain(
      "Use the 'request vmhost reboot' command to reboot the system.",
    );
    terminal.nowMs += 1_800_000;
    expect(terminal.send('show vmhost version')).toContain(`vmhost-core-x86-64-${NEW}`);
    terminal.type('request system reboot', 'yes');
    terminal.reload();
    expect(terminal.device.runningVersion).toBe('21.4R3-S5.4');
    expect(terminal.send('request vmhost reboot')).toContain('Reboot the vmhost ? [yes,no] (no) ');
    terminal.send('yes');
    terminal.reload();
    expect(terminal.device.runningVersion).toBe(NEW);
    expect(unpaged().send('show vmhost version')).toContain('syntax error');
  });
});

describe('a reboot of a simulated Junos device', () => {
  test('asks, and takes everything but yes for a no', () => {
    const terminal = unpaged();
    expect(terminal.send('request system reboot')).toBe('Reboot the system ? [yes,no] (no) ');
    terminal.send('');
    expect(terminal.effects.some(({ kind }) => kind === 'reload')).toBe(false);
    terminal.send('request system reboot');
    expect(terminal.send('yes')).toContain('Shutdown NOW!');
    expect(terminal.effects.some(({ kind }) => kind === 'reload')).toBe(true);
    expect(terminal.mutation).toBe('reload');
  });

  test('can be set for later and called off', () => {
    const terminal = unpaged();
    terminal.type('request system reboot in 5', 'yes');
    expect(terminal.effects).toContainEqual({ kind: 'timer', name: 'reboot', delayMs: 300_000 });
    expect(terminal.send('show system reboot')).toContain('reboot requested by ops at');
    terminal.send('clear system reboot');
    expect(terminal.fire('reboot')).toEqual([]);
  });

  test('of the other engine leaves the chassis up', () => {
    const terminal = armed(unpaged(dualSeed()), 're1');
    terminal.type('request system reboot other-routing-engine', 'yes');
    expect(terminal.effects.some(({ kind }) => kind === 'reload')).toBe(false);
    expect(terminal.send('show chassis routing-engine')).toMatch(
      /Slot 1:\n +Current state +Present\n/,
    );
    expect(terminal.send('show version invoke-on all-routing-engines')).toContain(
      'error: could not connect to re1',
    );
    terminal.nowMs += 900_000;
    expect(terminal.send('show version invoke-on other-routing-engine')).toContain(`Junos: ${NEW}`);
    expect(terminal.device.runningVersion).toBe('21.4R3-S5.4');
  });

  test('of the master alone hands over to the other one', () => {
    const terminal = armed(unpaged(dualSeed()), 're1');
    terminal.type('request system reboot other-routing-engine', 'yes');
    terminal.nowMs += 900_000;
    terminal.type('request system reboot', 'yes');
    terminal.reload();
    expect(terminal.device.runningVersion).toBe(NEW);
    expect(terminal.device.members.map(({ role }) => role)).toEqual(['standby', 'active']);
  });

  test('of both boots what waits on each', () => {
    const terminal = armed(unpaged(dualSeed()));
    terminal.type('request system reboot both-routing-engines', 'yes');
    terminal.reload();
    const shown = terminal.send('show version invoke-on all-routing-engines');
    expect(shown.match(/^Junos: .*$/gm)).toEqual([`Junos: ${NEW}`, 'Junos: 21.4R3-S5.4']);
  });

  test.each([
    ['never-returns', (terminal: Terminal) => typeof terminal.reload() === 'string'],
    [
      'boots-old-image',
      (terminal: Terminal) => {
        terminal.reload();
        return terminal.device.runningVersion === '21.4R3-S5.4';
      },
    ],
    [
      'config-lost',
      (terminal: Terminal) => {
        terminal.reload();
        return terminal.device.hostname === '' && terminal.prompt === 'ops> ';
      },
    ],
    ['slow-boot', (terminal: Terminal) => Number(terminal.reload()) > 1_000_000],
  ] as const)('suffers %s', (fault, shows) => {
    const terminal = armed(unpaged());
    terminal.suffer(fault);
    expect(shows(terminal)).toBe(true);
  });
});

describe('the mastership of a simulated Junos device', () => {
  test('changes over without an outage with graceful switchover, and not twice in a row', () => {
    const terminal = unpaged(dualSeed());
    expect(terminal.send('request chassis routing-engine master switch')).toBe(
      'Toggle mastership between routing engines ? [yes,no] (no) ',
    );
    terminal.send('yes');
    expect(terminal.effects).toContainEqual({ kind: 'close-shell' });
    expect(terminal.device.members[1]?.role).toBe('active');
    expect(terminal.send('request chassis routing-engine master switch')).toMatch(
      /^Not ready for mastership switch, try after 240 secs\./,
    );
  });

  test('takes the chassis down for a while without it', () => {
    const terminal = unpaged(dualSeed());
    terminal.type('configure', 'delete chassis redundancy graceful-switchover', 'commit and-quit');
    terminal.type('request chassis routing-engine master switch', 'yes');
    expect(terminal.effects.some(({ kind }) => kind === 'reload')).toBe(true);
    expect(Number(terminal.reload())).toBeLessThan(120_000);
    expect(terminal.send('show chassis routing-engine')).toMatch(
      /Slot 0:\n +Current state +Backup\n/,
    );
  });
});

describe('what a simulated Junos device tells by SNMP', () => {
  test('is its system, its chassis and its engines', () => {
    const { device, nowMs } = unpaged(dualSeed());
    const mib = personality.mib(device, nowMs);
    expect(mib['1.3.6.1.2.1.1.1.0']?.value).toMatch(
      /^Juniper Networks, Inc\. mx480 internet router, kernel JUNOS 21\.4R3-S5\.4, Build date: /,
    );
    expect(mib['1.3.6.1.2.1.1.2.0']?.value).toBe('1.3.6.1.4.1.2636.1.1.1.2.25');
    expect(mib['1.3.6.1.2.1.47.1.1.1.1.11.2']?.value).toBe('9009418861');
    expect(mib['1.3.6.1.4.1.2636.3.1.3.0']?.value).toMatch(/^JN/);
  });
});
