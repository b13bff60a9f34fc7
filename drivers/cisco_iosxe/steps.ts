import type { Act, Line, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import type { CliSession, CommandOutcome } from '../../src/session/dialect.js';
import { typeLines } from './config-typing.js';
import { sameConfig } from './config.js';
import { readConfig, readIfKnown } from './facts.js';
import {
  parseInstallSummary,
  parseOspf,
  parseRollbackIds,
  parseRunningInstall,
  parseShowVersion,
  type InstallSummary,
} from './parse.js';
import { versions } from './versions.js';

/** A clock of whole minutes, and the time between two looks at it. */
const UPTIME_SLACK_MS = 120_000;

function text(context: StepContext, key: string): string {
  const value = context.step.params[key];
  return typeof value === 'string' ? value : '';
}

function list(context: StepContext, key: string): readonly string[] {
  const value = context.step.params[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function normal(version: string): string {
  return versions.parse(version)?.normal ?? version;
}

async function runningInstall(session: CliSession): Promise<string | undefined> {
  return parseRunningInstall(await readIfKnown(session, 'show install log'));
}

/** In which state the groups of members hold an image; `none` where one does not hold it. */
function statesOf(summary: InstallSummary, version: string): readonly string[] {
  return summary.groups.map(
    (group) =>
      group.packages.find((each) => each.type === 'IMG' && normal(each.name) === version)?.state ??
      'none',
  );
}

/** What the unit runs and holds, in one look. */
interface Standing {
  readonly running: string;
  readonly uptimeMs: number | undefined;
  readonly summary: InstallSummary;
}

async function observe(session: CliSession): Promise<Standing> {
  const seen = parseShowVersion(await session.read('show version'));
  return {
    running: normal(seen.release ?? seen.iosVersion ?? ''),
    uptimeMs: seen.uptimeMs,
    summary: parseInstallSummary(await readIfKnown(session, 'show install summary')),
  };
}

/** An unknown question was not answered: nothing has begun, unless an expected one was answered before it. */
function questioned(text: string, line: Line | undefined): Act {
  const why = `unknown dialog: after "${line?.send}" the device asks what the plan does not expect: ${text.trim().slice(-200)}`;
  const answered = (line?.dialogs ?? []).some(({ ask }) =>
    new RegExp(ask.replace(/\$$/, ''), 'm').test(text),
  );
  return { kind: answered ? 'ambiguous' : 'refused', why };
}

/** What the exchange of one line came to. */
function actOf(outcome: CommandOutcome, line: Line | undefined): Act {
  switch (outcome.kind) {
    case 'output':
      return { kind: 'acted' };
    case 'failed':
      return { kind: 'refused', why: `the device said: ${outcome.marker}` };
    case 'question':
      return questioned(outcome.text, line);
    case 'closed':
      return {
        kind: 'ambiguous',
        why: `the session ended during "${line?.send}": ${outcome.detail}`,
      };
    case 'idle-limit':
    case 'total-limit':
    case 'overflow':
      return { kind: 'ambiguous', why: `"${line?.send}" ran into its ${outcome.kind}` };
  }
}

function lineOf(context: StepContext, index: number): Line | undefined {
  return context.step.commands[index];
}

/** Sends the one line of an install step, unless another install operation still runs. */
async function sendInstall(context: StepContext): Promise<Act> {
  const busy = await runningInstall(await context.session());
  if (busy !== undefined)
    return { kind: 'ambiguous', why: `${busy} still runs on the device; nothing was sent` };
  return actOf(await context.send(0), lineOf(context, 0));
}

const saveConfig: StepKind = {
  kind: 'save-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    if (context.known[context.step.id]?.['saved'] === true)
      return { answer: 'done', why: 'the device confirmed that it saved the config' };
    const session = await context.session();
    const running = await readConfig(session, 'running');
    const startup = await readConfig(session, 'startup');
    return sameConfig(running, startup)
      ? { answer: 'done', why: 'running and startup config are the same' }
      : { answer: 'absent', why: 'running and startup config differ' };
  },
  async act(context): Promise<Act> {
    const outcome = await context.send(0);
    if (outcome.kind !== 'output') return actOf(outcome, lineOf(context, 0));
    if (!/\[OK\]/.test(outcome.text))
      return { kind: 'ambiguous', why: 'no [OK] came after the save' };
    return { kind: 'acted', known: { saved: true } };
  },
};

const installAdd: StepKind = {
  kind: 'install-add',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const summary = parseInstallSummary(await readIfKnown(session, 'show install summary'));
    if (summary.groups.length === 0)
      return { answer: 'unknown', why: '`show install summary` cannot be read' };
    const version = normal(text(context, 'version'));
    const states = statesOf(summary, version);
    const holders = summary.groups
      .filter((_, at) => states[at] !== 'none')
      .flatMap((group) => group.members);
    const missing = list(context, 'members').filter((id) => !holders.includes(id));
    if (!states.includes('none') && missing.length === 0)
      return { answer: 'done', why: `every member holds ${version}` };
    const busy = await runningInstall(session);
    if (busy !== undefined) return { answer: 'partial', why: `${busy} still runs on the device` };
    return holders.length > 0
      ? { answer: 'partial', why: `${version} is not yet on every member` }
      : { answer: 'absent', why: `${version} is not added` };
  },
  async act(context): Promise<Act> {
    return sendInstall(context);
  },
};

const rollbackPoint: StepKind = {
  kind: 'rollback-point',
  version: 1,
  changes: false,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const ids = parseRollbackIds(await readIfKnown(session, 'show install rollback'));
    const latest = ids.at(-1);
    return latest === undefined
      ? {
          answer: 'failed',
          why: 'the device knows no rollback point: a committed image could not be taken back',
        }
      : {
          answer: 'done',
          why: `rollback point ${latest} holds what runs now`,
          known: { rollbackId: String(latest) },
        };
  },
  act: () => Promise.resolve({ kind: 'refused', why: 'a rollback point can only be observed' }),
};

