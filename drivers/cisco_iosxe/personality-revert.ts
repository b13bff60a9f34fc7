import type { SimContext, SimDevice, SimEffect } from '../../src/driver/personality.js';
import { reconfigured } from './personality-config.js';
import { blocksOf } from './personality-config-tree.js';
import type { Command } from './personality-grammar.js';
import type { Ask, PendingRevert, Reply } from './personality-state.js';
import { ownOf, shows, withOwn } from './personality-state.js';
import { clockOf, logStampOf } from './personality-text.js';

/** Takes an unconfirmed change back. */
export const revertTimer = 'config-revert';
/** One minute before. */
export const revertWarning = 'config-revert-warning';

const minuteMs = 60_000;
const maxMinutes = 120;
/** The copy to the archive, and the way back from it. */
const copyMs = 2000;

const enter = 'Enter configuration commands, one per line.  End with CNTL/Z.';
const nothing = '%No Rollback Confirmed Change pending';

export function logLine(nowMs: number, text: string): SimEffect {
  return { kind: 'log', text: `*${logStampOf(nowMs)}: ${text}` };
}

function archivePath(config: string): string | undefined {
  const archive = blocksOf(config).find((block) => block.line === 'archive');
  const path = archive?.children.find((child) => child.line.startsWith('path '));
  return path?.line.slice('path '.length).trim();
}

/** `flash:archive-Nov-23-20-22-33.123-4` */
function copyName(path: string, nowMs: number, count: number): string {
  const stamp = logStampOf(nowMs).replaceAll(/[: ]/g, '-');
  return `${path}-${stamp}-${String(count)}`;
}

function timers(minutes: number): readonly SimEffect[] {
  return [
    { kind: 'timer', name: revertTimer, delayMs: minutes * minuteMs },
    { kind: 'timer', name: revertWarning, delayMs: (minutes - 1) * minuteMs },
  ];
}

const cancels: readonly SimEffect[] = [
  { kind: 'cancel-timer', name: revertTimer },
  { kind: 'cancel-timer', name: revertWarning },
];

function invalidMinutes(ask: Ask): Reply | undefined {
  const minutes = Number(ask.args['minutes']);
  const fits = Number.isInteger(minutes) && minutes >= 1 && minutes <= maxMinutes;
  return fits ? undefined : { lines: ["% Invalid input detected at '^' marker.", ''] };
}

/** `configure terminal revert timer N`: copies what runs, and goes into configuration mode under a timer. */
function configureUnderTimer(ask: Ask): Reply {
  const { device, shell, context } = ask;
  const invalid = invalidMinutes(ask);
  if (invalid !== undefined) return invalid;
  const path = archivePath(device.runningConfig);
  if (path === undefined) {
    return { lines: ['%Turn config archive on before using Rollback Confirmed Change'] };
  }
  const own = ownOf(device);
  if (own.revert !== null) return { lines: ['%Rollback Confirmed Change is already pending'] };
  const minutes = Number(ask.args['minutes']);
  const file = copyName(path, context.nowMs, own.archives);
  const { nowMs } = context;
  const revert: PendingRevert = { atMs: nowMs, minutes, file, config: device.runningConfig };
  const by = device.login.username;
  return {
    device: withOwn(device, { revert, archives: own.archives + 1 }),
    shell: { ...shell, mode: 'config' },
    effects: [
      {
        kind: 'print',
        text: `Rollback Confirmed Change: Backing up current running config to ${file}\r\n`,
      },
      { kind: 'print', text: `\r\n${enter}\r\n`, delayMs: copyMs },
      ...timers(minutes),
      logLine(
        nowMs,
        `%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_BACKUP: Backing up current running config to ${file}`,
      ),
      logLine(
        nowMs,
        `%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_START_ABSTIMER: User: ${by}(Priv: 15, View: 0): ` +
          `Scheduled to rollback to config ${file} in ${String(minutes)} minutes`,
      ),
    ],
    mutation: 'revert-timer',
  };
}

