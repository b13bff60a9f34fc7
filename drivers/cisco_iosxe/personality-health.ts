import type { Command } from './personality-grammar.js';
import type { Ask } from './personality-state.js';
import { memberState, shows } from './personality-state.js';
import { hashOf } from './personality-text.js';
import { partSerial, supplyOf } from './personality-version.js';

function showCpu({ device }: Ask): readonly string[] {
  const percent = Math.round(device.cpuPercent);
  const interrupts = Math.min(percent, 1);
  const rest = Math.max(0, percent - 2).toFixed(2);
  return [
    `CPU utilization for five seconds: ${String(percent)}%/${String(interrupts)}%; one minute: ${String(percent)}%; five minutes: ${String(percent)}%`,
    ' PID Runtime(ms)     Invoked      uSecs   5Sec   1Min   5Min TTY Process ',
    ` 137      412345     1823456        226  ${rest.padStart(5)}% ${rest.padStart(5)}% ${rest.padStart(5)}%   0 IOSXE-RP Punt Se `,
    '  93       91223      912233        100   0.79%   0.75%   0.76%   0 Check heaps      ',
    ' 501       32211      321233        100   0.15%   0.12%   0.11%   0 SSH Process      ',
  ];
}

function memoryOf({ device }: Ask) {
  const total = 1_363_477_720;
  const used = 300_000_000 + (hashOf(device.id) % 40_000_000);
  return { total, used, free: total - used };
}

function showPools(ask: Ask): readonly string[] {
  const { total, used, free } = memoryOf(ask);
  const row = (name: string, head: string, sizes: readonly number[]): string =>
    `${name.padEnd(9)} ${head.padStart(11)}  ${sizes.map((size) => String(size).padStart(11)).join(' ')}`;
  return [
    'Tracekey : 1#6e2d1f0c4b7a9d3358c1e0f2a4b6c8d9     ',
    '',
    '                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)',
    row('Processor', '7F4D9A6B3010', [total, used, free, free - 12_582_912, free - 8_388_608]),
    row(' lsmpi_io', '7F4D992F51A8', [6_295_128, 6_294_304, 824, 824, 412]),
    '',
  ];
}

function showMemory(ask: Ask): readonly string[] {
  const { total, used } = memoryOf(ask);
  return [
    `Processor Pool Total: ${String(total)} Used:  ${String(used)} Free: ${String(total - used)}`,
    ' lsmpi_io Pool Total:    6295128 Used:    6294296 Free:        832',
    '',
    ' PID TTY  Allocated      Freed    Holding    Getbufs    Retbufs Process',
    '   0   0  261234560   59123456  187654320          0          0 *Init*          ',
    '   0   0          0   12345678          0          0          0 *Sched*         ',
    '   1   0    1234560     123456    1111104          0          0 Chunk Manager   ',
  ];
}

function temperature(name: string, value: number, ends: readonly number[]) {
  return [
    `${name} Temperature Value: ${String(value)} Degree Celsius`,
    'Temperature State: GREEN',
    `Yellow Threshold : ${String(ends[0] ?? 46)} Degree Celsius`,
    `Red Threshold    : ${String(ends[1] ?? 56)} Degree Celsius`,
    '',
  ];
}

function showEnvironment({ device, context }: Ask): readonly string[] {
  const present = device.members.filter(
    (member) => memberState(device, member.id, context.nowMs) !== 'Provisioned',
  );
  return [
    ...present.flatMap((member) => {
      const warm = hashOf(member.serial) % 6;
      return [
        ...['1', '2', '3'].map((fan) => `Switch ${member.id} FAN ${fan} is OK`),
        'FAN PS-1 is OK',
        'FAN PS-2 is OK',
        `Switch ${member.id}: SYSTEM TEMPERATURE is OK`,
        ...temperature('Inlet', 24 + warm, [46, 56]),
        ...temperature('Outlet', 33 + warm, [105, 125]),
        ...temperature('Hotspot', 45 + warm, [105, 125]),
      ];
    }),
    'SW  PID                 Serial#     Status           Sys Pwr  PoE Pwr  Watts',
    '--  ------------------  ----------  ---------------  -------  -------  -----',
    ...present.flatMap((member) =>
      ['A', 'B'].map((bay) => {
        const { pid, watts } = supplyOf(member);
        const serial = partSerial(member, `ps${bay}`);
        return `${member.id}${bay}  ${pid.padEnd(18)}  ${serial.padEnd(10)}  OK               Good     Good     ${watts}`;
      }),
    ),
    '',
  ];
}

/** What the device shows of its load and its surroundings. */
export const healthCommands: readonly Command[] = [
  { pattern: 'show processes cpu', run: shows(showCpu) },
  { pattern: 'show processes cpu sorted', run: shows(showCpu) },
  { pattern: 'show processes memory', run: shows(showMemory) },
  { pattern: 'show processes memory sorted', run: shows(showMemory) },
  { pattern: 'show memory statistics', run: shows(showPools) },
  { pattern: 'show environment all', run: shows(showEnvironment) },
];
