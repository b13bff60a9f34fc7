import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import { parsePerformance, type Cluster, type SystemStatus } from './parse.js';
import { isInSync, readCluster, readConfigErrors, readFlash, readStatus } from './read.js';
import {
  knownNumber,
  knownText,
  listParam,
  numberParam,
  slotOf,
  tail,
  textParam,
} from './step-context.js';
import { versions } from './versions.js';

const MINUTE_MS = 60_000;
/** The uptime is printed in whole minutes: two readings may differ by one each way. */
const UPTIME_SLACK_MS = 2 * MINUTE_MS;

/** Who answers, what it runs, and since when. */
interface Seen {
  readonly status: SystemStatus;
  readonly running: string;
  readonly uptimeMs: number | undefined;
  readonly cluster: Cluster | undefined;
  readonly inSync: boolean;
}

async function look(context: StepContext): Promise<Seen> {
  const session = await context.session();
  const status = await readStatus(session);
  const { uptimeMs } = parsePerformance(await session.read('get system performance status'));
  const cluster = await readCluster(session, status);
  return {
    status,
    running: versions.parse(status.version)?.normal ?? status.version,
    uptimeMs,
    cluster,
    inSync: cluster ? await isInSync(session, cluster) : true,
  };
}

/** Serials of the plan that the cluster does not list; a single unit lists itself. */
function absentMembers(context: StepContext, seen: Seen): readonly string[] {
  const present = seen.cluster?.members.map((each) => each.serial) ?? [seen.status.serial ?? ''];
  return listParam(context, 'serials').filter((serial) => !present.includes(serial));
}

/** What keeps a cluster from being whole; undefined when nothing does. */
function unwhole(context: StepContext, seen: Seen): string | undefined {
  const [missing] = absentMembers(context, seen);
  if (missing !== undefined) return `the member with serial ${missing} is not in the cluster`;
  return seen.inSync ? undefined : 'the members are not in sync';
}

const beforehand = (context: StepContext, { status, uptimeMs }: Seen) =>
  context.intentAtMs === undefined
    ? {
        known: {
          serialBefore: status.serial ?? '',
          uptimeBeforeMs: uptimeMs ?? 0,
          observedAtMs: context.nowMs,
        },
      }
    : {};

/** Did the unit that answers boot since the step began? A boot before our intent does not count. */
function hasRebooted(context: StepContext, { status, uptimeMs }: Seen): boolean {
  const { intentAtMs, nowMs } = context;
  if (intentAtMs === undefined || uptimeMs === undefined) return false;
  const isSame = knownText(context, 'serialBefore') === status.serial;
  const before = knownNumber(context, 'uptimeBeforeMs');
  const observedAtMs = knownNumber(context, 'observedAtMs');
  if (isSame && before !== undefined && observedAtMs !== undefined)
    return uptimeMs < before + (nowMs - observedAtMs) - UPTIME_SLACK_MS;
  return nowMs - uptimeMs - MINUTE_MS > intentAtMs;
}

