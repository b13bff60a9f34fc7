import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import type { CommandOutcome } from '../../src/session/dialect.js';
import { parseBootImage, parseMaintenance, parseMlag } from './parse.js';
import { maskedConfigs, optional, readIdentity, readMlag } from './read.js';
import { versions } from './versions.js';

const MINUTE_MS = 60_000;
/** `show version` prints whole minutes: two readings may differ by one each way. */
const UPTIME_SLACK_MS = 2 * MINUTE_MS;

/** The end of what the device said. */
export const tail = (outcome: CommandOutcome) =>
  outcome.text.trim().split('\n').slice(-3).join(' / ').slice(-300);

/** Sends all lines of the step; what the device refuses is refused, and `end` is sent all the same. */
export async function sendAll(context: StepContext): Promise<Act> {
  const last = context.step.commands.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const outcome = await context.send(index);
    if (outcome.kind === 'output') continue;
    const why = `${context.step.commands[index]?.send}: ${outcome.kind}: ${tail(outcome)}`;
    if (outcome.kind !== 'failed') return { kind: 'ambiguous', why };
    if (index > 0 && index < last) await context.send(last);
    return { kind: 'refused', why };
  }
  return { kind: 'acted' };
}

const saveConfig: StepKind = {
  kind: 'save-config',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const { running, startup } = await maskedConfigs(await context.session());
    if (running === '') return { answer: 'unknown', why: 'the running config came back empty' };
    return running === startup
      ? { answer: 'done', why: 'startup config is the running config' }
      : { answer: 'absent', why: 'the running config is not saved' };
  },
  act: sendAll,
};

function maintenanceKind(kind: 'drain' | 'undrain', wanted: 'under' | 'active'): StepKind {
  const half = kind === 'drain' ? 'entering' : 'exiting';
  return {
    kind,
    version: 1,
    changes: true,
    async probe(context): Promise<Probe> {
      const text = await optional(await context.session(), 'show maintenance');
      if (text === undefined)
        return kind === 'drain'
          ? { answer: 'failed', why: 'this EOS has no maintenance mode' }
          : { answer: 'done', why: 'this EOS has no maintenance mode' };
      const state = parseMaintenance(text);
      const why = `unit System: ${state}`;
      if (state === wanted) return { answer: 'done', why };
      if (state === 'unknown')
        return {
          answer: 'unknown',
          why: `unit System is in a state not known here: ${text.trim().slice(-200)}`,
        };
      return { answer: state === half ? 'partial' : 'absent', why };
    },
    act: sendAll,
  };
}

const setBoot: StepKind = {
  kind: 'set-boot',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const next = parseBootImage(await session.read('show boot-config'));
    if (next === undefined) return { answer: 'absent', why: 'no boot image is set' };
    const why = `next boot is ${next}`;
    return { answer: next === context.step.params['image'] ? 'done' : 'absent', why };
  },
  act: sendAll,
};

function wantedVersion(context: StepContext): string {
  const version = context.step.params['version'];
  return typeof version === 'string' ? version : '';
}

/** Was the device booted since the step began? Undefined when nothing to compare with is known. */
function hasRebooted(context: StepContext, uptimeMs: number): boolean | undefined {
  const before = context.known[context.step.id] ?? {};
  const uptimeBeforeMs = before['uptimeBeforeMs'];
  const observedAtMs = before['observedAtMs'];
  if (typeof uptimeBeforeMs === 'number' && typeof observedAtMs === 'number') {
    const expectedMs = uptimeBeforeMs + (context.nowMs - observedAtMs);
    return uptimeMs < expectedMs - UPTIME_SLACK_MS;
  }
  if (context.intentAtMs === undefined) return undefined;
  return context.nowMs - uptimeMs - MINUTE_MS > context.intentAtMs;
}

/**
 * Done: the wanted version runs. It did not before (the same version is refused when planned; the rollback's reload is
 * skipped where the old one runs still), so it was booted. Failed: booted since, into another version.
 */
const reload: StepKind = {
  kind: 'reload',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const identity = await readIdentity(await context.session());
    const running = versions.parse(identity.version)?.normal;
    const wanted = wantedVersion(context);
    if (running === undefined) return { answer: 'unknown', why: `it runs "${identity.version}"` };
    if (running === wanted) return { answer: 'done', why: `it runs ${running}` };
    if (identity.uptimeMs === undefined)
      return { answer: 'unknown', why: 'the uptime cannot be read' };
    if (context.intentAtMs === undefined)
      return {
        answer: 'absent',
        why: `it runs ${running}`,
        known: { uptimeBeforeMs: identity.uptimeMs, observedAtMs: context.nowMs },
      };
    const rebooted = hasRebooted(context, identity.uptimeMs);
    return rebooted
      ? { answer: 'failed', why: `it came back with ${running}, not ${wanted}` }
      : { answer: 'absent', why: `it runs ${running} still, up without a break` };
  },
  async act(context): Promise<Act> {
    const outcome = await context.send(0);
    if (outcome.kind === 'output') return { kind: 'acted' };
    if (outcome.kind === 'failed') return { kind: 'refused', why: tail(outcome) };
    if (outcome.kind === 'closed')
      return { kind: 'ambiguous', why: 'the session ended as it went down' };
    return { kind: 'ambiguous', why: `reload: ${outcome.kind}: ${tail(outcome)}` };
  },
};

const mlagSettled: StepKind = {
  kind: 'mlag-settled',
  version: 1,
  changes: false,
  async probe(context): Promise<Probe> {
    const text = await readMlag(await context.session());
    const mlag = parseMlag(text ?? '');
    if (mlag.healthy) return { answer: 'done', why: `MLAG is active, ${mlag.role}` };
    return { answer: 'partial', why: `MLAG: ${mlag.state}` };
  },
  /** Nothing to send: only time helps. */
  act: () => Promise.resolve({ kind: 'acted' }),
};

/** The kinds that are EOS's own. */
export const ownStepKinds: readonly StepKind[] = [
  saveConfig,
  maintenanceKind('drain', 'under'),
  maintenanceKind('undrain', 'active'),
  setBoot,
  reload,
  mlagSettled,
];
