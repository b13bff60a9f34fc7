import type { Act, Line, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import type { CommandOutcome } from '../../src/session/dialect.js';
import { parseIgp, type VmHost } from './parse.js';
import { activeOf, observe, type Standing } from './observe.js';
import { deviceFile } from './read.js';
import { isSame, versions } from './versions.js';

/** Clocks of two looks, and a clock that time service sets after a boot. */
const UPTIME_SLACK_MS = 120_000;

export function text(context: StepContext, key: string): string {
  const value = context.step.params[key];
  return typeof value === 'string' ? value : '';
}

const normal = (version: string) => versions.parse(version)?.normal ?? version;

const tail = (shown: string) => shown.trim().split('\n').slice(-3).join(' / ').slice(-300);

/** What the exchange of one line came to. An unknown question was not answered. */
export function actOf(outcome: CommandOutcome, line: Line | undefined): Act {
  const sent = `"${line?.send}"`;
  switch (outcome.kind) {
    case 'output':
      return { kind: 'acted' };
    case 'failed':
      return { kind: 'refused', why: `${sent}: ${outcome.marker}` };
    case 'question':
      return {
        kind: (line?.dialogs.length ?? 0) > 0 ? 'ambiguous' : 'refused',
        why: `unknown dialog after ${sent}: ${tail(outcome.text)}`,
      };
    case 'closed':
      return { kind: 'ambiguous', why: `the session ended during ${sent}: ${outcome.detail}` };
    default:
      return { kind: 'ambiguous', why: `${sent} ran into its ${outcome.kind}` };
  }
}

/**
 * Sends the lines of a configuration step. The last two are `rollback 0`, sent only where the device refused one, and
 * the line that leaves the mode. The mode is exclusive, so what is rolled back is ours alone.
 */
export async function sendConfig(context: StepContext): Promise<Act> {
  const lines = context.step.commands;
  const exit = lines.length - 1;
  for (let index = 0; index < exit - 1; index += 1) {
    const act = actOf(await context.send(index), lines[index]);
    if (act.kind === 'acted') continue;
    if (act.kind !== 'refused' || index === 0) return act;
    await context.send(exit - 1);
    await context.send(exit);
    return act;
  }
  return actOf(await context.send(exit), lines[exit]);
}

/** The one line of a step. */
async function sendOne(context: StepContext): Promise<Act> {
  return actOf(await context.send(0), context.step.commands[0]);
}

const copyOther: StepKind = {
  kind: 'copy-other',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const path = text(context, 'devicePath');
    const file = await deviceFile(await context.session(), path, false);
    const { sizeBytes } = context.image(text(context, 'image'));
    if (!file) return { answer: 'absent', why: `${path} is not there` };
    return file.sizeBytes === sizeBytes
      ? { answer: 'done', why: `${path} has its ${sizeBytes} bytes` }
      : { answer: 'partial', why: `${path} has ${file.sizeBytes} of ${sizeBytes} bytes` };
  },
  act: sendOne,
};

/** Validation leaves nothing behind that could be looked at: what the device said is the proof. */
const validate: StepKind = {
  kind: 'validate',
  version: 1,
  changes: true,
  probe: (context): Promise<Probe> =>
    Promise.resolve(
      context.known[context.step.id]?.['validated'] === true
        ? { answer: 'done', why: 'the device validated its configuration against the package' }
        : { answer: 'absent', why: 'not validated in this run yet' },
    ),
  async act(context): Promise<Act> {
    const outcome = await context.send(0);
    const act = actOf(outcome, context.step.commands[0]);
    if (act.kind !== 'acted') return act;
    const refusal =
      /^.{0,80}(?:validation failed|fails requirements check|Cannot validate).{0,200}$/im;
    const no = refusal.exec(outcome.text)?.[0];
    if (no !== undefined) return { kind: 'refused', why: `the device said: ${no.trim()}` };
    return { kind: 'acted', known: { validated: true } };
  },
  attest: () => ({ validated: true }),
};

function drainKind(kind: 'drain' | 'undrain'): StepKind {
  return {
    kind,
    version: 1,
    changes: true,
    async probe(context): Promise<Probe> {
      const session = await context.session();
      const shown = await session.read('show configuration protocols');
      const wanted = context.step.params['protocols'];
      const names = (['ospf', 'isis'] as const).filter(
        (each) => Array.isArray(wanted) && wanted.includes(each),
      );
      const drained = names.filter((each) => parseIgp(shown, each) === 'overload').length;
      const why = `${drained} of ${names.length} protocols advertise overload`;
      if (drained === (kind === 'drain' ? names.length : 0)) return { answer: 'done', why };
      return { answer: drained === 0 || kind === 'undrain' ? 'absent' : 'partial', why };
    },
    act: sendConfig,
  };
}