/** `configure confirm`: the change stays. */
function confirm({ device, context }: Ask): Reply {
  const { revert } = ownOf(device);
  if (revert === null) return { lines: [nothing] };
  const by = device.login.username;
  return {
    device: withOwn(device, { revert: null }),
    effects: [
      ...cancels,
      logLine(
        context.nowMs,
        `%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_CONFIRM: User: ${by}: Confirm the configuration change`,
      ),
    ],
    mutation: 'confirm-config',
  };
}

function rolledBack(device: SimDevice, revert: PendingRevert, nowMs: number): SimDevice {
  return withOwn(reconfigured(device, revert.config, nowMs), { revert: null });
}

function rollbackLogs(file: string, nowMs: number): readonly SimEffect[] {
  return [
    logLine(nowMs, `%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_START: Start rolling to: ${file}`),
    logLine(nowMs, 'Rollback:Acquired Configuration lock.'),
  ];
}

/** `configure revert now` */
function revertNow({ device, context }: Ask): Reply {
  const { revert } = ownOf(device);
  if (revert === null) return { lines: [nothing] };
  const { nowMs } = context;
  const by = device.login.username;
  return {
    device: rolledBack(device, revert, nowMs),
    effects: [
      { kind: 'print', text: `Rollback Confirmed Change: rolling to:${revert.file}\r\n` },
      {
        kind: 'print',
        text: '\r\nTotal number of passes: 1\r\nRollback Done\r\n\r\n',
        delayMs: copyMs,
      },
      ...cancels,
      logLine(
        nowMs,
        `%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_NOW: User: ${by}: Rollback immediately.`,
      ),
      ...rollbackLogs(revert.file, nowMs),
    ],
    mutation: 'revert-config',
  };
}

/** One minute is left. */
export function warnOfRevert(device: SimDevice, { nowMs }: SimContext) {
  const { revert } = ownOf(device);
  const effects: readonly SimEffect[] =
    revert === null
      ? []
      : [
          {
            kind: 'log',
            text:
              'Rollback Confirmed Change: Rollback will begin in one minute.\r\n' +
              'Enter "configure confirm" if you wish to keep what you\'ve configured',
          },
          logLine(
            nowMs,
            `%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_WARNING_ABSTIMER: System will rollback to config ` +
              `${revert.file} in one minute. Enter "configure confirm" if you wish to keep what you've configured`,
          ),
        ];
  return { device, effects };
}

/** Nobody confirmed. */
export function revertByTimer(device: SimDevice, { nowMs }: SimContext) {
  const { revert } = ownOf(device);
  if (revert === null) return { device, effects: [] };
  return {
    device: rolledBack(device, revert, nowMs),
    effects: [
      { kind: 'log' as const, text: `Rollback Confirmed Change: rolling to:${revert.file}` },
      ...rollbackLogs(revert.file, nowMs),
    ],
  };
}

function showRollbackTimer({ device }: Ask): readonly string[] {
  const { revert } = ownOf(device);
  if (revert === null) return [nothing];
  return [
    `Time configured(or reconfigured): ${clockOf(revert.atMs)}`,
    'Timer type: absolute timer',
    `Timer value: ${String(revert.minutes)} min`,
    `User: ${device.login.username}`,
  ];
}

function showArchive({ device, context }: Ask): readonly string[] {
  const path = archivePath(device.runningConfig);
  if (path === undefined) return ['Archive feature not enabled'];
  const { archives } = ownOf(device);
  return [
    'The maximum archive configurations allowed is 10.',
    `There are currently ${String(Math.min(10, archives))} archive configurations saved.`,
    `The next archive file will be named ${copyName(path, context.nowMs, archives)}`,
    ' Archive #  Name',
  ];
}

/** Changes under the device's own timer. */
export const revertCommands: readonly Command[] = [
  {
    pattern: 'configure terminal revert timer <minutes>',
    privileged: true,
    run: configureUnderTimer,
  },
  { pattern: 'configure confirm', privileged: true, run: confirm },
  { pattern: 'configure revert now', privileged: true, run: revertNow },
  { pattern: 'show archive', privileged: true, run: shows(showArchive) },
  {
    pattern: 'show archive config rollback timer',
    privileged: true,
    run: shows(showRollbackTimer),
  },
];
