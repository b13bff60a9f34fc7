import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/cisco_iosxe/index.js';
import { sameConfig } from '../../../drivers/cisco_iosxe/config.js';
import {
  parseBoot,
  parseDir,
  parseRunningInstall,
  parseShowSwitch,
  parseUptime,
  parseVerify,
} from '../../../drivers/cisco_iosxe/parse.js';
import { interfaceName, parseEnvironment } from '../../../drivers/cisco_iosxe/parse-state.js';
import { haOf } from '../../../drivers/cisco_iosxe/snapshot.js';
import { sessionOf, transcript } from './fake-session.js';

const names = [
  'stack-install',
  'stack-uncommitted',
  'single-install',
  'single-bundle',
  'router-install',
];

describe('facts', () => {
  test.each(names)('of %s are those of the transcript', async (name) => {
    const from = transcript(name);
    expect(await driver.facts(sessionOf(from))).toEqual(from.facts);
  });

  test('an answer without a release is a fault, not a guess', async () => {
    const from = transcript('single-install');
    const session = sessionOf({ ...from, commands: { 'show version': 'garbage\n' } });
    await expect(driver.facts(session)).rejects.toThrow('names no release');
  });
});

describe('snapshot', () => {
  test.each(['stack-install', 'stack-uncommitted', 'single-install', 'router-install'])(
    'of %s is that of the transcript',
    async (name) => {
      const from = transcript(name);
      expect(await driver.snapshot(sessionOf(from))).toMatchObject(from.snapshot ?? {});
    },
  );

  test('commands that the model lacks give empty parts', async () => {
    const from = transcript('single-install');
    const commands = { 'show version': from.commands['show version'] ?? '' };
    expect(await driver.snapshot(sessionOf({ ...from, commands }))).toMatchObject({
      interfaces: [],
      neighbours: [],
      peers: [],
      environment: { ok: true },
      ha: { kind: 'none', healthy: true },
    });
  });

  test('a stack with a member away or without a hot standby is not healthy', () => {
    const ready = [
      { id: '1', role: 'active', state: 'ready' },
      { id: '2', role: 'standby', state: 'ready' },
    ] as const;
    const away = { id: '3', role: 'member', state: 'provisioned' } as const;
    const hot = { duplex: true, peerState: 'standby hot' };
    expect(haOf(ready, hot).healthy).toBe(true);
    expect(haOf([...ready, away], hot)).toMatchObject({
      healthy: false,
      state: 'member 3 is provisioned',
    });
    expect(haOf(ready, { duplex: true, peerState: 'standby cold' }).healthy).toBe(false);
    expect(haOf(ready, { duplex: false, peerState: '' }).healthy).toBe(false);
    expect(haOf([], undefined)).toMatchObject({ kind: 'none', healthy: true });
  });
});

describe('single outputs', () => {
  test('uptime adds up its units', () => {
    expect(parseUptime('1 year, 2 weeks, 1 day, 3 hours, 4 minutes')).toBe(
      (((365 + 14 + 1) * 24 + 3) * 60 + 4) * 60_000,
    );
    expect(parseUptime('soon')).toBeUndefined();
  });

  test('switch states keep the word of the device', () => {
    const text = ' 4       Member   00cc.fcff.7b00     15     0       V-Mismatch \n';
    expect(parseShowSwitch(text)).toEqual([{ id: '4', role: 'member', state: 'v-mismatch' }]);
  });

  test('the boot variable of the next reload wins, its list is cut to the first entry', () => {
    const text =
      'Switch 2\nCurrent Boot Variables:\nBOOT variable = flash:old.bin;\n\n' +
      'Boot Variables on next reload:\nBOOT variable = flash:packages.conf;flash:old.bin;\nManual Boot = yes\n';
    expect(parseBoot(text).switches).toEqual({ 2: { next: 'flash:packages.conf', manual: true } });
    expect(
      parseBoot('Configuration register is 0x2102 (will be 0x2142 at next reload)').register,
    ).toBe(0x2142);
  });

  test('dir gives files with spaces in the mode column and the free bytes', () => {
    const text =
      'Directory of flash:/\n\n519171  -rw  -             5681   Mar 2 2015 08:48:31 +00:00  packages.conf\n' +
      '11  drwx            16384   Mar 2 2015 08:46:31 +00:00  lost+found\n\n7835619328 bytes total (6612774912 bytes free)\n';
    expect(parseDir(text)).toEqual({
      totalBytes: 7835619328,
      freeBytes: 6612774912,
      files: [{ name: 'packages.conf', sizeBytes: 5681 }],
    });
  });

  test('verify gives its hash in lower case, an error none', () => {
    const hash = 'AB'.repeat(64);
    expect(parseVerify(`....Done!\nverify /sha512 (flash:a.bin) = ${hash}\n`)).toBe(
      hash.toLowerCase(),
    );
    expect(parseVerify('%Error opening flash:a.bin (No such file or directory)')).toBeUndefined();
  });

  test('an install operation without an end is running', () => {
    const start = '[4|install_add]: START Sun Feb 26 05:57:04 UTC 2026\n';
    expect(parseRunningInstall(start)).toBe('install_add');
    expect(parseRunningInstall(`${start}[4|install_add]: END SUCCESS Sun`)).toBeUndefined();
  });

  test('interface names have one spelling', () => {
    expect(['Gi1/0/1', 'Gig 1/0/1', 'GigabitEthernet1/0/1'].map(interfaceName)).toEqual(
      Array.from({ length: 3 }, () => 'GigabitEthernet1/0/1'),
    );
    expect(interfaceName('Port 1')).toBe('Port 1');
  });

  test('thresholds and zero alarms are no trouble, faulty parts are', () => {
    expect(
      parseEnvironment(
        'Number of Critical alarms:  0\nYellow Threshold : 46 Degree\nPS2 C9400-PWR ac n.a. faulty good\n',
      ),
    ).toEqual(['PS2 C9400-PWR ac n.a. faulty good']);
  });
});

describe('config', () => {
  const body = 'hostname sw1\n!\nend\n';

  test('what changes by itself is masked', () => {
    const text =
      'Building configuration...\n\nCurrent configuration : 123 bytes\n!\n' +
      '! Last configuration change at 10:00:00 UTC Fri Nov 20 2026 by ops\n' +
      '! NVRAM config last updated at 10:00:01 UTC Fri Nov 20 2026 by ops\n' +
      `ntp clock-period 36029\n${body}`;
    expect(driver.maskConfig(text)).toBe(`!\n${body}`);
  });

  test('a certificate shown by name in startup is no difference, a line is', () => {
    const chain = 'crypto pki certificate chain SELF\n certificate self-signed 01';
    const running = `${chain}\n  30820330 30820218 A0030201\n  \tquit\n${body}`;
    const startup = `Using 99 out of 2097152 bytes\n${chain} nvram:Self#1.cer\n${body}`;
    expect(sameConfig(running, startup)).toBe(true);
    expect(sameConfig(running, startup.replace('sw1', 'sw2'))).toBe(false);
  });
});