/** What one engine runs and boots next. */
interface Software {
  readonly running: string;
  readonly pending: string;
  readonly vmHost: VmHost | undefined;
}

function softwareOf(standing: Standing, context: StepContext): Software | undefined {
  const id = text(context, 'engine');
  const state = standing.states.find((each) => each.id === id);
  if (!state || state.version === '') return undefined;
  return {
    running: state.normal,
    pending: state.pending,
    vmHost: standing.vmHosts.get(id),
  };
}

/** The version in the set of a vmhost that does not run. */
function otherSet(vmHost: VmHost): string {
  const other = [...vmHost.sets].find(([set]) => set !== vmHost.currentSet)?.[1];
  return other === undefined ? '' : normal(other);
}

/**
 * A vmhost need not name what is pending: then its other set holds it, which held something else, or was written at
 * another time, when the install step first looked; or the device took the install step's command.
 */
function isInstalled(software: Software, context: StepContext, step: string): boolean {
  const target = text(context, 'version');
  if (!software.vmHost || software.pending !== '') return isSame(software.pending, target);
  const before = context.known[step] ?? {};
  const [upgradeTimeBefore, otherSetBefore] = [
    before['upgradeTimeBefore'],
    before['otherSetBefore'],
  ];
  const changed =
    before['installed'] === true ||
    (typeof upgradeTimeBefore === 'string' && upgradeTimeBefore !== software.vmHost.upgradeTime) ||
    (typeof otherSetBefore === 'string' && otherSetBefore !== otherSet(software.vmHost));
  return changed && isSame(otherSet(software.vmHost), target);
}

/** How the other set of a vmhost was before anything was installed. */
function setBefore({ vmHost }: Software): Pick<Probe, 'known'> {
  if (!vmHost) return {};
  return {
    known: { upgradeTimeBefore: vmHost.upgradeTime, otherSetBefore: otherSet(vmHost) },
  };
}

const BUSY = /package installation (?:is )?in progress/i;

const install: StepKind = {
  kind: 'install',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const software = softwareOf(await observe(await context.session()), context);
    const engine = text(context, 'engine');
    const target = normal(text(context, 'version'));
    if (!software) return { answer: 'unknown', why: `${engine} does not answer` };
    if (isSame(software.running, target))
      return {
        answer: 'unknown',
        why: `${engine} runs ${target} already, though nobody booted it`,
      };
    if (isInstalled(software, context, context.step.id))
      return {
        answer: 'done',
        why: `${engine} boots ${target} next`,
        known: { pendingShown: software.pending !== '' },
      };
    if (software.pending !== '')
      return { answer: 'unknown', why: `${engine} has ${software.pending} pending, not ${target}` };
    return {
      answer: 'absent',
      why: `${engine} runs ${software.running}, nothing is pending`,
      ...(context.intentAtMs === undefined ? setBefore(software) : {}),
    };
  },
  async act(context): Promise<Act> {
    const act = await sendOne(context);
    if (act.kind === 'acted') return { kind: 'acted', known: { installed: true } };
    // Ours may go on where the session that began it broke: what it leaves behind tells.
    if (act.kind === 'refused' && BUSY.test(act.why)) return { ...act, kind: 'ambiguous' };
    return act;
  },
  attest: () => ({ installed: true }),
};

/** Was the device down since it was last seen up? Undefined where that cannot be told. */
function rebooted(context: StepContext, uptimeMs: number): boolean | undefined {
  const before = context.known[context.step.id] ?? {};
  const [uptimeBeforeMs, observedAtMs] = [before['uptimeBeforeMs'], before['observedAtMs']];
  if (typeof uptimeBeforeMs !== 'number' || typeof observedAtMs !== 'number') return undefined;
  return uptimeMs + UPTIME_SLACK_MS < uptimeBeforeMs + (context.nowMs - observedAtMs);
}

function afterBoot(standing: Standing, wanted: string): Probe {
  const away = standing.states.find((each) => each.state !== 'ready');
  if (away) return { answer: 'partial', why: `${away.id} is ${away.state}` };
  const other = standing.states.find((each) => !isSame(each.normal, wanted));
  return {
    answer: 'failed',
    why: `the device was booted, and ${other?.id} runs ${other?.normal}, not ${wanted}`,
  };
}

/**
 * Done: every engine runs the wanted version and none is to boot another. Failed: booted since, and some engine runs
 * another one.
 */
