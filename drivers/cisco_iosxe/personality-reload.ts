import type { SimContext, SimDevice, SimEffect } from '../../src/driver/personality.js';
import { saveConfig } from './personality-files.js';
import type { Command } from './personality-grammar.js';
import { logLine } from './personality-revert.js';
import type { Ask, Reply, ScheduledReload } from './personality-state.js';
import { isUnsaved, ownOf, shows, withOwn } from './personality-state.js';
import { clockOf } from './personality-text.js';

/** Goes down for the scheduled reload. */
export const reloadTimer = 'scheduled-reload';
/** One minute before. */
export const reloadWarning = 'scheduled-reload-warning';

const minuteMs = 60_000;
const maxMinutes = 34_560;

type Data = Readonly<Record<string, unknown>>;

const saveText = '\r\nSystem configuration has been modified. Save? [yes/no]: ';
const confirmText =
  'Reload command is being issued on Active unit, this will reload the whole stack\r\n' +
  'Proceed with reload? [confirm]';

/** Is this key, at a `[confirm]`, a yes? */
export function isConfirmed(key: string): boolean {
  return ['', '\r', '\n', 'y', 'Y'].includes(key);
}

function numberIn(data: Data, key: string): number {
  const value = data[key];
  return typeof value === 'number' ? value : 0;
}

function reasonIn(data: Data): string {
  return typeof data['reason'] === 'string' && data['reason'] !== ''
    ? data['reason']
    : 'Reload Command';
}

function leftText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  const parts = [
    ...(hours > 0 ? [`${String(hours)} hour${hours === 1 ? '' : 's'}`] : []),
    ...(minutes > 0 ? [`${String(minutes)} minute${minutes === 1 ? '' : 's'}`] : []),
    ...(rest > 0 && hours === 0 ? [`${String(rest)} second${rest === 1 ? '' : 's'}`] : []),
  ];
  return parts.join(' and ') || '0 seconds';
}

/** What `show reload` says, and the command itself before it asks. */
function announcement(device: SimDevice, planned: ScheduledReload, nowMs: number) {
  const by = `${device.login.username} on vty0 (127.0.0.1)`;
  return [
    `Reload scheduled for ${clockOf(planned.dueAtMs)} (in ${leftText(planned.dueAtMs - nowMs)}) by ${by}`,
    `Reload reason: ${planned.reason}`,
  ];
}

function askSave({ shell }: Ask, data: Data, before: string): Reply {
  const question = { id: 'reload-save', takes: 'line', data } as const;
  return { shell: { ...shell, question }, text: before + saveText };
}

function askConfirm({ device, shell, context }: Ask, data: Data, before: string): Reply {
  const question = { id: 'reload-confirm', takes: 'key', data } as const;
  const minutes = numberIn(data, 'minutes');
  const { nowMs } = context;
  const planned = { dueAtMs: nowMs + minutes * minuteMs, atMs: nowMs, reason: reasonIn(data) };
  const told = minutes > 0 ? announcement(device, planned, nowMs) : [];
  const text = told.map((line) => `${line}\r\n`).join('');
  return { shell: { ...shell, question }, text: before + text + confirmText };
}

function begin(ask: Ask, data: Data): Reply {
  return isUnsaved(ask.device) ? askSave(ask, data, '') : askConfirm(ask, data, '');
}

function reloadIn(ask: Ask): Reply {
  const minutes = Number(ask.args['minutes']);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > maxMinutes) {
    return { lines: ["% Invalid input detected at '^' marker.", ''] };
  }
  return begin(ask, { minutes, reason: ask.args['reason'] ?? '' });
}

/** The answer to the unsaved configuration before a reload. */
export function answerSave(ask: Ask, data: Data, text: string): Reply {
  const answer = text.trim().toLowerCase();
  if (answer !== '' && 'no'.startsWith(answer)) return askConfirm(ask, data, '');
  if (answer === '' || !'yes'.startsWith(answer)) {
    return askSave(ask, data, "% Please answer 'yes' or 'no'.");
  }
  const asked = askConfirm(ask, data, 'Building configuration...\r\n[OK]\r\n');
  return { ...asked, device: saveConfig(ask), mutation: 'save-config' };
}

