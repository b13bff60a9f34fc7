import { changeState, changeStateText } from '../../src/config/change-state.js';
import type { ConfigDelta } from '../../src/config/delta.js';
import { parseConfig } from '../../src/config/parse.js';
import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import { recall } from '../../src/kernel/recall.js';
import type { CommandOutcome } from '../../src/session/dialect.js';
import { rules } from './config-rules.js';
import { readConfigSessions, type ConfigSessions } from './config-sessions.js';
import { SESSION_MODE } from './platform.js';
import { readConfig } from './read.js';
import { sendAll, tail } from './step-kinds.js';

/** How the change stands on the device, and what its configuration sessions are doing. */
type Standing =
  | { readonly state: 'unreadable'; readonly why: string }
  | {
      readonly state: 'before' | 'after' | 'between';
      readonly why: string;
      readonly sessions: ConfigSessions;
    };

type Told = Exclude<Standing, { readonly state: 'unreadable' }>;

function text(context: StepContext, key: string): string {
  const value = context.step.params[key];
  return typeof value === 'string' ? value : '';
}

const nameOf = (context: StepContext) => text(context, 'session');

function standingIn(config: string, context: StepContext): Omit<Told, 'sessions'> | string {
  const parsed = parseConfig(config, rules);
  if (parsed.kind === 'malformed') {
    const [first] = parsed.findings;
    return `the configuration cannot be read: line ${first?.line}: ${first?.why}`;
  }
  const delta = recall<ConfigDelta>(context.step.params['delta']);
  const stands = changeState(parsed.tree, delta);
  return { state: stands.kind, why: changeStateText(stands) };
}

/** Sessions are read first: a timer that is seen there and runs out meanwhile leaves a state that says so. */
async function observe(context: StepContext): Promise<Standing> {
  const session = await context.session();
  const sessions = await readConfigSessions(session);
  if (!sessions) return { state: 'unreadable', why: 'its configuration sessions cannot be listed' };
  const found = standingIn(await readConfig(session, 'running'), context);
  if (typeof found === 'string') return { state: 'unreadable', why: found };
  return { ...found, sessions };
}

/** Another one's timer: when it runs out, the device takes back more than that session's change. */
function foreignTimer({ sessions }: Told, context: StepContext): string | undefined {
  const { timed } = sessions;
  if (timed === undefined || timed === nameOf(context)) return undefined;
  return `session ${timed} waits for its confirmation`;
}

/** Can the device have taken the change back since? Its timer began after the intent. */
function isTimeOver({ intentAtMs, begunByMs, nowMs, step }: StepContext): boolean {
  const revertAfterMs = step.params['revertAfterMs'];
  const begunMs = begunByMs ?? intentAtMs;
  if (begunMs === undefined || typeof revertAfterMs !== 'number') return false;
  return nowMs >= begunMs + revertAfterMs;
}

/** Was the line taken? In a session EOS begins every refusal with `% `, in words of the feature that refuses. */
function objection(outcome: CommandOutcome): string | undefined {
  if (outcome.kind === 'failed') return tail(outcome);
  if (outcome.kind !== 'output') return undefined;
  return outcome.text.split('\n').find((each) => each.startsWith('% '));
}

/** Gives the session up. Outside of a session `abort` is no command: then its commit may have come about. */
async function giveUp(context: StepContext, why: string): Promise<Act> {
  const outcome = await context.send(context.step.commands.length - 1);
  return outcome.kind === 'output' ? { kind: 'refused', why } : { kind: 'ambiguous', why };
}

type Taken =
  | { readonly kind: 'taken'; readonly isIn: boolean }
  | { readonly kind: 'refused' | 'lost'; readonly why: string };

/** What became of one line; `isIn`: a session is what it came back to. */
async function typeLine(context: StepContext, index: number): Promise<Taken> {
  const outcome = await context.send(index);
  const typed = context.step.commands[index]?.send;
  const wrong = objection(outcome);
  if (wrong !== undefined) return { kind: 'refused', why: `${typed}: ${wrong}` };
  if (outcome.kind !== 'output')
    return { kind: 'lost', why: `${typed}: ${outcome.kind}: ${tail(outcome)}` };
  return { kind: 'taken', isIn: outcome.mode === SESSION_MODE };
}

/** One session from `from` (which opens it) to `to` (which commits it); what is refused is given up by `abort`. */
async function sendSession(context: StepContext, from: number, to: number): Promise<Act> {
  for (let index = from; index <= to; index += 1) {
    const taken = await typeLine(context, index);
    if (taken.kind === 'lost') return { kind: 'ambiguous', why: taken.why };
    if (taken.kind === 'taken') {
      if (taken.isIn || index === to) continue;
      return { kind: 'refused', why: `${context.step.commands[index]?.send}: no session` };
    }
    return index === from ? { kind: 'refused', why: taken.why } : giveUp(context, taken.why);
  }
  return { kind: 'acted' };
}

/** Why nothing may be applied now. */
function obstacleIn(standing: Told, context: StepContext): string | undefined {
  const foreign = foreignTimer(standing, context);
  if (foreign !== undefined || !standing.sessions.savesOnCommit) return foreign;
  return 'a commit would write startup config before it is confirmed';
}

