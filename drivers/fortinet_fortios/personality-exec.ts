import type { SimEffect } from '../../src/driver/personality.js';
import { globalValue, isUnsaved } from './personality-config.js';
import { booted, isWhole, joining } from './personality-boot.js';
import { REVERT_TIMER } from './personality-config-change.js';
import type { Command } from './personality-grammar.js';
import {
  between,
  isAway,
  isCluster,
  otherUnits,
  ownOf,
  placeOf,
  primaryUnit,
  type Reply,
  shellUnit,
  type Turn,
  type Unit,
  withOwn,
  withPlace,
  withUnit,
} from './personality-state.js';
import { longTime } from './personality-text.js';
import { answerRestore, restore } from './personality-upgrade.js';

const REBOOT_MS = 3000;

function confirm(turn: Turn, id: string, lines: readonly string[]): Reply {
  const said = [...lines, 'Do you want to continue? (y/n)'].join('\r\n');
  return { ask: said, shell: { ...turn.shell, question: { id, takes: 'key', data: {} } } };
}

/** A secondary that goes down for a boot; the cluster's release is put on it when it comes with another. */
function rebootSecondary(turn: Turn, unit: Unit): Reply {
  const { device, context } = turn;
  const upAtMs = context.nowMs + between(context, 130_000, 210_000);
  const up = booted(unit, device.startupConfig, upAtMs, 'warm reboot');
  const joined = joining(up, primaryUnit(device), upAtMs, context);
  const lostAtMs = context.nowMs;
  const { unit: _unit, ...place } = placeOf(turn.shell);
  return {
    device: withUnit(device, unit.id, { ...joined, lostAtMs }),
    shell: withPlace(turn.shell, place),
    lines: ['', 'Connection to the secondary unit closed by remote host.', ''],
    mutation: 'reboot-secondary',
  };
}

function reboot(turn: Turn): Reply {
  const unit = shellUnit(turn);
  if (unit.id !== primaryUnit(turn.device).id) return rebootSecondary(turn, unit);
  return {
    device: withOwn(turn.device, { pending: 'reboot' }),
    lines: ['', '', 'The system is going down NOW !!', ''],
    effects: [{ kind: 'reload', delayMs: REBOOT_MS, reason: 'execute reboot' }],
    mutation: 'reboot',
  };
}

function setNextReboot(turn: Turn, name: 'primary' | 'secondary'): Reply {
  const unit = shellUnit(turn);
  const slot = name === 'primary' ? 0 : 1;
  if (unit.partitions[slot] === null) {
    return { lines: [`Image# ${slot + 1} does not exist.`, 'Command fail. Return code -1', ''] };
  }
  if (unit.next === slot)
    return { lines: [`Image# ${slot + 1} is already the default image.`, ''] };
  const isKept = !turn.device.faults.includes('boot-variable-not-kept');
  return {
    device: isKept ? withUnit(turn.device, unit.id, { next: slot }) : turn.device,
    lines: [`Default image is changed to image# ${slot + 1}.`, ''],
    mutation: 'set-next-reboot',
  };
}

function cfgSave(turn: Turn): Reply {
  const { device } = turn;
  if (!isUnsaved(device)) return { lines: ['no config to be saved.', ''] };
  const saved = { ...device, startupConfig: device.runningConfig };
  return {
    device: withOwn(saved, { revertAtMs: 0 }),
    lines: ['config saved.', ''],
    effects: [{ kind: 'cancel-timer', name: REVERT_TIMER }],
    mutation: 'cfg-save',
  };
}

function cfgReload(turn: Turn): Reply {
  const mode = globalValue(turn.device, 'cfg-save') ?? 'automatic';
  if (mode === 'automatic') return { lines: ['no config to be reloaded.', ''] };
  const effects: readonly SimEffect[] = [
    { kind: 'reload', delayMs: REBOOT_MS, reason: 'execute cfg reload' },
  ];
  const device = withOwn(turn.device, { pending: 'reload-config' });
  return {
    device,
    lines: ['configs reloaded. system will reboot.', ''],
    effects,
    mutation: 'cfg-reload',
  };
}

/** Cluster indexes follow the serial numbers, highest first. */
export function clusterIndex(units: readonly Unit[], unit: Unit): number {
  const ordered = units.map(({ serial }) => serial).toSorted((a, b) => (a < b ? 1 : -1));
  return ordered.indexOf(unit.serial);
}

