import type { Act, Probe, StepContext, StepKind } from '../../src/driver/step.js';
import type { CommandOutcome } from '../../src/session/dialect.js';
import { readFlash, readStatus } from './read.js';
import { numberParam, tail, textParam } from './step-context.js';
import { beforehand, hasRebooted, look, unwhole } from './step-kinds.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
/** The image is written behind the prompt: `Firmware upgrade in progress ...` */
const WRITE_MS = 10 * MINUTE_MS;
const TFTP_PORT = 69;

interface Fetched {
  readonly outcome: CommandOutcome;
  /** What may be wrong beyond what the device says. */
  readonly hint: string;
}

/** Offers the image and has the device fetch it. */
async function fetchImage(context: StepContext): Promise<Fetched> {
  const offer = await context.offer();
  const outcome = await context.send(0);
  const hint =
    offer.port === TFTP_PORT
      ? ''
      : ` (the device asks on port ${TFTP_PORT}, the image server listens on ${offer.port})`;
  return { outcome, hint };
}

async function backupBuild(context: StepContext): Promise<number | undefined> {
  const session = await context.session();
  const flash = await readFlash(session, await readStatus(session));
  return flash.backup?.build;
}

/** Waits until the partition shows the image, so that a slow flash is not taken for a failed copy. */
async function waitForWriting(context: StepContext): Promise<Act> {
  const build = numberParam(context, 'build');
  const untilMs = context.nowMs + WRITE_MS;
  for (;;) {
    if ((await backupBuild(context)) === build) return { kind: 'acted', known: { written: true } };
    if (context.nowMs >= untilMs) break;
    await context.pause(10 * SECOND_MS);
  }
  return { kind: 'ambiguous', why: `build ${build} did not appear in the backup partition` };
}

const stageImage: StepKind = {
  kind: 'stage-image',
  version: 1,
  changes: true,
  async probe(context): Promise<Probe> {
    const session = await context.session();
    const status = await readStatus(session);
    const { running, backup } = await readFlash(session, status);
    const build = numberParam(context, 'build');
    if (!running || !backup)
      return { answer: 'unknown', why: 'the partitions cannot be told apart by their builds' };
    if (backup.number !== numberParam(context, 'partition'))
      return { answer: 'failed', why: `partition ${backup.number} is the free one now` };
    return backup.build === build
      ? { answer: 'done', why: `partition ${backup.number} holds ${backup.image}` }
      : { answer: 'absent', why: `partition ${backup.number} holds ${backup.image} still` };
  },
  /** Fetches once; when the device gives up, once more with a new offer. */
  async act(context): Promise<Act> {
    let why = '';
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { outcome, hint } = await fetchImage(context);
      if (outcome.kind === 'output') return waitForWriting(context);
      why = `${outcome.kind}: ${tail(outcome)}${hint}`;
      if (outcome.kind !== 'failed') return { kind: 'ambiguous', why };
      await context.pause(10 * SECOND_MS);
    }
    return { kind: 'refused', why: `the device did not take the image, twice: ${why}` };
  },
};

const upgradeCluster: StepKind = {
  kind: 'upgrade-cluster',
  version: 1,
  changes: true,
  /**
   * Done when the cluster runs the release, whole and in sync, whoever answers. While a member is away or not in sync
   * the upgrade may be under way: the line is never sent again then.
   */
  async probe(context): Promise<Probe> {
    const seen = await look(context);
    const wanted = textParam(context, 'version');
    const lack = unwhole(context, seen);
    if (seen.running === wanted) {
      return lack === undefined
        ? { answer: 'done', why: `the cluster runs ${wanted}; ${seen.status.serial} answers` }
        : { answer: 'partial', why: `${seen.status.serial} runs ${wanted}; ${lack}` };
    }
    if (lack !== undefined)
      return { answer: context.intentAtMs === undefined ? 'failed' : 'partial', why: lack };
    if (hasRebooted(context, seen))
      return { answer: 'failed', why: `it came back with ${seen.running}, not ${wanted}` };
    return {
      answer: 'absent',
      why: `the cluster runs ${seen.running}`,
      ...beforehand(context, seen),
    };
  },
  async act(context): Promise<Act> {
    const { outcome, hint } = await fetchImage(context);
    if (outcome.kind === 'output') return { kind: 'acted' };
    const why = `${tail(outcome)}${hint}`;
    // It refuses a second upgrade while a first one is under way: then the first one was ours.
    if (outcome.kind === 'failed' && !/upgrade is in progress/i.test(outcome.text))
      return { kind: 'refused', why };
    if (outcome.kind === 'closed')
      return { kind: 'ambiguous', why: 'the session ended as the primary went down' };
    return { kind: 'ambiguous', why: `${outcome.kind}: ${why}` };
  },
};

/** The kinds by which the device fetches an image from us. */
export const fetchKinds: readonly StepKind[] = [stageImage, upgradeCluster];
