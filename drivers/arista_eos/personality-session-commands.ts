import type {
  SimAnswer,
  SimContext,
  SimDevice,
  SimEffect,
  SimShell,
} from '../../src/driver/personality.js';
import { changeConfig, configMode } from './personality-config-mode.js';
import { diffConfig } from './personality-config.js';
import {
  candidateOf,
  findSession,
  PENDING_MAX,
  timedSession,
  withCandidate,
  withoutSession,
  withSession,
} from './personality-sessions.js';
import { between, print, readOwn, reply, type Turn, withLog } from './personality-state.js';

/** Wakes the device to take back what nobody confirmed. */
export const COMMIT_TIMER = 'commit-timer';

const NAME = /^[A-Za-z0-9][\w.:-]{0,127}$/;
const COMMIT_MIN_MS = 800;
const COMMIT_MAX_MS = 6000;
const CHECKPOINT = 'file:/tmp/commitTimerCheckPointConfig.txt';

function said(turn: Turn, text: string): SimDevice {
  const by = `User ${turn.device.login.username}`;
  return withLog(turn.device, text.replace('{by}', by), turn.context.nowMs);
}

function inShell(turn: Turn, mode: string): SimShell {
  return { mode, paging: turn.shell.paging };
}

/** `configure session NAME`: a new candidate, or the one that was left. */
export function openSession(turn: Turn, name: string): SimAnswer {
  const { device } = turn;
  if (!NAME.test(name)) return reply(turn, [`% Cannot use ${name.slice(0, 60)} as session name`]);
  const found = findSession(device, name);
  if (found?.state === 'timed')
    return reply(turn, [`% Cannot enter session ${name} (session is in pendingCommitTimer state)`]);
  const shell = inShell(turn, configMode([], name));
  if (found?.state === 'pending') return { device, shell, effects: [] };
  const pending = readOwn(device).sessions.filter((each) => each.state === 'pending');
  if (pending.length >= PENDING_MAX)
    return reply(turn, ['% Maximum number of pending sessions has been reached']);
  const opened = withCandidate(device, name, device.runningConfig);
  const line = `ConfigAgent: %SYS-5-CONFIG_SESSION_ENTERED: {by} entered configuration session ${name} on vty3`;
  return { device: said({ ...turn, device: opened }, line), shell, effects: [] };
}

export function openUnnamed(turn: Turn): SimAnswer {
  const names = new Set(readOwn(turn.device).sessions.map((each) => each.name));
  let at = 1;
  while (names.has(`sess-${at}`)) at += 1;
  return openSession(turn, `sess-${at}`);
}

/** Why the session cannot be committed now. */
function obstacle(device: SimDevice, name: string): string | undefined {
  const found = findSession(device, name);
  if (found === undefined || found.state === 'completed') return `% Session ${name} not found`;
  const timed = timedSession(device);
  if (timed !== undefined && timed.name !== name)
    return `% Cannot commit session ${name}: another session ${timed.name} is pending commit timer`;
  return undefined;
}

function committed(turn: Turn, device: SimDevice, name: string): SimDevice {
  const line = `ConfigAgent: %SYS-5-CONFIG_SESSION_COMMIT_SUCCESS: {by} committed configuration session ${name} successfully on vty3`;
  return said({ ...turn, device }, line);
}

/** `commit`: the candidate runs from now on, or, while its timer runs, stays. */
export function commitSession(turn: Turn, name: string): SimAnswer {
  const wrong = obstacle(turn.device, name);
  if (wrong !== undefined) return reply(turn, [wrong]);
  const shell = inShell(turn, 'enable');
  const { nowMs } = turn.context;
  const isConfirmed = findSession(turn.device, name)?.state === 'timed';
  const config = candidateOf(turn.device, name);
  const changed: Pick<SimAnswer, 'device' | 'effects'> = isConfirmed
    ? { device: turn.device, effects: [{ kind: 'cancel-timer', name: COMMIT_TIMER }] }
    : changeConfig(turn, config);
  const done = { name, state: 'completed', config: '', atMs: nowMs } as const;
  const device = committed(turn, withSession(changed.device, done), name);
  const delayMs = between(turn.context, COMMIT_MIN_MS, COMMIT_MAX_MS);
  const effects = [...changed.effects, print([], delayMs)];
  return { device, shell, effects, mutation: isConfirmed ? 'confirm-config' : 'commit-config' };
}

