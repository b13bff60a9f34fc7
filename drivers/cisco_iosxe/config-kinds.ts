import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import { comesBackSame } from './config.js';
import { applyConfig } from './config-apply.js';
import { readGuard } from './config-revert.js';
import {
  foreignWhy,
  indexOfLast,
  isArchive,
  isTimeOver,
  observe,
  standingIn,
} from './config-standing.js';
import { typeLine, typeLines } from './config-typing.js';
import { readConfig } from './facts.js';

/** One line, and what became of it. */
async function typeOnly(context: StepContext, index: number): Promise<Act> {
  const taken = await typeLine(context, index);
  if (taken.kind === 'taken') return { kind: 'acted' };
  return { kind: taken.kind === 'lost' ? 'ambiguous' : 'refused', why: taken.why };
}

/** A drain before an upgrade is saved, to last over the reload; what takes it back is saved only at the end. */
function withoutDrain(config: string): string {
  return config.replaceAll(/^ max-metric router-lsa\r?\n/gm, '');
}

/**
 * Running and startup config must be the same: a reload brings back all that is not saved. A drain that it would bring
 * back keeps traffic away from the device, and the rollback ends it.
 */
async function beforeSchedule(context: StepContext): Promise<Probe> {
  const session = await context.session();
  const running = await readConfig(session, 'running');
  const startup = await readConfig(session, 'startup');
  return comesBackSame(withoutDrain(running), withoutDrain(startup))
    ? { answer: 'absent', why: 'no reload is scheduled, and all that runs is saved' }
    : {
        answer: 'failed',
        why: 'running and startup config differ: a reload would bring other things back too',
      };
}

const scheduleReload: StepKind = {
  kind: 'schedule-reload',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    switch (await readGuard(context)) {
      case 'ours':
        return { answer: 'done', why: 'the reload is scheduled' };
      case 'foreign':
        return { answer: 'failed', why: foreignWhy(context) };
      case 'unreadable':
        return { answer: 'unknown', why: 'its scheduled reload cannot be read' };
      case 'none':
        break;
    }
    if (context.intentAtMs === undefined) return beforeSchedule(context);
    return isTimeOver(context)
      ? { answer: 'failed', why: 'the reload is not scheduled any more' }
      : { answer: 'absent', why: 'no reload is scheduled' };
  },
  act: (context) => typeOnly(context, 0),
};

const confirmConfig: StepKind = {
  kind: 'confirm-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const { state, why, guard } = await observe(context);
    if (state === 'before')
      return { answer: 'failed', why: 'the device took the change back before it was confirmed' };
    if (state !== 'after') return { answer: 'unknown', why };
    if (guard === 'foreign') return { answer: 'unknown', why: foreignWhy(context) };
    return guard === 'none'
      ? { answer: 'done', why: 'in force, and nothing takes it back' }
      : { answer: 'absent', why: 'in force until the device takes it back: not confirmed yet' };
  },
  act: (context) => typeOnly(context, 0),
};

/** By the archive's copy while its timer runs, else line by line. */
async function revertByArchive(context: StepContext): Promise<Act> {
  let standing = await observe(context);
  if (standing.guard === 'ours') {
    const taken = await typeLine(context, 0);
    if (taken.kind === 'lost') return { kind: 'ambiguous', why: taken.why };
    // Refused, its time was over: what came of it is told by the next look.
    standing = await observe(context);
  }
  if (standing.state === 'unreadable') return { kind: 'refused', why: standing.why };
  if (standing.state === 'before') return { kind: 'acted' };
  return typeLines(context, { from: 1, to: indexOfLast(context), forgiving: true });
}

/**
 * Line by line. The reload is cancelled only once the change is gone: what cannot be undone by hand, the reload undoes.
 */
async function revertUnderReload(context: StepContext): Promise<Act> {
  const last = indexOfLast(context);
  let standing = await observe(context);
  if (standing.state === 'unreadable') return { kind: 'refused', why: standing.why };
  if (standing.state !== 'before') {
    const act = await typeLines(context, { from: 0, to: last - 1, forgiving: true });
    if (act.kind === 'ambiguous') return act;
    standing = await observe(context);
  }
  const isGone = standing.state === 'before' && standing.guard === 'ours';
  return isGone ? typeOnly(context, last) : { kind: 'acted' };
}

/** Which lines take the change back now: the archive's copy alone while its timer runs, else line by line. */
async function neededToRevert(context: StepContext): Promise<readonly number[]> {
  const { state, guard } = await observe(context);
  const last = indexOfLast(context);
  const positions = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at);
  if (isArchive(context)) {
    if (guard === 'ours') return [0];
    return state === 'before' ? [] : positions(1, last);
  }
  return [
    ...(state === 'before' ? [] : positions(0, last - 1)),
    ...(guard === 'ours' ? [last] : []),
  ];
}

const revertConfig: StepKind = {
  kind: 'revert-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const { state, why, guard } = await observe(context);
    if (state === 'unreadable') return { answer: 'unknown', why };
    const left =
      guard === 'ours' && !isArchive(context) ? `${why}; the reload is scheduled still` : why;
    if (state === 'after') return { answer: 'absent', why: left };
    if (state === 'between') return { answer: 'partial', why: left };
    return guard === 'ours'
      ? { answer: 'partial', why: `${why}, but what guarded it still runs` }
      : { answer: 'done', why };
  },
  act: (context) => (isArchive(context) ? revertByArchive(context) : revertUnderReload(context)),
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
    const { state, why } = standingIn(startup, context);
    if (state === 'unreadable') return { answer: 'unknown', why: `startup config: ${why}` };
    return state === 'after'
      ? { answer: 'absent', why: 'startup config holds the change' }
      : { answer: 'done', why: 'the change was never saved' };
  },
  act: (context) => typeOnly(context, 0),
};

/** The kinds of a configuration change. */
export const configStepKinds: readonly StepKind[] = [
  scheduleReload,
  applyConfig,
  confirmConfig,
  revertConfig,
  restoreStartup,
];
