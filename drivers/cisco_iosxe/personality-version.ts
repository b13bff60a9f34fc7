import type { SimDevice, SimMember } from '../../src/driver/personality.js';
import type { Command } from './personality-grammar.js';
import type { Ask } from './personality-state.js';
import { activeMember, memberState, ownOf, shows } from './personality-state.js';
import {
  buildOf,
  clockOf,
  colonMac,
  hashOf,
  paddedVersion,
  shortVersion,
  softwareLine,
  uptimeOf,
} from './personality-text.js';

function portsOf(device: SimDevice, prefix: string): number {
  return device.ports.filter((port) => port.name.startsWith(prefix)).length;
}

/** Front ports and fixed uplinks, as the Ports column counts them. */
function portCount(model: string): number {
  return /-48/.test(model) ? 65 : 41;
}

const legalText = `

Cisco IOS-XE software, Copyright (c) 2005-YEAR by cisco Systems, Inc.
All rights reserved.  Certain components of Cisco IOS-XE software are
licensed under the GNU General Public License ("GPL") Version 2.0.  The
software code licensed under GPL Version 2.0 is free software that comes
with ABSOLUTELY NO WARRANTY.  You can redistribute and/or modify such
GPL code under the terms of GPL Version 2.0.  For more details, see the
documentation or "License Notice" file accompanying the IOS-XE software,
or the applicable URL provided on the flyer accompanying the IOS-XE
software.

`.split('\n');

const exportText = `


This product contains cryptographic features and is subject to United
States and local country laws governing import, export, transfer and
use. Delivery of Cisco cryptographic products does not imply
third-party authority to import, export, distribute or use encryption.
Importers, exporters, distributors and users are responsible for
compliance with U.S. and local country laws. By using this product you
agree to comply with applicable laws and regulations. If you are unable
to comply with U.S. and local laws, return this product immediately.

A summary of U.S. laws governing Cisco cryptographic products may be found at:
http://www.cisco.com/wwl/export/crypto/tool/stqrg.html

If you require further assistance please contact us by sending email to
export@cisco.com.


Technology Package License Information: 

------------------------------------------------------------------------------
Technology-package                                     Technology-package
Current                        Type                       Next reboot  
------------------------------------------------------------------------------
network-advantage   \tSmart License                 \t network-advantage   
dna-advantage       \tSubscription Smart License    \t dna-advantage                 
AIR License Level: AIR DNA Advantage
Next reload AIR license Level: AIR DNA Advantage


Smart Licensing Status: Smart Licensing Using Policy
`.split('\n');

function chassisLines(member: SimMember): readonly string[] {
  const board = hashOf(member.serial);
  return [
    `Base Ethernet MAC Address          : ${colonMac(member.macAddress)}`,
    `Motherboard Assembly Number        : 73-${String(17950 + (board % 50))}-0${String(1 + (board % 8))}`,
    `Motherboard Serial Number          : FOC${String(21000000 + (board % 5000000)).slice(0, 8)}`,
    'Model Revision Number              : A0',
    'Motherboard Revision Number        : A0',
    `Model Number                       : ${member.model}`,
    `System Serial Number               : ${member.serial}`,
  ];
}

function interfaceCounts(device: SimDevice): readonly string[] {
  const kinds: readonly (readonly [prefix: string, name: string])[] = [
    ['GigabitEthernet', 'Gigabit Ethernet'],
    ['TenGigabitEthernet', 'Ten Gigabit Ethernet'],
    ['TwentyFiveGigE', 'TwentyFive Gigabit Ethernet'],
    ['FortyGigabitEthernet', 'Forty Gigabit Ethernet'],
  ];
  const counted = kinds.map(([prefix, name]) => ({ name, count: portsOf(device, prefix) }));
  return [
    '1 Virtual Ethernet interface',
    ...counted
      .filter(({ count }) => count > 0)
      .map(({ name, count }) => `${String(count)} ${name} interface${count === 1 ? '' : 's'}`),
  ];
}

function memberTable(device: SimDevice, members: readonly SimMember[]): readonly string[] {
  const version = paddedVersion(device.runningVersion);
  return [
    'Switch Ports Model              SW Version        SW Image              Mode   ',
    '------ ----- -----              ----------        ----------            ----   ',
    ...members.map((member) => {
      const star = member.role === 'active' ? '*' : ' ';
      const ports = String(portCount(member.model)).padEnd(5);
      return `${star}${member.id.padStart(5)} ${ports} ${member.model.padEnd(18)} ${version.padEnd(17)} CAT9K_IOSXE           INSTALL`;
    }),
  ];
}