const setBoot: StepKind = {
  kind: 'set-boot',
  version: 1,
  changes: true,
  /**
   * Only the device's own answer to our line counts: whether `Active` of the partition list means what runs or what
   * boots next is not told by any source, and the line may be sent again at any time.
   */
  async probe(context): Promise<Probe> {
    const unlessRunning = textParam(context, 'unlessRunning');
    if (unlessRunning !== '') {
      const status = await readStatus(await context.session());
      if (versions.parse(status.version)?.normal === unlessRunning)
        return { answer: 'done', why: `the unit that answers runs ${unlessRunning}` };
    }
    const image = knownNumber(context, 'image');
    return image === undefined
      ? { answer: 'absent', why: 'the partition of the next boot was not chosen by this step' }
      : { answer: 'done', why: `the device says that image ${image} is its default` };
  },
  async act(context): Promise<Act> {
    const outcome = await context.send(0);
    if (outcome.kind === 'failed') return { kind: 'refused', why: tail(outcome) };
    if (outcome.kind !== 'output')
      return { kind: 'ambiguous', why: `${outcome.kind}: ${tail(outcome)}` };
    const image =
      /Default image is changed to image# ?(\d)/.exec(outcome.text)?.[1] ??
      /Image# ?(\d) is already the default image/.exec(outcome.text)?.[1];
    if (image === undefined)
      return { kind: 'ambiguous', why: `the answer is not known here: ${tail(outcome)}` };
    const wanted = textParam(context, 'slot') || knownText(context, 'slot', findIdOf(context));
    return slotOf(Number(image)) === wanted
      ? { kind: 'acted', known: { image: Number(image) } }
      : { kind: 'refused', why: `image ${image} was chosen, not ${wanted}` };
  },
  attest(context) {
    const slot = textParam(context, 'slot') || knownText(context, 'slot', findIdOf(context));
    return { image: slot === slotOf(1) ? 1 : 2 };
  },
};

function findIdOf(context: StepContext): string {
  return textParam(context, 'found');
}

function judgeSingle(context: StepContext, seen: Seen, wanted: string): Probe {
  if (seen.running === wanted) return { answer: 'done', why: `it runs ${seen.running}` };
  if (hasRebooted(context, seen))
    return { answer: 'failed', why: `it came back with ${seen.running}, not ${wanted}` };
  return {
    answer: 'absent',
    why: `it runs ${seen.running}, up without a break`,
    ...beforehand(context, seen),
  };
}

/**
 * The first of two is done as soon as the other one answers. Its return is not waited for: a member that joins a
 * primary of another release may be given that one's, so the other one must go down before.
 */
function judgeFirst(context: StepContext, seen: Seen, wanted: string): Probe {
  if (seen.running === wanted) return { answer: 'done', why: `the cluster runs ${wanted}` };
  const first = knownText(context, 'serial', findIdOf(context));
  return first === '' || seen.status.serial === first
    ? judgeSingle(context, seen, wanted)
    : { answer: 'done', why: `${first} is down; ${seen.status.serial} answers` };
}

function judgeLast(context: StepContext, seen: Seen, wanted: string): Probe {
  const lack = unwhole(context, seen);
  if (seen.running === wanted) {
    return lack === undefined
      ? { answer: 'done', why: `the cluster runs ${wanted}` }
      : { answer: 'partial', why: lack };
  }
  if (context.intentAtMs === undefined && lack === undefined)
    return {
      answer: 'failed',
      why: `the first member is back in the cluster and runs ${seen.running} again: both must be down at one time`,
    };
  return judgeSingle(context, seen, wanted);
}

const reload: StepKind = {
  kind: 'reload',
  version: 1,
  changes: true,
  /** Done by the version that runs, never by silence. In a cluster one member goes down and the other one answers. */
  async probe(context): Promise<Probe> {
    const seen = await look(context);
    const wanted = textParam(context, 'version');
    const part = textParam(context, 'part');
    if (part === 'first') return judgeFirst(context, seen, wanted);
    return part === 'last' ? judgeLast(context, seen, wanted) : judgeSingle(context, seen, wanted);
  },
  async act(context): Promise<Act> {
    const outcome = await context.send(0);
    if (outcome.kind === 'output') return { kind: 'acted' };
    if (outcome.kind === 'failed') return { kind: 'refused', why: tail(outcome) };
    if (outcome.kind === 'closed')
      return { kind: 'ambiguous', why: 'the session ended as it went down' };
    return { kind: 'ambiguous', why: `reboot: ${outcome.kind}: ${tail(outcome)}` };
  },
};