/** Was the device down since it was last seen up? Undefined where that cannot be told. */
function rebooted(context: StepContext, uptimeMs: number | undefined): boolean | undefined {
  const before = context.known[context.step.id];
  const [uptimeBeforeMs, observedAtMs] = [before?.['uptimeBeforeMs'], before?.['observedAtMs']];
  if (typeof uptimeBeforeMs !== 'number' || typeof observedAtMs !== 'number') return undefined;
  if (uptimeMs === undefined) return undefined;
  const expectedMs = uptimeBeforeMs + (context.nowMs - observedAtMs);
  return uptimeMs + UPTIME_SLACK_MS < expectedMs;
}

function before(context: StepContext, standing: Standing): Pick<Probe, 'known'> {
  if (context.intentAtMs !== undefined || standing.uptimeMs === undefined) return {};
  return { known: { uptimeBeforeMs: standing.uptimeMs, observedAtMs: context.nowMs } };
}

/** The new image still stands: not yet taken back, or the device has reloaded into it once more. */
function reverting(context: StepContext, standing: Standing, target: string): Probe {
  const again = context.intentAtMs !== undefined && rebooted(context, standing.uptimeMs) === true;
  return again && standing.running === target
    ? { answer: 'failed', why: `the device reloaded and came back with ${target}` }
    : { answer: 'absent', why: `${target} is not taken back` };
}

const installActivate: StepKind = {
  kind: 'install-activate',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const standing = await observe(session);
    const [target, old] = [normal(text(context, 'version')), normal(text(context, 'oldVersion'))];
    if (standing.running === target)
      return { answer: 'done', why: `the device came back with ${target}` };
    if (standing.running !== old)
      return { answer: 'unknown', why: `the device runs ${standing.running}, neither old nor new` };
    const sent = context.intentAtMs !== undefined;
    if (sent && rebooted(context, standing.uptimeMs) === true)
      return { answer: 'failed', why: `the device reloaded and came back with ${old}` };
    if (statesOf(standing.summary, target).includes('U'))
      return { answer: 'partial', why: `${target} is activated, the reload is still to come` };
    const busy = await runningInstall(session);
    if (busy !== undefined) return { answer: 'partial', why: `${busy} still runs on the device` };
    return { answer: 'absent', why: `${old} runs`, ...before(context, standing) };
  },
  async act(context): Promise<Act> {
    return sendInstall(context);
  },
};

