import type { SimDevice, SimMember } from '../../src/driver/personality.js';
import type { Command } from './personality-grammar.js';
import type { Ask } from './personality-state.js';
import { activeMember, memberState, shows, isManual } from './personality-state.js';
import {
  buildOf,
  clockOf,
  dottedMac,
  logStampOf,
  softwareLine,
  uptimeOf,
} from './personality-text.js';

function priorityOf(member: SimMember): number {
  return { active: 15, standby: 14, member: 1 }[member.role];
}

function stackTable({ device, context }: Ask): readonly string[] {
  const active = activeMember(device);
  return [
    `Switch/Stack Mac Address : ${dottedMac(active?.macAddress ?? '')} - Local Mac Address`,
    'Mac persistency wait time: Indefinite',
    '                                             H/W   Current',
    'Switch#   Role    Mac Address     Priority Version  State ',
    '-------------------------------------------------------------------------------------',
    ...device.members.map((member) => {
      const state = memberState(device, member.id, context.nowMs);
      const gone = state === 'Provisioned';
      const role =
        gone || (state !== 'Ready' && member.role === 'standby') ? 'Member' : roleName(member);
      const star = member.role === 'active' ? '*' : ' ';
      const mac = gone ? '0000.0000.0000' : dottedMac(member.macAddress);
      const priority = String(gone ? 0 : priorityOf(member));
      const hardware = gone ? '' : 'V02';
      return `${star}${member.id.padEnd(8)}${role.padEnd(9)}${mac}     ${priority.padEnd(7)}${hardware.padEnd(8)}${state.padEnd(20)}`;
    }),
    '',
  ];
}

function roleName(member: SimMember): string {
  return { active: 'Active', standby: 'Standby', member: 'Member' }[member.role];
}

function showSwitchDetail(ask: Ask): readonly string[] {
  const { members } = ask.device;
  const up = members.filter(
    (member) => memberState(ask.device, member.id, ask.context.nowMs) !== 'Provisioned',
  );
  const ring = up.length > 1 && up.length === members.length;
  return [
    ...stackTable(ask),
    '         Stack Port Status             Neighbors     ',
    'Switch#  Port 1     Port 2           Port 1   Port 2 ',
    '--------------------------------------------------------',
    ...members.map((member, index) => {
      const previous = members[(index + members.length - 1) % members.length]?.id ?? '';
      const next = members[(index + 1) % members.length]?.id ?? '';
      const status = ring ? 'OK  ' : 'DOWN';
      const [one, two] = ring ? [previous, next] : ['None', 'None'];
      return `  ${member.id}         ${status}       ${status}             ${one.padEnd(8)} ${two.padEnd(4)}`;
    }),
    '',
  ];
}

/** The standby runs and has not taken over the state of the active member. */
const isCold = (device: SimDevice) => device.faults.includes('standby-not-hot');

function standbyReady({ device, context }: Ask): SimMember | undefined {
  const standby = device.members.find((member) => member.role === 'standby');
  if (standby === undefined) return undefined;
  return memberState(device, standby.id, context.nowMs) === 'Ready' ? standby : undefined;
}

function processor(ask: Ask, member: SimMember, software: string): readonly string[] {
  const { device, context } = ask;
  const build = buildOf(device.runningVersion);
  return [
    `      ${member.role === 'active' ? '         Active' : '        Standby'} Location = slot ${member.id}`,
    `        Current Software state = ${software}`,
    `       Uptime in current state = ${uptimeOf(context.nowMs - device.powerSinceMs)}`,
    `                 Image Version = ${softwareLine(device.runningVersion)}`,
    'Technical Support: http://www.cisco.com/techsupport',
    `Copyright (c) 1986-${String(build.year)} by Cisco Systems, Inc.`,
    `Compiled ${build.compiled} by mcpre`,
    '                          BOOT = flash:packages.conf;',
    '                   CONFIG_FILE = ',
    '        Configuration register = 0x102',
  ];
}

function showRedundancy(ask: Ask): readonly string[] {
  const { device, context } = ask;
  const standby = standbyReady(ask);
  const active = activeMember(device);
  return [
    'Redundant System Information :',
    '------------------------------',
    `       Available system uptime = ${uptimeOf(context.nowMs - device.powerSinceMs)}`,
    'Switchovers system experienced = 0',
    '              Standby failures = 0',
    '        Last switchover reason = none',
    '',
    `                 Hardware Mode = ${standby === undefined ? 'Simplex' : 'Duplex'}`,
    '    Configured Redundancy Mode = sso',
    `     Operating Redundancy Mode = ${standby === undefined ? 'Non-redundant' : 'sso'}`,
    '              Maintenance Mode = Disabled',
    standby === undefined
      ? '                Communications = Down      Reason: Failure'
      : '                Communications = Up',
    '',
    'Current Processor Information :',
    '-------------------------------',
    ...(active === undefined ? [] : processor(ask, active, 'ACTIVE')),
    '',
    ...(standby === undefined
      ? ["Peer (slot: 0) information is not available because it is in 'DISABLED' state"]
      : [
          'Peer Processor Information :',
          '----------------------------',
          ...processor(ask, standby, isCold(device) ? 'STANDBY COLD' : 'STANDBY HOT'),
        ]),
  ];
}

