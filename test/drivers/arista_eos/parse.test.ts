import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { driver } from '../../../drivers/arista_eos/index.js';
import * as parse from '../../../drivers/arista_eos/parse.js';
import { scripted, transcript, transcriptNames } from './scripted.js';

describe('transcripts', () => {
  test.each(transcriptNames)('%s gives its facts', async (name) => {
    const { commands, facts } = transcript(name);
    const { session } = scripted(commands, facts.hostname);
    expect(await driver.facts(session)).toEqual(facts);
  });

  test.each(transcriptNames)('%s gives its snapshot', async (name) => {
    const { commands, snapshot = {} } = transcript(name);
    expect(await driver.snapshot(scripted(commands).session)).toMatchObject(snapshot);
  });

  test('reads only by commands that the dialect declares read-only', async () => {
    for (const name of transcriptNames) {
      const { session, sent } = scripted(transcript(name).commands);
      await driver.facts(session);
      await driver.snapshot(session);
      await driver.readConfig(session, 'running');
      await driver.readConfig(session, 'startup');
      const stray = sent.filter(
        (line) => !driver.platform.dialect.readOnly.some((allowed) => allowed.test(line)),
      );
      expect(stray).toEqual([]);
    }
  });

  test('running and startup config are one text once masked', async () => {
    const { session } = scripted(transcript('single-before').commands);
    const running = driver.maskConfig(await driver.readConfig(session, 'running'));
    const startup = driver.maskConfig(await driver.readConfig(session, 'startup'));
    expect(running).toBe(startup);
    expect(running.startsWith('transceiver qsfp')).toBe(true);
    expect(running).toContain('   !! uplink');
  });

  test('a device without optional features has empty parts', async () => {
    const { commands } = transcript('single-before');
    const bare = Object.fromEntries(
      ['show version', 'show interfaces status'].map((line) => [line, commands[line] ?? '']),
    );
    expect(await driver.snapshot(scripted(bare).session)).toMatchObject({
      neighbours: [],
      peers: [],
      routes: { total: 0 },
      environment: { ok: true, problems: [] },
      ha: { kind: 'none', healthy: true },
    });
  });
});

describe('recognise', () => {
  test('is certain of show version, with version, model and serial', () => {
    const output = transcript('mlag-before').commands['show version'] ?? '';
    expect(
      driver.recognise({ outputs: { 'show version': output }, prompt: 'sw-a13(s1)>' }),
    ).toMatchObject({
      confidence: 'certain',
      version: '4.28.3M',
      model: 'DCS-7280SR3-48YC8',
      serials: ['SSJ17420355'],
      hostname: 'sw-a13',
    });
  });

  test('is certain of sysDescr', () => {
    const sysDescr =
      'Arista Networks EOS version 4.30.1F running on an Arista Networks CCS-720XP-48ZC2';
    expect(driver.recognise({ sysDescr })).toMatchObject({
      confidence: 'certain',
      version: '4.30.1F',
      model: 'CCS-720XP-48ZC2',
    });
  });

  test('takes the object id alone for no more than a possibility', () => {
    const sysObjectId = '.1.3.6.1.4.1.30065.1.3011.7050';
    expect(driver.recognise({ sysObjectId })?.confidence).toBe('possible');
    expect(driver.recognise({ sysObjectId: '1.3.6.1.4.1.300651.1.2' })).toBeUndefined();
  });

  test.each([
    [
      'SONiC on the same box',
      {
        sysDescr: 'SONiC Software Version: SONiC.202211 - HwSku: Arista-7050CX3',
        sysObjectId: '1.3.6.1.4.1.30065.1.9',
      },
    ],
    [
      'an MOS device',
      {
        sysDescr: 'Metamako MOS release 0.32.0 running on a MetaMux 48',
        sysObjectId: '1.3.6.1.4.1.43191.1.6.7',
      },
    ],
    [
      'a neighbour that is Arista',
      {
        outputs: {
          'show lldp neighbors detail':
            'System Description: "Arista Networks EOS version 4.15.2F running on an Arista Networks vEOS"',
        },
      },
    ],
    [
      'another vendor',
      { outputs: { 'show version': 'Cisco IOS Software, Version 15.2(7)E8\nUptime: 1 day' } },
    ],
    ['nothing', {}],
  ])('does not claim %s', (_, evidence) => {
    expect(driver.recognise(evidence)).toBeUndefined();
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, more) => {
        const output = `Arista ${text}\nSoftware image version: ${more}\n${text}`;
        driver.recognise({
          sysDescr: `Arista Networks EOS version ${text}`,
          sysObjectId: more,
          prompt: text,
          oids: { '1.3.6.1.2.1.1.5.0': text },
          outputs: { 'show version': output, 'show inventory': `System information\n${text}` },
        });
        for (const read of [
          parse.parseBgp,
          parse.parseOspf,
          parse.parseMlag,
          parse.parseNeighbours,
        ])
          read(output);
      }),
    );
  });

  test('a megabyte of blanks, digits or letters is read without delay', () => {
    for (const filler of [' ', '1', 'a', '\n', ' 4 1', 'Uptime: x ']) {
      const text = filler.repeat(1_000_000 / filler.length);
      const all = Object.entries(parse).filter(([name]) => name.startsWith('parse'));
      for (const [, read] of all) (read as (text: string, digits: 128) => unknown)(text, 128);
      driver.recognise({ sysDescr: text, outputs: { 'show version': `Arista x${text}y` } });
    }
    expect(parse.countSupervisors('')).toBe(0);
  });
});