function timerMs(time: string): number | undefined {
  const [, hours, minutes, seconds] = /^(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(time) ?? [];
  if (seconds === undefined || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return ms > 0 && Number(hours) < 24 ? ms : undefined;
}

/** `commit timer HH:MM:SS`: the candidate runs, and what ran before comes back unless it is confirmed. */
export function commitTimed(turn: Turn, name: string, time: string): SimAnswer {
  const afterMs = timerMs(time);
  if (afterMs === undefined)
    return reply(turn, [`% Invalid input (at token 2: '${time.slice(0, 20)}')`]);
  const wrong = obstacle(turn.device, name);
  if (wrong !== undefined) return reply(turn, [wrong]);
  const { runningConfig } = turn.device;
  const { nowMs } = turn.context;
  const isRunning = findSession(turn.device, name)?.state === 'timed';
  const checkpoint = isRunning ? candidateOf(turn.device, name) : runningConfig;
  const changed: Pick<SimAnswer, 'device' | 'effects'> = isRunning
    ? { device: turn.device, effects: [] }
    : changeConfig(turn, candidateOf(turn.device, name));
  const timed = { name, state: 'timed', config: checkpoint, atMs: nowMs + afterMs } as const;
  const [hours, minutes, seconds] = time.split(':').map(Number);
  const line = `ConfigAgent: %SYS-5-CONFIG_SESSION_COMMIT_TIMER_STARTED: {by} committed session ${name} on vty3, with timer ${hours}:${minutes}:${seconds}(hr:min:sec).`;
  const started = said({ ...turn, device: withSession(changed.device, timed) }, line);
  const delayMs = between(turn.context, COMMIT_MIN_MS, COMMIT_MAX_MS);
  const effects: readonly SimEffect[] = [
    ...changed.effects,
    { kind: 'timer', name: COMMIT_TIMER, delayMs: afterMs },
    print([], delayMs),
  ];
  return {
    device: committed(turn, started, name),
    shell: inShell(turn, 'enable'),
    effects,
    mutation: 'commit-config',
  };
}

/** `abort`: a candidate is thrown away; with a running timer, what ran before comes back at once. */
export function abortSession(turn: Turn, name: string): SimAnswer {
  const found = findSession(turn.device, name);
  if (found === undefined || found.state === 'completed')
    return reply(turn, [`% Session ${name} not found`]);
  const aborted = `ConfigAgent: %SYS-5-CONFIG_SESSION_ABORTED: {by} aborted configuration session ${name} on vty3`;
  const shell = inShell(turn, 'enable');
  if (found.state === 'pending') {
    const device = said({ ...turn, device: withoutSession(turn.device, name) }, aborted);
    return { device, shell, effects: [] };
  }
  const changed = changeConfig(turn, found.config);
  const canceled = `ConfigAgent: %SYS-5-CONFIG_SESSION_COMMIT_TIMER_CANCELED: The commit timer on session ${name} has been canceled. The system configuration has been rolled back.`;
  const back = said({ ...turn, device: withoutSession(changed.device, name) }, canceled);
  return {
    device: said({ ...turn, device: back }, aborted),
    shell,
    effects: [
      ...changed.effects,
      { kind: 'cancel-timer', name: COMMIT_TIMER },
      print([], between(turn.context, COMMIT_MIN_MS, COMMIT_MAX_MS)),
    ],
    mutation: 'abort-config',
  };
}

/** Nobody confirmed: what ran before the commit comes back, and the session is gone. */
export function takeBackUnconfirmed(
  device: SimDevice,
  context: SimContext,
): { device: SimDevice; effects: readonly SimEffect[] } {
  const timed = timedSession(device);
  // A timer of a session that a reload or a confirmation ended.
  if (timed === undefined || timed.atMs > context.nowMs) return { device, effects: [] };
  const shell: SimShell = { mode: 'enable', paging: false };
  const over = `ConfigAgent: %SYS-3-CONFIG_SESSION_COMMIT_TIMER_TIMEDOUT: The commit timer on session ${timed.name} has expired.The system configuration will be rolled back.`;
  const turn: Turn = { device: withLog(device, over, context.nowMs), shell, context };
  const changed = changeConfig(turn, timed.config);
  const replaced = `ConfigAgent: %SYS-5-CONFIG_REPLACE_SUCCESS: {by} replaced running configuration with ${CHECKPOINT} successfully on UnknownTty`;
  return {
    device: said({ ...turn, device: withoutSession(changed.device, timed.name) }, replaced),
    effects: changed.effects,
  };
}

function missing(turn: Turn, name: string): SimAnswer | undefined {
  const found = findSession(turn.device, name);
  if (found?.state === 'pending') return undefined;
  return reply(turn, [
    name === ''
      ? '% Invalid input (not in a configuration session)'
      : `% Session ${name} not found`,
  ]);
}

export function showCandidate(turn: Turn, name: string): SimAnswer {
  const text = candidateOf(turn.device, name).trimEnd();
  return (
    missing(turn, name) ??
    reply(turn, [
      `! Command: show session-configuration named ${name}`,
      `! device: ${turn.device.hostname}`,
      '!',
      ...text.split('\n'),
    ])
  );
}

export function showDiffs(turn: Turn, name: string): SimAnswer {
  const wrong = missing(turn, name);
  if (wrong) return wrong;
  const candidate = candidateOf(turn.device, name);
  if (candidate === turn.device.runningConfig) return reply(turn, []);
  const [, , ...lines] = diffConfig(turn.device.runningConfig, candidate);
  return reply(turn, [
    '--- system:/running-config',
    `+++ session:/${name}-session-config`,
    ...lines,
  ]);
}