const reload: StepKind = {
  kind: 'reload',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const standing = await observe(await context.session());
    const wanted = normal(text(context, 'version'));
    const active = activeOf(standing);
    const settled = (each: Standing['states'][number]) =>
      isSame(each.normal, wanted) && each.state === 'ready' && each.pending === '';
    if (standing.states.every(settled))
      return { answer: 'done', why: `every engine runs ${wanted}` };
    if (active?.uptimeMs === undefined)
      return { answer: 'unknown', why: 'the uptime cannot be read' };
    const runs = standing.states
      .map((each) => `${each.id} ${each.normal || each.state}`)
      .join(', ');
    if (context.intentAtMs === undefined)
      return {
        answer: 'absent',
        why: `not booted: ${runs}`,
        known: { uptimeBeforeMs: active.uptimeMs, observedAtMs: context.nowMs },
      };
    if (rebooted(context, active.uptimeMs) === true) return afterBoot(standing, wanted);
    return { answer: 'absent', why: `up without a break: ${runs}` };
  },
  async act(context): Promise<Act> {
    const outcome = await context.send(0);
    if (outcome.kind === 'closed')
      return { kind: 'ambiguous', why: 'the session ended as the device went down' };
    return actOf(outcome, context.step.commands[0]);
  },
};

/** We installed, or a vmhost may hold it, and the device never showed that anything is pending. */
function isBlind(software: Software, context: StepContext): boolean {
  const seen = context.known[text(context, 'installStep')] ?? {};
  if (seen['pendingShown'] === true || software.pending !== '') return false;
  return software.vmHost !== undefined || seen['installed'] === true;
}

/** Where nothing pending is shown, only our own command is known. */
function takenBackBlindly(software: Software, context: StepContext): Probe {
  const [target, old] = [text(context, 'version'), text(context, 'oldVersion')];
  const engine = text(context, 'engine');
  const { vmHost, running } = software;
  if (context.known[context.step.id]?.['takenBack'] === true)
    return { answer: 'done', why: `${engine} was told to boot ${old}` };
  const runsOld = isSame(running, old);
  if (runsOld && vmHost && !isInstalled(software, context, text(context, 'installStep')))
    return { answer: 'done', why: `${engine} runs ${old}, nothing was installed` };
  if (context.intentAtMs !== undefined)
    return { answer: 'unknown', why: `${engine} does not tell which version it boots next` };
  return runsOld || !vmHost || isSame(otherSet(vmHost), old)
    ? { answer: 'absent', why: `${engine} runs ${running} and may boot ${target} next` }
    : { answer: 'failed', why: `${engine} does not hold ${old} any more` };
}

/** What must be pending, and what is before that, for the engine to boot the old version next. */
function takenBack(software: Software, context: StepContext): Probe['answer'] {
  const [target, old] = [text(context, 'version'), text(context, 'oldVersion')];
  const [wanted, before] = isSame(software.running, old) ? ['', target] : [old, ''];
  if (isSame(software.pending, wanted)) return 'done';
  return isSame(software.pending, before) ? 'absent' : 'unknown';
}

/** Must the engine of the step be logged in to from the one that answers? */
async function isOnOther(context: StepContext): Promise<boolean> {
  if (context.step.commands.length === 1) return false;
  const active = activeOf(await observe(await context.session()));
  return active?.id !== text(context, 'engine');
}

/** After it, the engine boots the old version next: by dropping what is pending, or by making the old one pending. */
const takeBack: StepKind = {
  kind: 'take-back',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const software = softwareOf(await observe(await context.session()), context);
    const engine = text(context, 'engine');
    if (!software) return { answer: 'unknown', why: `${engine} does not answer` };
    const { running, pending } = software;
    const why = `${engine} runs ${running}, ${pending === '' ? 'nothing' : pending} is pending`;
    const known = [text(context, 'version'), text(context, 'oldVersion')];
    if (!known.some((each) => isSame(running, each))) return { answer: 'unknown', why };
    if (isBlind(software, context)) return takenBackBlindly(software, context);
    return { answer: takenBack(software, context), why };
  },
  /** On the engine that answers us the command is given at once, on the other one after a login from here. */
  async act(context): Promise<Act> {
    const lines = context.step.commands;
    const isOther = await isOnOther(context);
    const at = lines.length > 1 ? 1 : 0;
    if (isOther) {
      const entered = actOf(await context.send(0), lines[0]);
      if (entered.kind !== 'acted') return entered;
    }
    const act = actOf(await context.send(at), lines[at]);
    if (isOther && act.kind !== 'ambiguous') await context.send(2);
    return act.kind === 'acted' ? { kind: 'acted', known: { takenBack: true } } : act;
  },
  needed: async (context) => ((await isOnOther(context)) ? [0, 2] : []),
  attest: () => ({ takenBack: true }),
};

/** The kinds of the upgrade that are Junos's own. */
export const ownStepKinds: readonly StepKind[] = [
  copyOther,
  validate,
  drainKind('drain'),
  drainKind('undrain'),
  install,
  reload,
  takeBack,
];
