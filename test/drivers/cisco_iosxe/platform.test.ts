import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/cisco_iosxe/index.js';
import { transcript } from './fake-session.js';

const { dialect } = driver.platform;

function modeOf(line: string): string | undefined {
  return dialect.modes.find((mode) => mode.prompt.test(line))?.name;
}

describe('prompts', () => {
  test.each([
    ['sw1>', 'exec'],
    ['ward-stack.example#', 'enable'],
    ['sw1(config)#', 'config'],
    ['sw1(config-if)#', 'config'],
    ['sw1(config-router-af)#', 'config'],
  ])('%s is %s', (line, mode) => {
    expect(modeOf(line)).toBe(mode);
  });

  test.each([
    'Password: ',
    ' --More-- ',
    'switch: ',
    'rommon 1 >',
    'RP/0/RSP0/CPU0:core#',
    'sw1(tcl)#',
    'Do you want to proceed? [y/n]',
    '[guestshell@guestshell ~]$ ',
    '!#',
    '',
  ])('%j is no prompt', (line) => {
    expect(modeOf(line)).toBeUndefined();
  });

  test('the hostname is learned from the prompt', () => {
    expect(dialect.modes[1]?.prompt.exec('sw1#')?.groups?.['host']).toBe('sw1');
  });
});

describe('noise', () => {
  test.each([
    '*Mar  1 00:00:00.000: %SYS-5-CONFIG_I: Configured from console by ops',
    'Nov 20 10:00:00 UTC: %LINK-3-UPDOWN: Interface Gi1/0/1, changed state to up',
    '.Nov 20 10:00:00.123: %SYS-5-RESTART: System restarted --',
    '000123: *Nov 20 2026 10:00:00.123 CET: %OSPF-5-ADJCHG: Process 10',
    '00:00:46: %LINEPROTO-5-UPDOWN: Line protocol',
    '1w2d: %SYS-5-CONFIG_I: Configured',
    '%SYS-5-CONFIG_I: Configured from console',
    '*May 12 00:12:26.874: %INSTALL-5-INSTALL_COMPLETED_INFO: R0/0: install_mgr: Completed',
    'Nov 20 10:00:00.123: %STACKMGR-4-SWITCH_REMOVED: Switch 1 R0/0: stack_mgr: Switch 2 removed',
  ])('%s is taken out', (line) => {
    expect(dialect.noise.some((each) => each.test(line))).toBe(true);
  });

  test.each([
    '% Invalid input detected',
    'FAILED: install_add',
    'CPU utilization for five seconds: 4%/1%; one minute: 7%',
    'Nov 20 10:00:00 something else',
  ])('%s stays', (line) => {
    expect(dialect.noise.some((each) => each.test(line))).toBe(false);
  });
});

describe('failures', () => {
  test.each([
    "% Invalid input detected at '^' marker.",
    '% Incomplete command.',
    '%Error opening flash:/x.bin (No such file or directory)',
    'FAILED: install_activate Sun Nov 22 02:00:00 UTC 2026',
    'Command authorization failed.',
  ])('%s says that the command failed', (line) => {
    expect(dialect.failures.some((each) => each.test(line))).toBe(true);
  });

  test.each(['% BGP not active', 'SUCCESS: install_add', ' 5 input errors, 0 CRC'])(
    '%s does not',
    (line) => {
      expect(dialect.failures.some((each) => each.test(line))).toBe(false);
    },
  );
});

describe('read-only commands', () => {
  const allowed = (line: string) => dialect.readOnly.some((each) => each.test(line));

  test('all that facts and snapshot send is among them', () => {
    for (const line of Object.keys(transcript('stack-install').commands)) {
      expect([line, allowed(line)]).toEqual([line, true]);
    }
  });

  test.each([
    'show running-config | redirect flash:x',
    'show version | tee flash:x',
    'show clock\nreload',
    'reload',
    'dir flash: reload',
    'verify /md5 flash:a b',
    'install remove inactive',
    'write memory',
  ])('%j is not', (line) => {
    expect(allowed(line)).toBe(false);
  });
});

describe('recognise', () => {
  const descr = (text: string) => driver.recognise({ sysDescr: text });

  test('reads release and platform from sysDescr of every generation', () => {
    expect(
      descr(
        'Cisco IOS Software [Amsterdam], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.3.5, RELEASE SOFTWARE (fc2)',
      ),
    ).toMatchObject({ confidence: 'certain', version: '17.3.5' });
    expect(
      descr(
        'Cisco IOS Software, IOS-XE Software, Catalyst 4500 L3 Switch Software (cat4500es8-UNIVERSALK9-M), Version 03.06.05.E RELEASE SOFTWARE (fc1)',
      ),
    ).toMatchObject({ confidence: 'certain', version: '3.6.5E' });
  });

  test.each([
    'Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E4, RELEASE SOFTWARE (fc2)',
    'Cisco IOS Software, Catalyst 4500 L3 Switch Software (cat4500e-ENTSERVICESK9-M), Version 15.0(2)SG10, RELEASE SOFTWARE (fc1)',
    'Cisco NX-OS(tm) nxos.9.3.8.bin, Software (nxos), Version 9.3(8), RELEASE SOFTWARE',
    'Cisco IOS XR Software (ASR9K), Version 7.3.2',
    'Arista Networks EOS version 4.28.3M',
    '',
  ])('does not claim %s', (text) => {
    expect(descr(text)).toBeUndefined();
  });

  test('never goes by sysObjectID alone', () => {
    expect(driver.recognise({ sysObjectId: '1.3.6.1.4.1.9.1.2494' })).toBeUndefined();
  });

  test('names model, serials of all members and hostname from show version', () => {
    const from = transcript('stack-install');
    expect(driver.recognise({ outputs: from.commands })).toMatchObject({
      confidence: 'certain',
      version: '17.9.4a',
      model: 'C9300-24P',
      serials: ['FCW2401A0AA', 'FCW2401A0BB', 'FCW2401A0CC'],
      hostname: 'ward-stack',
    });
  });

  test('takes chassis rows of the entity table for model and serials', () => {
    const entity = '1.3.6.1.2.1.47.1.1.1.1';
    const oids = {
      [`${entity}.5.1`]: '11',
      [`${entity}.13.1`]: 'stack',
      [`${entity}.5.1000`]: '3',
      [`${entity}.13.1000`]: 'C9300-24P',
      [`${entity}.11.1000`]: 'FCW2401A0AA',
      [`${entity}.5.2000`]: '3',
      [`${entity}.13.2000`]: 'C9300-24P',
      [`${entity}.11.2000`]: 'FCW2401A0BB',
    };
    const sysDescr =
      'Cisco IOS Software [Dublin], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.12.4, RELEASE';
    expect(driver.recognise({ sysDescr, oids })).toMatchObject({
      model: 'C9300-24P',
      serials: ['FCW2401A0AA', 'FCW2401A0BB'],
    });
  });
});
