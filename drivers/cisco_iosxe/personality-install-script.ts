import type { SimDevice, SimEffect, SimMember } from '../../src/driver/personality.js';
import type { Ask, Operation, OperationName, Reply } from './personality-state.js';
import { freeBytes, ownOf, withOwn } from './personality-state.js';
import { stampOf } from './personality-text.js';

/** Name of the timer that ends an operation under way. */
export const operationTimer = 'install-operation';
/** Name of the timer that takes an uncommitted activation back. */
export const abortTimer = 'install-auto-abort';

type Piece = readonly [share: number, text: string];

/** Prints spread over an operation's time. */
export function play(pieces: readonly Piece[], totalMs: number): readonly SimEffect[] {
  return pieces.map(([share, text]): SimEffect => {
    const crlf = text.replaceAll('\n', '\r\n');
    return { kind: 'print', text: `${crlf}\r\n`, delayMs: Math.floor(share * totalMs) };
  });
}

function ids(device: SimDevice): string {
  return device.members.map((member) => member.id).join(' ');
}

/** `--- Starting Commit ---` and so on, with every member's lines. */
export function phase(device: SimDevice, name: string): string {
  return [
    `--- Starting ${name} ---`,
    `Performing ${name} on all members`,
    ...device.members.flatMap((member) => [
      `  [${member.id}] ${name} package(s) on switch ${member.id}`,
      `  [${member.id}] Finished ${name} on switch ${member.id}`,
    ]),
    `Checking status of ${name} on [${ids(device)}]`,
    `${name}: Passed on [${ids(device)}]`,
    `Finished ${name}`,
    '',
  ].join('\n');
}

export function failed(ask: Ask, name: string, why: readonly string[]): Reply {
  const stamp = stampOf(ask.context.nowMs);
  return {
    lines: [
      `${name}: START ${stamp}`,
      ...why,
      `FAILED: ${name} exit(1) ${stampOf(ask.context.nowMs + 1000)}`,
    ],
  };
}

/** The answer while another operation runs; undefined when none does. */
export function busy(ask: Ask, name: OperationName): Reply | undefined {
  const running = ownOf(ask.device).operation;
  if (running === null) return undefined;
  return failed(ask, name, [
    `FAILED: ${name} : Install operation is not allowed. ${running.name} operation is in progress.`,
  ]);
}

interface Begun {
  readonly operation: Operation;
  readonly effects: readonly SimEffect[];
  readonly mutation: string;
}

export function begin({ device, context, shell }: Ask, begun: Begun): Reply {
  const reloads =
    begun.operation.name !== 'install_add' && begun.operation.name !== 'install_commit';
  const delayMs = begun.operation.untilMs - context.nowMs;
  const { question: _answered, ...idle } = shell;
  return {
    device: withOwn(device, { operation: begun.operation }),
    // The shell gets no prompt again: the device goes down under it.
    shell: reloads ? { ...idle, question: { id: 'halted', takes: 'line', data: {} } } : idle,
    effects: [...begun.effects, { kind: 'timer', name: operationTimer, delayMs }],
    mutation: begun.mutation,
  };
}

/** Bytes that adding an image takes on a member: the image if it lacks it, and its packages. */
function bytesToAdd(member: SimMember, fileName: string, sizeBytes: number): number {
  const has = member.flash.files.some((file) => file.name === fileName);
  return (has ? 0 : sizeBytes) + sizeBytes;
}

/** The member whose flash cannot take the image. */
export function fullMember(
  device: SimDevice,
  fileName: string,
  sizeBytes: number,
): SimMember | undefined {
  const really = device.members.find(
    (member) => freeBytes(member) < bytesToAdd(member, fileName, sizeBytes),
  );
  if (really !== undefined || !device.faults.includes('flash-full-member')) return really;
  return device.members.findLast((member) => member.role !== 'active') ?? device.members[0];
}

export function syncLines(
  device: SimDevice,
  fileName: string,
  full: SimMember | undefined,
): string {
  const active = device.members.find((member) => member.role === 'active')?.id ?? '1';
  const others = device.members.filter((member) => member.id !== active);
  return [
    '--- Starting initial file syncing ---',
    ...others.flatMap((member) => [
      `[${active}]: Copying flash:${fileName} from switch ${active} to switch ${member.id}`,
      member === full
        ? `[${member.id}]: FAILED: copy flash:${fileName} to switch ${member.id}: No space left on device`
        : `[${member.id}]: Finished copying to switch ${member.id}`,
    ]),
    ...(full === undefined
      ? [`Info: Finished copying flash:${fileName} to the selected switch(es)`]
      : []),
    'Finished initial file syncing',
    '',
  ].join('\n');
}

export function noSpace(ask: Ask, fileName: string, full: SimMember): Reply {
  const { device, context } = ask;
  const passed = device.members.filter((member) => member !== full).map((member) => member.id);
  const text = [
    '--- Starting Add ---',
    'Performing Add on all members',
    `  [${full.id}] Add package(s) on switch ${full.id}`,
    `  [${full.id}] FAILED: install_add: Not enough space in flash: on switch ${full.id} to add /flash/${fileName}`,
    `  [${full.id}] Finished Add on switch ${full.id}`,
    `Checking status of Add on [${ids(device)}]`,
    `Add: Passed on [${passed.join(' ')}]. Failed on [${full.id}]`,
    'Finished Add',
    '',
    `FAILED: install_add exit(1) ${stampOf(context.nowMs + 40_000)}`,
  ].join('\n');
  return {
    effects: play(
      [
        [0, `install_add: START ${stampOf(context.nowMs)}`],
        [
          0.1,
          `install_add: Adding PACKAGE\ninstall_add: Checking whether new add is allowed ....\n`,
        ],
        [0.8, syncLines(device, fileName, full)],
        [1, text],
      ],
      40_000,
    ),
  };
}
