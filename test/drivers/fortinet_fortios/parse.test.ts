import { describe, expect, test } from '@jest/globals';
import { maskConfig } from '../../../drivers/fortinet_fortios/config-mask.js';
import {
  parseChecksums,
  parseCluster,
  parseFlash,
  parsePerformance,
  parseStatus,
  parseUpgradeMode,
} from '../../../drivers/fortinet_fortios/parse.js';
import {
  countRoutes,
  parseBgp,
  parseInterfaces,
  parseSensors,
} from '../../../drivers/fortinet_fortios/parse-state.js';

const OLD_CLUSTER = `HA Health Status: 
    WARNING: FG200D3900000002 has mondev down;
Model: FortiGate-200D
Mode: HA A-P
Group: 7
override: enable
Configuration Status:
    FG200D3900000001(updated 2 seconds ago): in-sync
    FG200D3900000002(updated 5 seconds ago): out-of-sync
Master: fgt-a, FG200D3900000001, cluster index = 1
Slave : fgt-b, FG200D3900000002, cluster index = 0
number of vcluster: 1
vcluster 1: work 169.254.0.2
Master: FG200D3900000001, operating cluster index = 0
Slave : FG200D3900000002, operating cluster index = 1
`;

describe('get system status', () => {
  test('of a relative of the FortiGate is not taken for one', () => {
    expect(parseStatus('Version : v7.4.6-build2588 241218 (GA.M)\nPlatform Type : FMG-VM64')).toBe(
      undefined,
    );
    expect(parseStatus('Version: FortiSwitch-248D v7.4.0,build0767,230602 (GA)')).toBeUndefined();
  });

  test('on lines that a pager has indented still reads', () => {
    const text =
      'Version: FortiGate-501E v7.4.8,build2795,250523 (GA.M)\n         Hostname: fw-9\n';
    expect(parseStatus(text)).toMatchObject({
      model: 'FortiGate-501E',
      build: 2795,
      hostname: 'fw-9',
      ha: 'standalone',
      vdoms: 'disable',
    });
  });
});

describe('get system ha status', () => {
  test('in the words of older releases gives members, roles and what is wrong', () => {
    expect(parseCluster(OLD_CLUSTER)).toEqual({
      mode: 'a-p',
      group: '7',
      healthy: false,
      problems: ['WARNING: FG200D3900000002 has mondev down'],
      override: true,
      members: [
        { serial: 'FG200D3900000001', name: 'fgt-a', role: 'active', inSync: true },
        { serial: 'FG200D3900000002', name: 'fgt-b', role: 'standby', inSync: false },
      ],
    });
  });

  test('of a unit that stands alone gives no cluster', () => {
    expect(parseCluster('HA Health Status: OK\nMode: Standalone\n')).toBeUndefined();
    expect(parseCluster('')).toBeUndefined();
  });
});

test('the upgrade mode is read in both spellings', () => {
  expect(parseUpgradeMode('upgrade-mode        : uninterruptible')).toBe('uninterruptible');
  expect(parseUpgradeMode('uninterruptible-upgrade: enable')).toBe('uninterruptible');
  expect(parseUpgradeMode('uninterruptible-upgrade: disable')).toBe('simultaneous');
  expect(parseUpgradeMode('mode : a-p')).toBeUndefined();
});

test('checksums count as the same only when those of every member are', () => {
  const member = (sum: string) =>
    `debugzone\nall: 00 11 22 33 44 55 66 77\n\nchecksum\nall: ${sum}\n`;
  const [one, other] = ['aa bb cc dd ee ff 00 11', 'aa bb cc dd ee ff 00 12'];
  expect(parseChecksums(member(one) + member(one))).toBe(true);
  expect(parseChecksums(member(one) + member(other))).toBe(false);
  expect(parseChecksums('Unknown action 0')).toBeUndefined();
});

test('databases on flash are no firmware partitions', () => {
  const text = `Partition  Image                                     TotalSize(KB)  Used(KB)  Use%  Active
1          FGT3KD-6.02-FW-build1175-201110                  253871     82125   32%  No
2          FGT3KD-6.02-FW-build1190-201216                  253871     84802   33%  Yes
3          EXDB-1.00000                                   14866900    163192    1%  No
Image build at Dec 16 2020 22:40:34 for b1190
`;
  expect(parseFlash(text)).toEqual([
    { number: 1, image: 'FGT3KD-6.02-FW-build1175-201110', build: 1175, active: false },
    { number: 2, image: 'FGT3KD-6.02-FW-build1190-201216', build: 1190, active: true },
  ]);
});

test('what a performance status does not tell is unknown', () => {
  expect(parsePerformance('')).toEqual({});
  expect(parsePerformance('Uptime: 1 days,  2 hours,  3 minutes').uptimeMs).toBe(93_780_000);
});

test('a neighbour that was never up, and one in another VRF', () => {
  const text = `VRF 3 BGP router identifier 10.0.0.1, local AS number 65001
Neighbor        V         AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.204.35.84   4      65302   43173   43182        0    0    0 09w3d01h Active     
10.205.35.95   4      65302  107081  107168       12    0    0 05:48:47        1
`;
  expect(parseBgp(text).map(({ id, up }) => [id, up])).toEqual([
    ['bgp|3:10.204.35.84', false],
    ['bgp|3:10.205.35.95', true],
  ]);
});

test('further ways to one destination are one route', () => {
  const text = `O*E2    0.0.0.0/0 [110/10] via 10.149.127.253, hub, 03w2d20h
C       10.149.0.0/16 is directly connected, hub
                      is directly connected, hub2
S       1.2.3.4/32 [10/0] via 10.152.1.229, lan
                   [10/0] via 4.3.2.1, wan
`;
  expect(countRoutes(text)).toBe(3);
});

test('ports are read with spaces and tabs before them', () => {
  const text =
    '== [onboard]\n        ==[dmz1]\n                status: down\n\t==[port 2]\n\t\tstatus: up\n';
  expect(parseInterfaces(text).map(({ id, oper }) => [id, oper])).toEqual([
    ['dmz1', 'down'],
    ['port 2', 'up'],
  ]);
});

test('a sensor without an alarm is no problem', () => {
  expect(parseSensors(' 1 +3.3V  alarm=0  value=3.3\n 2 PS2 Status  alarm=1  value=1\n')).toEqual({
    ok: false,
    problems: ['PS2 Status'],
  });
});

describe('a masked configuration', () => {
  test('is the same however its secrets are encrypted', () => {
    const shown = (salt: string, version: number) =>
      `#config-version=FGT60F-7.2.8-FW-build1639-240313:opmode=0:vdom=0:user=a${salt}\n` +
      `#conf_file_ver=${version}\n#buildno=1639\n#global_vdom=1\nconfig system admin\n    edit "a"\n` +
      `        set password ENC ${salt}==\n        set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----\n` +
      `MII${salt}\n-----END ENCRYPTED PRIVATE KEY-----"\n        set comment "kept"\n    next\nend\n`;
    expect(maskConfig(shown('abc', 1))).toBe(maskConfig(shown('xyz', 2)));
    expect(maskConfig(shown('abc', 1))).toContain('set comment "kept"');
    expect(maskConfig(shown('abc', 1))).not.toContain('abc');
  });

  test('of nothing is nothing', () => {
    expect(maskConfig('')).toBe('');
  });
});
