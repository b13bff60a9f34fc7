import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import {
  foreignWhy,
  indexOfLast,
  isArchive,
  isTimeOver,
  observe,
  type Standing,
} from './config-standing.js';
import { typeLine, typeLines } from './config-typing.js';

/** Nothing was typed yet. */
function beforeIntent(context: StepContext, { state, why, guard }: Standing): Probe {
  if (guard === 'foreign') return { answer: 'failed', why: foreignWhy(context) };
  if (state === 'between') return { answer: 'unknown', why };
  if (isArchive(context)) {
    return guard === 'none'
      ? { answer: 'absent', why }
      : { answer: 'failed', why: 'a timed rollback is pending that was not started here' };
  }
  return guard === 'ours'
    ? { answer: 'absent', why }
    : { answer: 'failed', why: `${why}, and the reload that guards it is not scheduled any more` };
}

/** Half a change under the archive's timer is taken back and made again. */
function underTimer({ state, why, guard }: Standing): Probe {
  if (guard === 'ours') return { answer: 'partial', why };
  return { answer: state === 'before' ? 'absent' : 'failed', why };
}

/** Half a change under a scheduled reload is not made again: the rollback takes it back line by line. */
function underReload({ state, why, guard }: Standing): Probe {
  if (guard === 'none') return { answer: 'failed', why: `${why}, and no reload is scheduled` };
  return { answer: state === 'before' ? 'absent' : 'partial', why };
}

/** What was begun and is not in force. */
function afterIntent(context: StepContext, standing: Standing): Probe {
  const { why, guard } = standing;
  if (guard === 'foreign') return { answer: 'unknown', why: foreignWhy(context) };
  if (guard === 'none' && isTimeOver(context))
    return { answer: 'failed', why: `${why}: if it was, the device took it back by itself` };
  if (context.known[context.step.id]?.['typed'] === true)
    return { answer: 'failed', why: `the device took every line, and ${why}` };
  return isArchive(context) ? underTimer(standing) : underReload(standing);
}

/** Why nothing may be typed now. */
function obstacle(context: StepContext, { state, why, guard }: Standing): string | undefined {
  if (guard === 'foreign') return foreignWhy(context);
  if (state !== 'before') return why;
  if (isArchive(context)) return guard === 'none' ? undefined : 'its timer still runs';
  return guard === 'ours' ? undefined : 'the reload that guards the change is not scheduled';
}

/** Commands: the way back for an earlier try and for a refusal, into configuration mode under the timer, the lines, `end`. */
async function applyUnderTimer(context: StepContext): Promise<Act> {
  let standing = await observe(context);
  if (standing.guard === 'ours') {
    const taken = await typeLine(context, 0);
    if (taken.kind === 'lost') return { kind: 'ambiguous', why: taken.why };
    standing = await observe(context);
  }
  const why = obstacle(context, standing);
  if (why !== undefined) return { kind: 'refused', why };
  const act = await typeLines(context, { from: 1, to: indexOfLast(context), forgiving: false });
  // What comes of it is told by the next look: the rollback reverts what is left.
  if (act.kind === 'refused') await typeLine(context, 0);
  return act;
}

/** Commands: into configuration mode, the lines, `end`. What a refusal leaves is the rollback's to undo. */
async function applyUnderReload(context: StepContext): Promise<Act> {
  const why = obstacle(context, await observe(context));
  if (why !== undefined) return { kind: 'refused', why };
  return typeLines(context, { from: 0, to: indexOfLast(context), forgiving: false });
}

/** Types the change, under what takes it back. */
export const applyConfig: StepKind = {
  kind: 'apply-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observe(context);
    if (standing.state === 'unreadable') return { answer: 'unknown', why: standing.why };
    if (standing.state === 'after') return { answer: 'done', why: standing.why };
    return context.intentAtMs === undefined
      ? beforeIntent(context, standing)
      : afterIntent(context, standing);
  },
  async act(context): Promise<Act> {
    const act = await (isArchive(context) ? applyUnderTimer(context) : applyUnderReload(context));
    return act.kind === 'acted' ? { kind: 'acted', known: { typed: true } } : act;
  },
  async needed(context) {
    const standing = await observe(context);
    if (isArchive(context) && standing.guard === 'ours') return [0];
    const why = obstacle(context, standing);
    return why === undefined ? [] : { obstacle: why };
  },
};