function showVersion({ device, context }: Ask): readonly string[] {
  const build = buildOf(device.runningVersion);
  const own = ownOf(device);
  const active = activeMember(device);
  const uptime = uptimeOf(context.nowMs - device.powerSinceMs);
  const present = device.members.filter(
    (member) => memberState(device, member.id, context.nowMs) !== 'Provisioned',
  );
  const others = present.filter((member) => member !== active);
  return [
    `Cisco IOS XE Software, Version ${paddedVersion(device.runningVersion)}`,
    softwareLine(device.runningVersion),
    'Technical Support: http://www.cisco.com/techsupport',
    `Copyright (c) 1986-${String(build.year)} by Cisco Systems, Inc.`,
    `Compiled ${build.compiled} by mcpre`,
    ...legalText.map((line) => line.replace('YEAR', String(build.year))),
    'ROM: IOS-XE ROMMON',
    `BOOTLDR: System Bootstrap, Version ${shortVersion(device.runningVersion)
      .split('.')
      .slice(0, 2)
      .join('.')}.1r, RELEASE SOFTWARE (P)`,
    '',
    `${device.hostname} uptime is ${uptime}`,
    `Uptime for this control processor is ${uptimeOf(context.nowMs - device.powerSinceMs + 60_000)}`,
    `System returned to ROM by ${own.reloadReason} at ${clockOf(device.powerSinceMs - 300_000)}`,
    `System restarted at ${clockOf(device.powerSinceMs)}`,
    `System image file is "${device.runningImage}"`,
    `Last reload reason: ${own.reloadReason}`,
    ...exportText,
    `cisco ${device.model} (X86) processor with 1331521K/6147K bytes of memory.`,
    `Processor board ID ${active?.serial ?? ''}`,
    ...interfaceCounts(device),
    '2048K bytes of non-volatile configuration memory.',
    '8388608K bytes of physical memory.',
    ...present.flatMap((member) => {
      const suffix = member === active ? '' : `-${member.id}`;
      return [
        `1638400K bytes of Crash Files at crashinfo${suffix}:.`,
        `${String(Math.floor(member.flash.totalBytes / 1024))}K bytes of Flash at flash${suffix}:.`,
      ];
    }),
    '',
    ...(active === undefined ? [] : chassisLines(active)),
    'CLEI Code Number                   : ',
    '',
    '',
    ...memberTable(device, present),
    '',
    ...others.flatMap((member) => {
      const join = own.joins.find((one) => one.id === member.id);
      const since = join?.syncAtMs ?? device.powerSinceMs;
      return [
        '',
        `Switch ${member.id.padStart(2, '0')}`,
        '---------',
        `Switch uptime                      : ${uptimeOf(context.nowMs - since)} `,
        '',
        ...chassisLines(member),
        `Last reload reason                 : ${own.reloadReason}`,
        'CLEI Code Number                   : ',
      ];
    }),
    '',
    'Configuration register is 0x102',
    '',
  ];
}

function item(name: string, description: string, pid: string, serial: string): readonly string[] {
  return [
    `NAME: "${name}", DESCR: "${description}"`,
    `PID: ${pid.padEnd(18)}, VID: V02  , SN: ${serial}`,
    '',
  ];
}

/** The serial of a part of a member, the same wherever it shows. */
export function partSerial(member: SimMember, part: string): string {
  const seed = hashOf(`${member.serial}/${part}`);
  return `ART2${String(100 + (seed % 99))}${(seed % 46656).toString(36).toUpperCase().padStart(4, 'F')}`;
}

/** The power supplies that a model comes with. */
export function supplyOf(member: SimMember): { readonly pid: string; readonly watts: string } {
  return member.model.endsWith('P')
    ? { pid: 'PWR-C1-715WAC', watts: '715' }
    : { pid: 'PWR-C1-350WAC', watts: '350' };
}

function showInventory({ device, context }: Ask): readonly string[] {
  const active = activeMember(device);
  const present = device.members.filter(
    (member) => memberState(device, member.id, context.nowMs) !== 'Provisioned',
  );
  const stacked = device.members.length > 1;
  return [
    ...item('c93xx Stack', 'c93xx Stack', device.model, active?.serial ?? ''),
    ...present.flatMap((member) => [
      ...item(`Switch ${member.id}`, member.model, member.model, member.serial),
      ...(stacked
        ? ['1', '2'].flatMap((port) => {
            const name = `StackPort${member.id}/${port}`;
            return item(
              name,
              name,
              'STACK-T1-50CM',
              partSerial(member, name).replace('ART', 'MOC'),
            );
          })
        : []),
      ...['A', 'B'].flatMap((bay) => {
        const name = `Switch ${member.id} - Power Supply ${bay}`;
        return item(name, name, supplyOf(member).pid, partSerial(member, `ps${bay}`));
      }),
      ...item(
        `Switch ${member.id} FRU Uplink Module 1`,
        '8x10G Uplink Module',
        'C9300-NM-8X',
        partSerial(member, 'nm').replace('ART', 'FOC'),
      ),
    ]),
  ];
}

/** What the device shows of its software and hardware. */
export const versionCommands: readonly Command[] = [
  { pattern: 'show version', run: shows(showVersion) },
  { pattern: 'show inventory', run: shows(showInventory) },
];
