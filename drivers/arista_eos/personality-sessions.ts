import type { SimDevice } from '../../src/driver/personality.js';
import { clockTime, type EosSession, readOwn, withOwn } from './personality-state.js';

export const PENDING_MAX = 5;
const COMPLETED_MAX = 1;

export function findSession(device: SimDevice, name: string): EosSession | undefined {
  return readOwn(device).sessions.find((each) => each.name === name);
}

export function timedSession(device: SimDevice): EosSession | undefined {
  return readOwn(device).sessions.find((each) => each.state === 'timed');
}

/** What the session's lines were typed into: a copy of the running configuration from when it was opened. */
export function candidateOf(device: SimDevice, name: string): string {
  return findSession(device, name)?.config ?? device.runningConfig;
}

export function withCandidate(device: SimDevice, name: string, config: string): SimDevice {
  return withSession(device, { name, state: 'pending', config, atMs: 0 });
}

/** One session of a name, and no more completed ones than EOS keeps. */
export function withSession(device: SimDevice, session: EosSession): SimDevice {
  const others = readOwn(device).sessions.filter((each) => each.name !== session.name);
  const all = [...others, session];
  const completed = all.filter((each) => each.state === 'completed');
  const kept = completed.slice(-COMPLETED_MAX);
  const sessions = all.filter((each) => each.state !== 'completed' || kept.includes(each));
  return withOwn(device, { sessions });
}

export function withoutSession(device: SimDevice, name: string): SimDevice {
  return withOwn(device, {
    sessions: readOwn(device).sessions.filter((each) => each.name !== name),
  });
}

/** From 4.32 on a running timer is told above the table. */
function isModern({ runningVersion }: SimDevice): boolean {
  const [major = 0, minor = 0] = (runningVersion.match(/\d+/g) ?? []).map(Number);
  return major > 4 || (major === 4 && minor >= 32);
}

const HEADS = ['Name', 'State', 'User', 'Terminal', 'Commit Time Left'] as const;
const WIDTHS = [36, 20, 10, 14, 22] as const;

function cells(texts: readonly string[]): string {
  return texts.map((text, at) => text.padEnd(WIDTHS[at] ?? 0)).join(' ');
}

function leftText(untilMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((untilMs - nowMs) / 1000));
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function shownState(session: EosSession, modern: boolean): string {
  if (session.state === 'pending') return 'pending';
  if (session.state === 'timed' && !modern) return 'pendingCommitTimer';
  return modern ? 'committed' : 'completed';
}

/** `show configuration sessions`; with `nowMs` its detail. */
export function showSessions(device: SimDevice, nowMs?: number): readonly string[] {
  const { sessions } = readOwn(device);
  const modern = isModern(device);
  const timed = timedSession(device);
  const rows = sessions.map((each) => {
    const isRunning = !modern && each.state === 'timed' && nowMs !== undefined;
    const left = isRunning ? leftText(each.atMs, nowMs) : '';
    return `  ${cells([each.name, shownState(each, modern), '', '', left])}`.trimEnd();
  });
  return [
    `Maximum number of completed sessions: ${COMPLETED_MAX}`,
    `Maximum number of pending sessions: ${PENDING_MAX}`,
    ...(modern
      ? ['Merge on commit is disabled', 'Autosave to startup-config on commit is disabled']
      : []),
    '',
    ...(modern && timed && nowMs !== undefined
      ? [
          `Session with pending commit timer: ${timed.name}`,
          `Time left until commit timer expiry: in ${clockTime(Math.max(0, timed.atMs - nowMs)).replace(/^0/, '')}`,
          '',
        ]
      : []),
    `  ${cells(HEADS)}`.trimEnd(),
    `  ${WIDTHS.map((width) => '-'.repeat(width)).join(' ')}`,
    ...rows,
    '',
  ];
}
