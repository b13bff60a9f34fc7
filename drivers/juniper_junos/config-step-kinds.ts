import { changeState, changeStateText } from '../../src/config/change-state.js';
import type { ConfigDelta } from '../../src/config/delta.js';
import { parseConfig } from '../../src/config/parse.js';
import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import { recall } from '../../src/kernel/recall.js';
import { rules } from './config-rules.js';
import { readIfKnown } from './observe.js';
import { parseCommits, type Commit } from './parse.js';
import { readConfig } from './read.js';
import { actOf, sendConfig, text } from './step-kinds.js';

/** How the change stands on the device. */
interface Standing {
  readonly state: 'before' | 'after' | 'between' | 'unreadable';
  readonly why: string;
  readonly commits: readonly Commit[];
}

/** Is this commit of the change that the step is of? */
function isOurs(commit: Commit | undefined, context: StepContext): boolean {
  return commit?.comment.includes(text(context, 'token')) ?? false;
}

/** Our change itself, not its confirmation, is what was committed last: `rollback 1` is the configuration before it. */
function isLast({ commits }: Standing, context: StepContext): boolean {
  return commits[0]?.comment === text(context, 'token');
}

/**
 * Not every release says `rollback pending` below the entry, and that it had to be confirmed stays written there: only
 * our own confirmation, or a later commit, proves that the change stays.
 */
function isConfirmed(standing: Standing, context: StepContext): boolean {
  const [latest] = standing.commits;
  if (latest?.awaitsConfirmation === true) return false;
  const open = isLast(standing, context) && latest?.hadToBeConfirmed === true;
  return !open || context.known[context.step.id]?.['confirmed'] === true;
}

function countOurs({ commits }: Standing, context: StepContext): number {
  return commits.filter((each) => isOurs(each, context)).length;
}

async function observeChange(context: StepContext): Promise<Standing> {
  const session = await context.session();
  const parsed = parseConfig(await readConfig(session), rules);
  const commits = parseCommits(await readIfKnown(session, 'show system commit'));
  if (parsed.kind === 'malformed') {
    const [first] = parsed.findings;
    const why = `the configuration cannot be read: line ${first?.line}: ${first?.why}`;
    return { state: 'unreadable', why, commits };
  }
  const delta = recall<ConfigDelta>(context.step.params['delta']);
  const stands = changeState(parsed.tree, delta);
  return { state: stands.kind, why: changeStateText(stands), commits };
}

/** A change that the device took back by itself after our commit will not be made again. */
function absentApply(standing: Standing, context: StepContext): Probe {
  const seen = countOurs(standing, context);
  if (context.intentAtMs === undefined)
    return { answer: 'absent', why: standing.why, known: { commitsBefore: seen } };
  const before = context.known[context.step.id]?.['commitsBefore'];
  return typeof before === 'number' && seen > before
    ? { answer: 'failed', why: 'the change was committed, and the device took it back by itself' }
    : { answer: 'absent', why: standing.why };
}

const applyConfig: StepKind = {
  kind: 'apply-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observeChange(context);
    switch (standing.state) {
      case 'after':
        return { answer: 'done', why: standing.why };
      case 'before':
        return absentApply(standing, context);
      default:
        return { answer: 'unknown', why: standing.why };
    }
  },
  act: sendConfig,
};

const confirmConfig: StepKind = {
  kind: 'confirm-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observeChange(context);
    if (standing.state === 'before')
      return { answer: 'failed', why: 'the device took the change back before it was confirmed' };
    if (standing.state !== 'after') return { answer: 'unknown', why: standing.why };
    return isConfirmed(standing, context)
      ? { answer: 'done', why: 'in force for good' }
      : { answer: 'absent', why: 'in force until the device takes it back: not confirmed yet' };
  },
  /** A commit of nothing new confirms; doing it twice changes nothing. */
  async act(context): Promise<Act> {
    const act = await sendConfig(context);
    return act.kind === 'acted' ? { kind: 'acted', known: { confirmed: true } } : act;
  },
  attest: () => ({ confirmed: true }),
};

/** Positions of the lines that take the change back. */
function undoOf(standing: Standing, context: StepContext): readonly number[] {
  const commit = context.step.commands.length - 3;
  return isLast(standing, context) ? [1] : Array.from({ length: commit - 2 }, (_, at) => at + 2);
}

/** By `rollback 1` while our commit is the last; else by lines that undo each statement. */
async function sendRevert(context: StepContext): Promise<Act> {
  const standing = await observeChange(context);
  const lines = context.step.commands;
  const [commit, drop, exit] = [lines.length - 3, lines.length - 2, lines.length - 1];
  for (const index of [0, ...undoOf(standing, context), commit]) {
    const act = actOf(await context.send(index), lines[index]);
    if (act.kind === 'acted') continue;
    if (act.kind !== 'refused' || index === 0) return act;
    await context.send(drop);
    await context.send(exit);
    return act;
  }
  return actOf(await context.send(exit), lines[exit]);
}

const revertConfig: StepKind = {
  kind: 'revert-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observeChange(context);
    if (standing.state === 'unreadable') return { answer: 'unknown', why: standing.why };
    if (standing.state === 'before') return { answer: 'done', why: standing.why };
    return { answer: standing.state === 'after' ? 'absent' : 'partial', why: standing.why };
  },
  act: sendRevert,
  needed: async (context) => undoOf(await observeChange(context), context),
};

/** The kinds of a configuration change. */
export const configStepKinds: readonly StepKind[] = [applyConfig, confirmConfig, revertConfig];