const installCommit: StepKind = {
  kind: 'install-commit',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observe(await context.session());
    const version = normal(text(context, 'version'));
    if (standing.running !== version)
      return { answer: 'failed', why: `${standing.running} runs, not ${version}` };
    const states = statesOf(standing.summary, version);
    const pending = standing.summary.groups.some((group) =>
      group.packages.some((each) => each.state === 'U' || each.state === 'D'),
    );
    if (states.length > 0 && states.every((each) => each === 'C') && !pending)
      return { answer: 'done', why: `${version} is committed on every member` };
    if (states.length > 0 && states.every((each) => each === 'U' || each === 'C'))
      return { answer: 'absent', why: `${version} is activated and not committed` };
    return { answer: 'unknown', why: `${version} runs, its install state is ${states.join(', ')}` };
  },
  async act(context): Promise<Act> {
    return sendInstall(context);
  },
};

const installAbort: StepKind = {
  kind: 'install-abort',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const standing = await observe(session);
    const [target, old] = [normal(text(context, 'version')), normal(text(context, 'oldVersion'))];
    if (standing.summary.groups.length === 0)
      return { answer: 'unknown', why: '`show install summary` cannot be read' };
    const states = statesOf(standing.summary, target);
    const uncommitted = states.includes('U');
    if (standing.running === target && !uncommitted)
      return { answer: 'done', why: `${target} is committed: there is nothing to abort` };
    if (standing.running !== old && standing.running !== target)
      return { answer: 'unknown', why: `the device runs ${standing.running}, neither old nor new` };
    const busy = await runningInstall(session);
    if (busy !== undefined) return { answer: 'partial', why: `${busy} still runs on the device` };
    if (!uncommitted) return { answer: 'done', why: `${old} runs and nothing is uncommitted` };
    return { ...reverting(context, standing, target), ...before(context, standing) };
  },
  async act(context): Promise<Act> {
    return sendInstall(context);
  },
};

const installRollback: StepKind = {
  kind: 'install-rollback',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const standing = await observe(session);
    const [target, old] = [normal(text(context, 'version')), normal(text(context, 'oldVersion'))];
    if (standing.running === old) return { answer: 'done', why: `${old} runs` };
    if (standing.running !== target)
      return { answer: 'unknown', why: `the device runs ${standing.running}, neither old nor new` };
    const busy = await runningInstall(session);
    if (busy !== undefined) return { answer: 'partial', why: `${busy} still runs on the device` };
    const committed = statesOf(standing.summary, target).every((each) => each === 'C');
    if (!committed && context.intentAtMs === undefined)
      return { answer: 'unknown', why: `${target} runs and is not committed everywhere` };
    return { ...reverting(context, standing, target), ...before(context, standing) };
  },
  async act(context): Promise<Act> {
    return sendInstall(context);
  },
};

/** Does the process advertise maximum metric now? `on-startup` alone does so only after a boot. */
function isDrained(maxMetric: string | undefined): boolean {
  return maxMetric !== undefined && !maxMetric.includes('on-startup');
}

async function drainedCount(context: StepContext): Promise<readonly [number, number]> {
  const headers = list(context, 'processes');
  const config = await readConfig(await context.session(), 'running');
  const drained = parseOspf(config).filter(
    (each) => headers.includes(each.header) && isDrained(each.maxMetric),
  );
  return [drained.length, headers.length];
}

/** Types all lines, as long as they are taken in configuration mode. What was taken already is the rollback's to undo. */
function sendConfig(context: StepContext): Promise<Act> {
  return typeLines(context, { from: 0, to: context.step.commands.length - 1, forgiving: false });
}

const ospfDrain: StepKind = {
  kind: 'ospf-drain',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const [drained, all] = await drainedCount(context);
    if (drained === all) return { answer: 'done', why: 'every OSPF process advertises max-metric' };
    return { answer: drained > 0 ? 'partial' : 'absent', why: `${drained} of ${all} are drained` };
  },
  act: sendConfig,
};

const ospfUndrain: StepKind = {
  kind: 'ospf-undrain',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const [drained, all] = await drainedCount(context);
    if (drained === 0)
      return { answer: 'done', why: 'no OSPF process of the drain advertises max-metric' };
    return {
      answer: drained < all ? 'partial' : 'absent',
      why: `${drained} of ${all} are drained`,
    };
  },
  act: sendConfig,
};

/** The kinds that only this platform has. */
export const ownStepKinds: readonly StepKind[] = [
  saveConfig,
  installAdd,
  rollbackPoint,
  installActivate,
  installCommit,
  installAbort,
  installRollback,
  ospfDrain,
  ospfUndrain,
];