describe('parts of the output', () => {
  test.each([
    ['2 weeks, 3 days, 4 hours and 5 minutes', 1_483_500_000],
    ['134 weeks, 5 days, 23 hours and 44 minutes', 81_560_640_000],
    ['1 minute', 60_000],
    ['54 seconds', 54_000],
    ['less than a minute', 0],
    ['68 days, 0:11:28', 5_875_888_000],
    ['1 year, 2 days and 1 hour', 31_712_400_000],
  ])('uptime %s', (text, ms) => {
    expect(parse.parseUptimeMs(text)).toBe(ms);
  });

  test('an uptime in words not known is not guessed', () => {
    expect(parse.parseUptimeMs('since yesterday')).toBeUndefined();
  });

  test('an image that is not set, or lies in a folder, is no boot image', () => {
    expect(parse.parseBootImage('Software image: (not set)')).toBeUndefined();
    expect(parse.parseBootImage('Software image: flash:/old/EOS.swi')).toBeUndefined();
    expect(parse.parseBootImage('Current CLI settings:\nSoftware image:   flash:EOS.swi\r\n')).toBe(
      'flash:EOS.swi',
    );
  });

  test('a hash is taken only when there is exactly one', () => {
    const hash = 'ab'.repeat(64);
    expect(parse.parseHash(`verify /sha512 (flash:EOS.swi) = ${hash}\n`, 128)).toBe(hash);
    expect(parse.parseHash(`${hash}\n${'cd'.repeat(64)}`, 128)).toBeUndefined();
    expect(parse.parseHash(`${hash}0`, 128)).toBeUndefined();
  });

  test('names of interfaces may hold words of state', () => {
    const text = [
      'Port       Name               Status       Vlan     Duplex Speed  Type',
      'Et1        disabled for now   connected    12       full   10G    10GBASE-SR',
      'Et2        to be connected    errdisabled  12       full   10G    10GBASE-SR',
    ].join('\n');
    expect(parse.parseInterfaces(text)).toEqual([
      { id: 'Et1', admin: 'up', oper: 'up' },
      { id: 'Et2', admin: 'up', oper: 'down' },
    ]);
  });

  test('BGP peers of other VRFs and older releases', () => {
    const text = [
      'BGP summary information for VRF default',
      '  10.0.0.2 4 65100            100       100    0    0 01:00:00 Estab   10     10',
      'BGP summary information for VRF WARDS',
      'm 2001:db8::2 4 65200.1        50        50    0    0 00:30:00 Active',
    ].join('\n');
    expect(parse.parseBgp(text).map(({ id, up }) => [id, up])).toEqual([
      ['bgp|10.0.0.2', true],
      ['bgp|WARDS:2001:db8::2', false],
    ]);
    const old = '10.17.254.78    4  65534       187       191    0    0 02:49:40 7';
    expect(parse.parseBgp(old)[0]?.up).toBe(true);
  });

  test('OSPF neighbours with and without instance and VRF', () => {
    const text = [
      'Neighbor ID     Instance VRF      Pri State                  Dead Time   Address         Interface',
      '10.0.0.1        1        default  1   FULL/DR                00:00:34    10.3.4.3        Ethernet2',
      '10.0.0.2        2        WARDS    0   2 WAYS/DROTHER         00:00:34    10.3.4.4        Vlan12',
      '10.0.0.3        1    INIT        00:00:34    10.3.4.5        Ethernet9',
    ].join('\n');
    expect(parse.parseOspf(text).map(({ id, state }) => [id, state])).toEqual([
      ['ospf|10.0.0.1', 'full'],
      ['ospf|10.0.0.3', 'init'],
      ['ospf|WARDS:10.0.0.2', '2 ways'],
    ]);
  });

  test('routes of all VRFs are counted', () => {
    expect(parse.parseRouteTotal('   Total Routes    27\n\nVRF: B\n   Total Routes    3\n')).toBe(
      30,
    );
  });

  test('idle time of old and new top', () => {
    expect(parse.parseCpuPercent('%Cpu(s):  5.2 us,  2.1 sy,  0.0 ni, 92.4 id,  0.0 wa')).toBe(7.6);
    expect(parse.parseCpuPercent('Cpu(s): 11.6%us,  2.3%sy,  0.0%ni, 85.7%id,  0.0%wa')).toBe(14.3);
    expect(parse.parseCpuPercent('nothing')).toBeUndefined();
  });

  test('a hot or ill-cooled system is a problem', () => {
    const text = 'System temperature status is: Overheat\n1/1     Failed     40%   0%\n';
    expect(parse.parseEnvironment(text)).toEqual({
      ok: false,
      problems: ['1/1: failed', 'temperature: Overheat'],
    });
  });

  test.each([
    ['System             Under Maintenance    0:00:12 ago', 'under'],
    ['System             Not Under Maintenance', 'active'],
    ['System             Entering Maintenance', 'entering'],
    ['System             Exiting Maintenance', 'exiting'],
    ['System             Active', 'active'],
    ['', 'active'],
    ['System             Something Else', 'unknown'],
    ['Unit 7: Under Maintenance', 'unknown'],
  ])('maintenance of "%s"', (text, state) => {
    expect(parse.parseMaintenance(`Flags:\no - On-boot maintenance\n\n${text}\n`)).toBe(state);
  });

  test('MLAG is healthy only when nothing speaks against it', () => {
    const good = transcript('mlag-before').commands['show mlag detail'] ?? '';
    expect(parse.parseMlag(good)).toMatchObject({ healthy: true, reloadDelayMs: 330_000 });
    for (const [from, to] of [
      ['state                              :              Active', 'state : Inactive'],
      ['Connected', 'Connecting'],
      ['peer-link status                   :                  Up', 'peer-link status : Down'],
      ['interface errdisabled :               False', 'interface errdisabled : True'],
      ['Ports errdisabled               :               False', 'Ports errdisabled : True'],
    ] as const) {
      expect(good).toContain(from);
      expect(parse.parseMlag(good.replace(from, to)).healthy).toBe(false);
    }
    expect(parse.parseMlag('MLAG Status:\nstate : Active\n').healthy).toBe(false);
    expect(parse.parseMlag('').configured).toBe(false);
  });

  test('two supervisors are counted, line cards are not', () => {
    const text = [
      '1       3     DCS-7500-SUP2 Supervisor DCS-7500-SUP2  XX16380393',
      '2       3     DCS-7500-SUP2 Supervisor DCS-7500-SUP2  XX16380394',
      '3       144   36-port QSFP100 Linecard 7500R-36CQ-LC  XX16340219',
    ].join('\n');
    expect(parse.countSupervisors(text)).toBe(2);
  });
});