/** The last key before a reload, at once or scheduled. */
export function answerConfirm(ask: Ask, data: Data, key: string): Reply {
  if (!isConfirmed(key)) return { lines: [''] };
  const minutes = numberIn(data, 'minutes');
  return minutes > 0 ? schedule(ask, minutes, reasonIn(data)) : reloadNow(ask);
}

function reloadNow({ device, shell, context }: Ask): Reply {
  const delayMs = 3000 + Math.floor(context.chance() * 4000);
  return {
    device: withOwn(device, { reloadReason: 'Reload Command' }),
    // No prompt comes again: the device goes down under this shell.
    shell: { ...shell, question: { id: 'halted', takes: 'line', data: {} } },
    text: '\r\n',
    effects: [{ kind: 'reload', delayMs, reason: 'Reload Command' }],
    mutation: 'reload',
  };
}

function schedule({ device, context }: Ask, minutes: number, reason: string): Reply {
  const { nowMs } = context;
  const scheduled: ScheduledReload = { atMs: nowMs, dueAtMs: nowMs + minutes * minuteMs, reason };
  return {
    device: withOwn(device, { scheduled }),
    lines: [''],
    effects: [
      { kind: 'timer', name: reloadTimer, delayMs: minutes * minuteMs },
      { kind: 'timer', name: reloadWarning, delayMs: (minutes - 1) * minuteMs },
      logLine(
        nowMs,
        `%SYS-5-SCHEDULED_RELOAD: Reload requested for ${clockOf(scheduled.dueAtMs)} at ` +
          `${clockOf(nowMs)} by ${device.login.username} on vty0 (127.0.0.1). Reload Reason: ${reason}.`,
      ),
    ],
    mutation: 'schedule-reload',
  };
}

/** The notice goes to every terminal, behind the prompt. */
function cancel({ device, context }: Ask): Reply {
  if (ownOf(device).scheduled === null) return { lines: ['%No reload is scheduled.'] };
  const { nowMs } = context;
  return {
    device: withOwn(device, { scheduled: null }),
    effects: [
      { kind: 'cancel-timer', name: reloadTimer },
      { kind: 'cancel-timer', name: reloadWarning },
      { kind: 'log', text: '\r\n***\r\n*** --- SHUTDOWN ABORTED ---\r\n***' },
      logLine(
        nowMs,
        `%SYS-5-SCHEDULED_RELOAD_CANCELLED: Scheduled reload cancelled at ${clockOf(nowMs)}`,
      ),
    ],
    mutation: 'cancel-reload',
  };
}

/** One minute is left. */
export function warnOfReload(device: SimDevice) {
  const effects: readonly SimEffect[] =
    ownOf(device).scheduled === null
      ? []
      : [{ kind: 'log', text: '\r\n***\r\n*** --- SHUTDOWN in 0:01:00 ---\r\n***' }];
  return { device, effects };
}

/** Nobody cancelled. */
export function reloadByTimer(device: SimDevice, { nowMs }: SimContext) {
  const { scheduled } = ownOf(device);
  if (scheduled === null) return { device, effects: [] };
  const { reason } = scheduled;
  const effects: readonly SimEffect[] = [
    logLine(
      nowMs,
      `%SYS-5-RELOAD: Reload requested by ${device.login.username} on vty0 (127.0.0.1). Reload Reason: ${reason}.`,
    ),
    { kind: 'reload', delayMs: 1000, reason: 'scheduled reload' },
  ];
  return { device: withOwn(device, { scheduled: null, reloadReason: reason }), effects };
}

function showReload({ device, context }: Ask): readonly string[] {
  const { scheduled } = ownOf(device);
  if (scheduled === null) return ['No reload is scheduled.'];
  return announcement(device, scheduled, context.nowMs);
}

/** The reload, at once and scheduled. */
export const reloadCommands: readonly Command[] = [
  { pattern: 'reload', privileged: true, run: (ask) => begin(ask, {}) },
  { pattern: 'reload in <minutes>', privileged: true, run: reloadIn },
  { pattern: 'reload in <minutes> <reason...>', privileged: true, run: reloadIn },
  { pattern: 'reload cancel', privileged: true, run: cancel },
  { pattern: 'show reload', run: shows(showReload) },
];
