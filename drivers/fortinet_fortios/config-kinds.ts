import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import { observe } from './config-standing.js';
import { numberParam, tail } from './step-context.js';

/** Tables in tables: so often a refused line is left at most. */
const DEPTH_MAX = 5;

/** Leaves the section that a refused line stood in, with nothing of it taken. The last line of a step does that. */
async function leaveSection(context: StepContext): Promise<void> {
  const last = context.step.commands.length - 1;
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const outcome = await context.send(last);
    if (outcome.kind !== 'output' || outcome.mode === 'cli') return;
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
  /** Is what is gone already no fault? */
  readonly forgiving: boolean;
}

/** Sends lines one by one; undefined: all were taken. */
async function sendRange(context: StepContext, range: Range): Promise<Act | undefined> {
  for (let index = range.from; index < range.to; index += 1) {
    const outcome = await context.send(index);
    if (outcome.kind === 'output') continue;
    const send = context.step.commands[index]?.send ?? '';
    if (outcome.kind === 'failed' && range.forgiving && /^(?:delete|unset|move) /.test(send))
      continue;
    const why = `${send}: ${outcome.kind}: ${tail(outcome)}`;
    if (outcome.kind !== 'failed') return { kind: 'ambiguous', why };
    await leaveSection(context);
    return { kind: 'refused', why };
  }
  return undefined;
}

const all = (context: StepContext): Range => ({
  from: 0,
  to: context.step.commands.length - 1,
  forgiving: false,
});

const applyConfig: StepKind = {
  kind: 'apply-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const { state, why, saveMode, timeout } = await observe(context);
    const begun = context.intentAtMs !== undefined;
    if (state === 'after')
      return { answer: 'done', why, ...(begun ? {} : { known: { timeoutBefore: timeout } }) };
    if (state === 'between' && begun) return { answer: 'failed', why };
    if (state !== 'before') return { answer: 'unknown', why };
    if (begun) return { answer: 'absent', why };
    return saveMode === 'automatic'
      ? { answer: 'absent', why, known: { timeoutBefore: timeout } }
      : {
          answer: 'failed',
          why: `somebody works with unsaved changes (cfg-save ${saveMode}): save or drop them first`,
        };
  },
  act: async (context) => (await sendRange(context, all(context))) ?? { kind: 'acted' },
};

const confirmConfig: StepKind = {
  kind: 'confirm-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const { state, why, saveMode } = await observe(context);
    if (state === 'before')
      return { answer: 'failed', why: 'the device took the change back before it was saved' };
    if (state !== 'after') return { answer: 'unknown', why };
    return saveMode === 'automatic'
      ? { answer: 'done', why: 'in force and saved' }
      : { answer: 'absent', why: 'in force, and not saved yet' };
  },
  act: async (context) => (await sendRange(context, all(context))) ?? { kind: 'acted' },
};

const revertConfig: StepKind = {
  kind: 'revert-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const { state, why, saveMode } = await observe(context);
    if (state === 'unreadable') return { answer: 'unknown', why };
    if (state === 'before' && saveMode === 'automatic') return { answer: 'done', why };
    if (state === 'before') return { answer: 'partial', why: `${why}; cfg-save is ${saveMode}` };
    return { answer: state === 'after' ? 'absent' : 'partial', why };
  },
  /** What the device took back by itself is not taken back again: then only the save mode is set right. */
  async act(context): Promise<Act> {
    const { state, saveMode } = await observe(context);
    const count = numberParam(context, 'lines') ?? 0;
    const { to } = all(context);
    if (state !== 'before') {
      const refused = await sendRange(context, { from: 0, to: count, forgiving: true });
      if (refused) return refused;
    }
    // Where every change is saved at once there is nothing more to save, and no timeout to set.
    if (saveMode === 'automatic') return { kind: 'acted' };
    const failed = await sendRange(context, { from: count, to, forgiving: false });
    return failed ?? { kind: 'acted' };
  },
  async needed(context) {
    const { state, saveMode } = await observe(context);
    const count = numberParam(context, 'lines') ?? 0;
    return context.step.commands.flatMap((_, index) => {
      const isNeeded = index < count ? state !== 'before' : saveMode !== 'automatic';
      return isNeeded ? [index] : [];
    });
  },
};

/** The kinds of a configuration change. */
export const configKinds: readonly StepKind[] = [applyConfig, confirmConfig, revertConfig];
