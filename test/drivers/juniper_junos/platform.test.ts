import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/juniper_junos/index.js';
import {
  isNoise,
  matchPrompt,
  nothingLearned,
  prepareDialect,
} from '../../../src/session/prompt.js';

const dialect = prepareDialect(driver.platform.dialect);
const modeOf = (line: string) => matchPrompt(line, dialect, nothingLearned)?.mode;

describe('the dialect', () => {
  test.each([
    ['ops@edge-utr1> ', 'operational', 'edge-utr1'],
    ['edge-utr1> ', 'operational', 'edge-utr1'],
    ['ops@core-ams2-re0>', 'operational', 'core-ams2-re0'],
    ['ops@edge-utr1# ', 'config', 'edge-utr1'],
    ['root@edge-utr1% ', 'shell', undefined],
    ['root@edge-utr1:RE:0% ', 'shell', undefined],
    ['root@edge-utr1:~ # ', 'shell', undefined],
    ['root@edge-utr1:/var/tmp # ', 'shell', undefined],
    ['% ', 'shell', undefined],
  ])('takes %j for a prompt of mode %s', (line, mode, host) => {
    const found = matchPrompt(line, dialect, nothingLearned);
    expect([found?.mode, found?.host]).toEqual([mode, host]);
  });

  test.each([
    '{master}',
    '[edit]',
    '[edit system login]',
    '---(more)---',
    '---(more 42%)---',
    'Reboot the system ? [yes,no] (no) ',
    'Users currently editing the configuration:',
    '# commit confirmed will be rolled back in 9 minutes',
    '## Last commit: 2026-11-02 20:11:03 UTC by otto',
    'login: ',
  ])('does not take %j for one', (line) => {
    expect(modeOf(line)).toBeUndefined();
  });

  test.each([
    '{master}',
    '{backup}',
    '{master:0}',
    '{primary:node0}',
    '{linecard:2}',
    '{secondary:node1}',
  ])('leaves the line %s out of what a command says', (line) => {
    expect(isNoise(line, dialect)).toBe(true);
  });

  test.each([
    'syntax error, expecting <command>.',
    '                      ^\nsyntax error.'.split('\n')[1] ?? '',
    'unknown command.',
    'missing argument.',
    'error: configuration database modified',
    'error: configuration check-out failed',
    'ERROR: junos-install fails requirements check',
  ])('knows %j for a refusal', (line) => {
    expect(dialect.failures.some((each) => each.test(line))).toBe(true);
  });

  test.each([
    'warning: uncommitted changes will be discarded on exit',
    'commit complete',
    'No error: fine',
  ])('does not know %j for one', (line) => {
    expect(dialect.failures.some((each) => each.test(line))).toBe(false);
  });

  test.each([
    'show configuration | save /var/tmp/x',
    'show configuration | append x',
    'show log messages | tee x',
    'file delete /var/tmp/x',
    'file list /config/ detail',
    'file list /var/tmp/../../config/x',
    'file checksum md5 /config/juniper.conf.gz',
    'request system reboot',
    'set cli logical-system x',
    'configure',
    'clear system commit',
  ])('does not let %s pass as read-only', (line) => {
    expect(dialect.readOnly.some((each) => each.test(line))).toBe(false);
  });
});

describe('recognising', () => {
  test.each([
    [
      'Juniper Networks, Inc. mx480 internet router, kernel JUNOS 21.4R3-S5.4, Build date: 2023-08-12',
      'mx480',
      '21.4R3-S5.4',
    ],
    [
      'Juniper Networks, Inc. ex4300-48t Ethernet Switch, kernel JUNOS 20.4R3-S4.8, Build date: 2022',
      'ex4300-48t',
      '20.4R3-S4.8',
    ],
    [
      'Juniper Networks, Inc. qfx5130-32cd , kernel JUNOS 22.2R3-S1.3-EVO, Copyright (c) 1996',
      'qfx5130-32cd',
      '22.2R3-S1.3-EVO',
    ],
  ])('reads %s', (sysDescr, model, version) => {
    expect(driver.recognise({ sysDescr })).toMatchObject({ confidence: 'certain', model, version });
  });

  test('goes by the login banner where nothing else is seen', () => {
    const banner = 'Last login: Fri Dec  6\n--- JUNOS 22.4R3-S2.11 built 2024-05-10 20:45:39 UTC';
    expect(driver.recognise({ banner })).toMatchObject({
      confidence: 'likely',
      version: '22.4R3-S2.11',
    });
  });

  test.each([
    'Cisco IOS Software, kernel',
    'Linux host 5.10.0',
    'Juniper Networks, Inc. is a company',
    'NetScreen-5GT version 6.2.0r19.0',
  ])('does not claim %s', (sysDescr) => {
    expect(driver.recognise({ sysDescr })).toBeUndefined();
  });

  test('is sure without a version where the device prints none', () => {
    const shown =
      'Hostname: n1\nModel: nfx250\nJUNOS OS Kernel 64-bit [20220419.9889e6f_builder]\n';
    expect(driver.recognise({ outputs: { 'show version': shown } })).toEqual({
      confidence: 'certain',
      reason: '`show version` lists the packages of Junos',
      model: 'nfx250',
      hostname: 'n1',
    });
  });
});