function showRedundancyStates(ask: Ask): readonly string[] {
  const hot = standbyReady(ask) !== undefined;
  const standbyState = isCold(ask.device) ? '4  -STANDBY COLD' : '8  -STANDBY HOT';
  return [
    '       my state = 13 -ACTIVE ',
    `     peer state = ${hot ? standbyState : '1  -DISABLED'} `,
    `           Mode = ${hot ? 'Duplex' : 'Simplex'}`,
    '           Unit = Primary',
    `        Unit ID = ${activeMember(ask.device)?.id ?? '1'}`,
    '',
    `Redundancy Mode (Operational) = ${hot ? 'sso' : 'Non-redundant'}`,
    'Redundancy Mode (Configured)  = sso',
    `Redundancy State              = ${hot ? 'sso' : 'Non Redundant'}`,
    '     Maintenance Mode = Disabled',
    `    Manual Swact = ${hot ? 'enabled' : 'disabled (the peer unit is not yet initialized)'}`,
    ` Communications = ${hot ? 'Up' : 'Down      Reason: Simplex mode'}`,
    '',
    '   client count = 107',
    ' client_notification_TMR = 30000 milliseconds',
    '           RF debug mask = 0x0',
    '',
  ];
}

function showBoot({ device }: Ask): readonly string[] {
  const isAll = /^boot manual/m.test(device.runningConfig);
  return device.members.flatMap((member) => [
    '---------------------------',
    `Switch ${member.id}`,
    '---------------------------',
    'Current Boot Variables:',
    'BOOT variable = flash:packages.conf;',
    '',
    'Boot Variables on next reload:',
    'BOOT variable = flash:packages.conf;',
    `Manual Boot = ${isAll || isManual(device, member.id) ? 'yes' : 'no'}`,
    'Enable Break = no',
    'Boot Mode = DEVICE',
    'iPXE Timeout = 0',
  ]);
}

function showUsers({ device }: Ask): readonly string[] {
  return [
    '    Line       User       Host(s)              Idle       Location',
    `*  1 vty 0     ${device.login.username.padEnd(10)} idle                 00:00:00 `,
    '',
    '  Interface    User               Mode         Idle     Peer Address',
    '',
  ];
}

function showLogging({ device }: Ask): readonly string[] {
  const upAt = device.powerSinceMs;
  const log = [
    `*${logStampOf(upAt)}: %SYS-5-RESTART: System restarted --`,
    softwareLine(device.runningVersion),
    ...device.peers
      .filter((peer) => peer.protocol === 'ospf')
      .map(
        (peer) =>
          `*${logStampOf(peer.sinceMs)}: %OSPF-5-ADJCHG: Process 1, Nbr ${peer.routerId} on ${peer.port} from ${
            peer.up
              ? 'LOADING to FULL, Loading Done'
              : 'FULL to DOWN, Neighbor Down: Dead timer expired'
          }`,
      ),
  ];
  return [
    'Syslog logging: enabled (0 messages dropped, 3 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)',
    '',
    'No Active Message Discriminator.',
    '',
    '',
    'No Inactive Message Discriminator.',
    '',
    '',
    '    Console logging: disabled',
    `    Monitor logging: level debugging, 0 messages logged, xml disabled,`,
    '                     filtering disabled',
    `    Buffer logging:  level debugging, ${String(log.length)} messages logged, xml disabled,`,
    '                    filtering disabled',
    '',
    'Log Buffer (4096 bytes):',
    '',
    ...log,
  ];
}

/** What the device shows of its stack, its boot and its users. */
export const showCommands: readonly Command[] = [
  { pattern: 'show switch', run: shows(stackTable) },
  { pattern: 'show switch detail', run: shows(showSwitchDetail) },
  { pattern: 'show redundancy', run: shows(showRedundancy) },
  { pattern: 'show redundancy states', run: shows(showRedundancyStates) },
  { pattern: 'show boot', privileged: true, run: shows(showBoot) },
  {
    pattern: 'show clock',
    run: shows(({ context }) => [`*${clockOf(context.nowMs, true)}`]),
  },
  { pattern: 'show users', run: shows(showUsers) },
  { pattern: 'show logging', privileged: true, run: shows(showLogging) },
];