/** Commands: drop what an earlier try left, open, the lines, commit, and `abort` for a refusal. */
async function sendApply(context: StepContext): Promise<Act> {
  const standing = await observe(context);
  if (standing.state === 'unreadable') return { kind: 'refused', why: standing.why };
  const obstacle = obstacleIn(standing, context);
  if (obstacle !== undefined) return { kind: 'refused', why: obstacle };
  if (standing.sessions.open.includes(nameOf(context))) {
    const dropped = await typeLine(context, 0);
    if (dropped.kind === 'refused') return { kind: 'refused', why: dropped.why };
    if (dropped.kind === 'lost') return { kind: 'ambiguous', why: dropped.why };
  }
  return sendSession(context, 1, context.step.commands.length - 2);
}

const applyConfig: StepKind = {
  kind: 'apply-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observe(context);
    if (standing.state === 'unreadable') return { answer: 'unknown', why: standing.why };
    if (standing.state === 'after') return { answer: 'done', why: standing.why };
    if (standing.state === 'between') return { answer: 'unknown', why: standing.why };
    return isTimeOver(context)
      ? { answer: 'failed', why: `${standing.why}: if it was, the device took it back by itself` }
      : { answer: 'absent', why: standing.why };
  },
  act: sendApply,
  async needed(context) {
    const standing = await observe(context);
    if (standing.state === 'unreadable') return { obstacle: standing.why };
    const obstacle = obstacleIn(standing, context);
    if (obstacle !== undefined) return { obstacle };
    return standing.sessions.open.includes(nameOf(context)) ? [0] : [];
  },
};

const confirmConfig: StepKind = {
  kind: 'confirm-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observe(context);
    if (standing.state === 'before')
      return { answer: 'failed', why: 'the device took the change back before it was confirmed' };
    if (standing.state !== 'after') return { answer: 'unknown', why: standing.why };
    const foreign = foreignTimer(standing, context);
    if (foreign !== undefined) return { answer: 'unknown', why: foreign };
    return standing.sessions.timed === undefined
      ? { answer: 'done', why: 'in force for good' }
      : { answer: 'absent', why: 'in force until the device takes it back: not confirmed yet' };
  },
  act: sendAll,
};

/** Is there a session of the change still that holds a place, or a timer? */
function isLeft({ sessions }: Told, context: StepContext): boolean {
  const names = [nameOf(context), text(context, 'backSession')];
  return names.some((each) => sessions.timed === each || sessions.open.includes(each));
}

/**
 * Commands: drop the session of the change (with it the device takes the change back where its timer runs), drop what an
 * earlier try left, open, the lines that undo it, commit, and `abort` for a refusal.
 */
async function sendRevert(context: StepContext): Promise<Act> {
  let standing = await observe(context);
  for (const [index, key] of ['session', 'backSession'].entries()) {
    if (standing.state === 'unreadable') return { kind: 'refused', why: standing.why };
    const { timed, open } = standing.sessions;
    const name = text(context, key);
    if (timed !== name && !open.includes(name)) continue;
    const taken = await typeLine(context, index);
    if (taken.kind === 'lost') return { kind: 'ambiguous', why: taken.why };
    // Refused, it has ended by itself meanwhile: what it left is told by the next look.
    standing = await observe(context);
  }
  if (standing.state === 'unreadable') return { kind: 'refused', why: standing.why };
  if (standing.state === 'before') return { kind: 'acted' };
  const foreign = foreignTimer(standing, context);
  if (foreign !== undefined) return { kind: 'refused', why: foreign };
  return sendSession(context, 2, context.step.commands.length - 2);
}

/** Which lines take the change back now: its session alone while its timer runs, else line by line. */
async function neededToRevert(context: StepContext): ReturnType<StepKind['needed'] & {}> {
  const standing = await observe(context);
  if (standing.state === 'unreadable') return { obstacle: standing.why };
  const { timed, open } = standing.sessions;
  const names = [nameOf(context), text(context, 'backSession')];
  const drops = names.flatMap((name, at) => (timed === name || open.includes(name) ? [at] : []));
  const byTimer = timed !== undefined && names.includes(timed);
  if (byTimer || standing.state === 'before') return drops;
  const obstacle = foreignTimer(standing, context);
  if (obstacle !== undefined) return { obstacle };
  const last = context.step.commands.length - 1;
  return [...drops, ...Array.from({ length: last - 2 }, (_, at) => at + 2)];
}

const revertConfig: StepKind = {
  kind: 'revert-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observe(context);
    if (standing.state === 'unreadable') return { answer: 'unknown', why: standing.why };
    if (standing.state === 'after') return { answer: 'absent', why: standing.why };
    if (standing.state === 'between') return { answer: 'partial', why: standing.why };
    return isLeft(standing, context)
      ? { answer: 'partial', why: `${standing.why}, but its session is there still` }
      : { answer: 'done', why: standing.why };
  },
  act: sendRevert,
  needed: neededToRevert,
};

/** Startup config is written only where the change was saved: then what runs now, which is without it. */
const restoreStartup: StepKind = {
  kind: 'restore-startup',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const startup = await readConfig(await context.session(), 'startup');
    if (startup.trim() === '') return { answer: 'done', why: 'there is no startup config' };
    const found = standingIn(startup, context);
    if (typeof found === 'string') return { answer: 'unknown', why: `startup config: ${found}` };
    return found.state === 'after'
      ? { answer: 'absent', why: 'startup config holds the change' }
      : { answer: 'done', why: 'the change was never saved' };
  },
  act: sendAll,
};

/** The kinds of a configuration change. */
export const configStepKinds: readonly StepKind[] = [
  applyConfig,
  confirmConfig,
  revertConfig,
  restoreStartup,
];