function haManage(turn: Turn, index: string, user: string | undefined): Reply {
  const { units } = ownOf(turn.device);
  const unit = units.find((one) => String(clusterIndex(units, one)) === index);
  const isSelf = unit?.id === shellUnit(turn).id;
  if (!isCluster(turn.device) || !unit || isSelf || isAway(unit, turn.context.nowMs)) {
    return {
      lines: [
        `The HA member with index ${index} is not found.`,
        'Command fail. Return code -651',
        '',
      ],
    };
  }
  const name = user ?? turn.device.login.username;
  const data = { unit: unit.id, name };
  return {
    ask: `${name}@169.254.0.${Number(index) + 1}'s password: `,
    shell: { ...turn.shell, question: { id: 'ha-manage', takes: 'line', hidden: true, data } },
  };
}

function answerManage(turn: Turn, data: Readonly<Record<string, unknown>>, typed: string): Reply {
  const { login } = turn.device;
  if (data['name'] !== login.username || typed !== login.password) {
    return { lines: ['', 'Permission denied, please try again.', ''] };
  }
  const place = { ...placeOf(turn.shell), unit: String(data['unit']) };
  return { shell: withPlace(turn.shell, place), lines: [''] };
}

/** The primary gives up its role to the other unit. */
function giveUp(turn: Turn): Reply {
  const { device, context } = turn;
  const heirs = otherUnits(device).filter((unit) => !isAway(unit, context.nowMs));
  if (heirs.length === 0) return { lines: [''] };
  return {
    device: withOwn(device, { pending: 'failover' }),
    lines: [''],
    effects: [{ kind: 'reload', delayMs: 1500, reason: 'HA failover' }],
    mutation: 'ha-failover',
  };
}

function leaveShell(turn: Turn): Reply {
  const { unit, ...place } = placeOf(turn.shell);
  if (unit === undefined) return { effects: [{ kind: 'close-shell' }] };
  return { shell: withPlace(turn.shell, place), lines: ['Connection closed.', ''] };
}

function synchronize(turn: Turn): Reply {
  const state = isWhole(turn.device, turn.context.nowMs)
    ? []
    : ['starting synchronize with HA primary'];
  return { lines: [...state, ''] };
}

const REBOOT_TEXT = ['This operation will reboot the system !'];

export const execCommands: readonly Command[] = [
  {
    pattern: 'execute restore image tftp <file> <server>',
    run: (turn, args) => restore(turn, 'image', args['file'] ?? '', args['server'] ?? ''),
  },
  {
    pattern: 'execute restore secondary-image tftp <file> <server>',
    run: (turn, args) => restore(turn, 'secondary-image', args['file'] ?? '', args['server'] ?? ''),
  },
  { pattern: 'execute reboot', run: (turn) => confirm(turn, 'reboot', REBOOT_TEXT) },
  { pattern: 'execute reboot comment <text>', run: (turn) => confirm(turn, 'reboot', REBOOT_TEXT) },
  { pattern: 'execute set-next-reboot primary', run: (turn) => setNextReboot(turn, 'primary') },
  { pattern: 'execute set-next-reboot secondary', run: (turn) => setNextReboot(turn, 'secondary') },
  { pattern: 'execute cfg save', run: cfgSave },
  { pattern: 'execute cfg reload', run: cfgReload },
  {
    pattern: 'execute ha manage <index> [user]',
    run: (turn, args) => haManage(turn, args['index'] ?? '', args['user']),
  },
  { pattern: 'execute ha synchronize start', run: synchronize },
  {
    pattern: 'execute ha failover set <cluster>',
    run: (turn) =>
      confirm(turn, 'failover', [
        'Caution: This command will trigger an HA failover.',
        'It is intended for testing purposes.',
      ]),
  },
  { pattern: 'diagnose sys ha reset-uptime', run: giveUp },
  {
    pattern: 'execute time',
    run: ({ context }) => ({
      lines: [`current time is: ${longTime(context.nowMs).slice(11, 19)}`, ''],
    }),
  },
  { pattern: 'exit', run: leaveShell },
  { pattern: 'quit', run: leaveShell },
];

type Answerer = (turn: Turn, data: Readonly<Record<string, unknown>>, typed: string) => Reply;

/** What comes of a key or line that answers a question. */
export const answerers: Readonly<Record<string, Answerer>> = {
  restore: answerRestore,
  reboot,
  failover: giveUp,
  'ha-manage': answerManage,
};
