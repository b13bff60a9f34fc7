import { describe, expect, test } from '@jest/globals';
import { platform } from '../../../drivers/arista_eos/platform.js';
import { isNoise, matchPrompt, nothingLearned } from '../../../src/session/prompt.js';

const { dialect } = platform;
const modeOf = (line: string) => matchPrompt(line, dialect, nothingLearned)?.mode;

describe('prompts of EOS', () => {
  test.each([
    ['sw-a12>', 'exec'],
    ['sw-a12#', 'enable'],
    ['sw-a12# ', 'enable'],
    ['dc1-leaf1a.example.net#', 'enable'],
    ['sw-a12(s1)#', 'enable'],
    ['sw-a12(s2 standby)>', 'exec'],
    ['sw-a12(vrf:MGMT)#', 'enable'],
    ['sw-a12(s1)(vrf:MGMT)#', 'enable'],
    ['localhost(config)#', 'config'],
    ['sw-a12(config-if-Et1/1)#', 'config'],
    ['sw-a12(config-s-change)#', 'config-session'],
    ['sw-a12(config-s-nights-if-Et1)#', 'config-session'],
    ['sw-a12(config-sflow)#', 'config'],
    ['sw-a12(config-maintenance)#', 'config'],
    ['sw-a12(config-builtin-unit-System)#', 'config'],
    ['sw-a12(s1)(config-if-Po1-12)#', 'config'],
  ])('%s is %s', (line, mode) => {
    expect(modeOf(line)).toBe(mode);
  });

  test.each([
    'Password: ',
    ' --More-- ',
    'System configuration has been modified. Save? [yes/no/cancel/diff]:',
    'Proceed with reload? [confirm]',
    '[admin@sw-a12 ~]$ ',
    'Aboot#',
    'sw-a12 login:',
    '! device: sw-a12 (DCS-7050SX3-48YC8, EOS-4.28.3M)',
    '   description ring <east>',
    '#',
    '>',
    'banner of ward #',
  ])('"%s" is no prompt', (line) => {
    expect(modeOf(line)).toBeUndefined();
  });

  test('the hostname is learned in every mode', () => {
    for (const line of ['sw-a12>', 'sw-a12(s1)#', 'sw-a12(config-if-Et1)#'])
      expect(matchPrompt(line, dialect, nothingLearned)?.host).toBe('sw-a12');
  });
});

describe('lines of EOS', () => {
  test.each([
    "% Invalid input (at token 1: 'shwo')",
    '% Invalid input',
    '% Incomplete command',
    '% Ambiguous command',
    '% Unavailable command (not supported on this hardware platform)',
    "% Authorization denied for command 'reload'",
    '% Error copying system:/running-config to flash:/startup-config (No space left on device)',
  ])('"%s" is a failure', (line) => {
    expect(dialect.failures.some((failure) => failure.test(line))).toBe(true);
  });

  test.each([
    '   description % Invalid input',
    '% There seem to be no power supplies connected.',
    'ip domain lookup % Error',
    '! % Incomplete command',
    '%Cpu(s):  5.2 us,  2.1 sy',
  ])('"%s" is none', (line) => {
    expect(dialect.failures.some((failure) => failure.test(line))).toBe(false);
  });

  test('log lines are taken out, table rows and config are not', () => {
    const log =
      'Nov  3 20:22:34 sw-a12 Rib: %BGP-5-ADJCHANGE: peer 10.80.1.0 (AS 65100) old state Established';
    expect(isNoise(log, dialect)).toBe(true);
    expect(
      isNoise('2026-11-23T20:22:34.120+01:00 sw-a12 Ebra: %LINEPROTO-5-UPDOWN: x', dialect),
    ).toBe(true);
    expect(
      isNoise('       -rwx   973841207           Feb 14 02:03  EOS-4.28.3M.swi', dialect),
    ).toBe(false);
    expect(isNoise('   logging format timestamp high-resolution', dialect)).toBe(false);
  });

  test.each([
    'show version',
    'show running-config | include hostname',
    'show version | json',
    'dir flash:',
    'verify /sha512 flash:EOS-4.28.3M.swi',
    'terminal width 32767',
  ])('"%s" is read-only', (line) => {
    expect(dialect.readOnly.some((allowed) => allowed.test(line))).toBe(true);
  });

  test.each([
    'bash',
    'bash timeout 5 ls',
    'show version | redirect flash:x',
    'show version | tee flash:x',
    'show version > flash:x',
    'show version\nreload',
    'show version ; reload',
    'verify /sha512 flash:x;reload',
    'reload',
    'configure',
    'write memory',
    'delete flash:EOS-4.28.3M.swi',
    ' show version',
  ])('"%s" is not', (line) => {
    expect(dialect.readOnly.some((allowed) => allowed.test(line))).toBe(false);
  });
});

test('the enable password is asked for and answered from the secrets', () => {
  const enable = dialect.moves.find(({ to }) => to === 'enable');
  const ask = new RegExp(enable?.dialogs?.[0]?.ask ?? '(?!)');
  expect(ask.test('Password: ')).toBe(true);
  expect(ask.test('show version\nPassword:')).toBe(true);
  expect(enable?.dialogs?.[0]?.answer).toBe('secret:enable');
});