/** Which partition of the unit that answers holds the old build? Members may differ in that. */
const findPartition: StepKind = {
  kind: 'find-partition',
  version: 1,
  changes: false,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const status = await readStatus(session);
    const running = versions.parse(status.version)?.normal;
    const serial = status.serial ?? '';
    if (running === textParam(context, 'version'))
      return { answer: 'done', why: `${serial} runs ${running}`, known: { serial } };
    const build = numberParam(context, 'build');
    const { partitions, running: booted } = await readFlash(session, status);
    const held = partitions.find((each) => each.build === build && each !== booted);
    if (!held)
      return { answer: 'failed', why: `${serial} has no partition with build ${build} any more` };
    return {
      answer: 'done',
      why: `${serial} holds ${held.image} in partition ${held.number}`,
      known: { serial, slot: slotOf(held.number) },
    };
  },
  act: () => Promise.resolve({ kind: 'refused', why: 'a partition can only be looked for' }),
};

const clusterReady: StepKind = {
  kind: 'cluster-ready',
  version: 1,
  changes: false,
  async probe(context): Promise<Probe> {
    const seen = await look(context);
    if (!seen.cluster) return { answer: 'failed', why: 'it is no cluster any more' };
    const lack = unwhole(context, seen);
    if (lack !== undefined) return { answer: 'partial', why: lack };
    const [problem] = seen.cluster.problems;
    return problem === undefined
      ? { answer: 'done', why: 'all members are there, healthy and in sync' }
      : { answer: 'partial', why: problem };
  },
  act: () => Promise.resolve({ kind: 'refused', why: 'a cluster can only be looked at' }),
};

/** The firmware's own signature check and its build, on the unit that answers. */
const verifyImage: StepKind = {
  kind: 'verify-image',
  version: 1,
  changes: false,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const status = await readStatus(session);
    const build = numberParam(context, 'build');
    const flash = await readFlash(session, status);
    const where = textParam(context, 'where');
    const held = where === 'running' ? flash.running : flash.backup;
    if (!held)
      return { answer: 'unknown', why: 'the partitions cannot be told apart by their builds' };
    if (held.build !== build)
      return { answer: 'failed', why: `partition ${held.number} holds ${held.image}` };
    const partition = numberParam(context, 'partition');
    if (partition !== undefined && partition !== held.number)
      return { answer: 'failed', why: `${held.image} is in partition ${held.number}` };
    if (where === 'running' && status.signature === 'un-certified')
      return { answer: 'failed', why: 'the device calls its firmware un-certified' };
    return {
      answer: 'done',
      why: `${held.image} was accepted by the device's own signature check`,
      known: { image: held.image, signature: status.signature ?? 'not told' },
    };
  },
  act: () => Promise.resolve({ kind: 'refused', why: 'an image can only be looked at' }),
};

/** Build, members and what of the configuration the release did not take. */
const verifyUpgrade: StepKind = {
  kind: 'verify-upgrade',
  version: 1,
  changes: false,
  async probe(context): Promise<Probe> {
    const seen = await look(context);
    const build = numberParam(context, 'build');
    if (seen.status.build !== build)
      return { answer: 'failed', why: `it runs build ${seen.status.build}, not ${build}` };
    const lack = unwhole(context, seen);
    if (lack !== undefined) return { answer: 'partial', why: lack };
    const errors = await readConfigErrors(await context.session());
    const shown = errors.slice(0, 20).join('\n').slice(0, 2000);
    const what =
      errors.length === 0
        ? 'the configuration was taken whole'
        : `${errors.length} lines of the configuration were not taken: ${errors[0]?.slice(0, 160)}`;
    return {
      answer: 'done',
      why: `build ${build} runs; ${what}`,
      known: { build: build ?? 0, configErrors: errors.length, configErrorLog: shown },
    };
  },
  act: () => Promise.resolve({ kind: 'refused', why: 'a release can only be observed' }),
};

/** What the steps that fetch an image share with the others. */
export { look, unwhole, hasRebooted, beforehand };

/** The kinds of an upgrade that are FortiOS's own, but for those that fetch. */
export const ownStepKinds: readonly StepKind[] = [
  setBoot,
  reload,
  findPartition,
  clusterReady,
  verifyImage,
  verifyUpgrade,
];
