import { Fault } from '../kernel/fault.js';
import type { RunId } from '../kernel/id.js';
import { digestText } from '../kernel/digest.js';
import { sleep } from '../ports/clock.js';
import type { FileSource, UploadOutcome } from '../ports/dialer.js';
import type { World } from '../ports/world.js';
import type { CommandOutcome } from '../session/dialect.js';
import type { Permit } from '../session/permission.js';
import type { Known, Line, Step, StepContext, StepKind } from '../driver/step.js';
import type { Contact } from '../fingerprint/contact.js';
import type { UnitPlan } from '../plan/plan.js';
import type { SiteTransfer } from './site-transfers.js';
import type { AskedLine } from './event.js';
import { openAsk, type UnitState } from './state.js';
import { makeOffers, type Offers } from './step-offer.js';

/** Progress of something long, for the screen only; never journaled. */
export interface Progress {
  readonly unit: string;
  readonly step: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly atMs: number;
}

/** A context, and the end of what it held open for an act. */
export interface HeldStepContext extends StepContext {
  /** What a person would type now; a file that the device is to fetch is served until `release`. */
  script(kind: StepKind): Promise<readonly AskedLine[] | { readonly obstacle: string }>;
  release(): void;
}

export interface StepContextOptions {
  readonly world: World;
  readonly run: RunId;
  readonly contact: Contact;
  readonly permit: Permit;
  readonly unitPlan: UnitPlan;
  readonly state: UnitState;
  readonly step: Step;
  /** The address that the unit's device is reached by, and fetches from. */
  readonly client: string;
  readonly transfer: SiteTransfer;
  /** No copying beyond this instant. */
  readonly copyUntilMs?: number;
  readonly onProgress: (progress: Progress) => void;
}

const STALL_MS = 60_000;

/** The line with its holes filled from what earlier steps observed. Fault when a value is missing or not permitted. */
export function fillHoles(line: Line, known: Known): string {
  let text = line.send;
  for (const hole of line.holes ?? []) {
    const [step = '', key = ''] = splitOnce(hole.from);
    const value = known[step]?.[key];
    const shown =
      typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    if (shown === undefined || !new RegExp(`^(?:${hole.permitted})$`).test(shown)) {
      const message = `no permitted value for <${hole.name}> from ${hole.from}`;
      throw new Fault('line-not-permitted', message);
    }
    text = text.replaceAll(`<${hole.name}>`, shown);
  }
  return text;
}

function splitOnce(from: string): readonly string[] {
  const dot = from.lastIndexOf('.');
  return [from.slice(0, dot), from.slice(dot + 1)];
}

function holesKnown(line: Line, known: Known): string | undefined {
  try {
    return fillHoles(line, known);
  } catch {
    return undefined;
  }
}

/** Lets through exactly the lines of the current step. */
export function permitStep(permit: Permit, step: Step | undefined, known: Known): void {
  const lines = new Set((step?.commands ?? []).flatMap((line) => holesKnown(line, known) ?? []));
  permit.current = (line) => lines.has(line);
}

interface UploadParts extends StepContextOptions {
  readonly image: (name: string) => FileSource;
  readonly report: (doneBytes: number, totalBytes: number) => void;
}

async function upload(parts: UploadParts, resumeFromBytes: number): Promise<UploadOutcome> {
  const { world, step, contact, transfer, copyUntilMs = Infinity } = parts;
  if (!step.transfer) throw new Fault('driver-broken', `step ${step.id} copies nothing`);
  if (parts.permit.sealed)
    throw new Fault('line-not-permitted', `step ${step.id} may copy nothing: a person does`);
  const { method, remotePath } = step.transfer;
  if (method !== 'scp' && method !== 'sftp')
    throw new Fault('driver-broken', `step ${step.id} uploads by ${method}, which is a pull`);
  const leftMs = copyUntilMs - world.clock.now();
  if (leftMs <= 0) {
    return { kind: 'broken', sentBytes: resumeFromBytes, detail: 'the staging window is over' };
  }
  const source = parts.image(step.transfer.image);
  const connection = await contact.connection();
  return connection.upload({
    source,
    remotePath,
    method,
    resumeFromBytes,
    onProgress: (sent) => parts.report(sent, source.sizeBytes),
    stallMs: STALL_MS,
    totalMs: Math.min(leftMs, step.maxMs + transfer.worstMs(source.sizeBytes)),
    ...(transfer.pace ? { pace: transfer.pace } : {}),
  });
}

async function scriptOf(
  { step, state }: StepContextOptions,
  offers: Offers,
  needed: readonly number[],
): Promise<readonly AskedLine[]> {
  const { transfer } = step;
  if (transfer?.method === 'http' || transfer?.method === 'tftp') await offers.open();
  const known = offers.fill(state.known);
  return step.commands.flatMap((line, index): readonly AskedLine[] => {
    const isMeant = line.when === undefined || (line.when === 'needed' && needed.includes(index));
    return isMeant ? [{ index, send: fillHoles(line, known) }] : [];
  });
}

/** When the effect of what was begun began at the latest; a person may still be about to begin. */
function begunBy(state: UnitState, nowMs: number): number | undefined {
  return openAsk(state) ? nowMs : state.intent?.atMs;
}

/** What a step's probe and act work with. Everything goes through the unit's one contact. */
export function makeStepContext(options: StepContextOptions): HeldStepContext {
  const { world, contact, step, state, unitPlan } = options;
  const report = (doneBytes: number, totalBytes: number) =>
    options.onProgress({
      unit: unitPlan.unit,
      step: step.id,
      doneBytes,
      totalBytes,
      atMs: world.clock.now(),
    });
  const image = (name: string): FileSource => {
    const found = unitPlan.images.find((each) => each.name === name);
    if (found) return found;
    throw new Fault('driver-broken', `step ${step.id} names image ${name}, the plan has another`);
  };
  const offers = makeOffers({ ...options, image, report });
  const context: HeldStepContext = {
    async script(kind) {
      const needed = (await kind.needed?.(context)) ?? [];
      return 'obstacle' in needed ? needed : scriptOf(options, offers, needed);
    },
    step,
    known: state.known,
    get nowMs() {
      return world.clock.now();
    },
    intentAtMs: state.intent?.sinceMs,
    get begunByMs() {
      return begunBy(state, world.clock.now());
    },
    pause: (ms) => sleep(world.clock, ms),
    session: () => contact.session(),
    async send(index): Promise<CommandOutcome> {
      const line = step.commands[index];
      if (!line) throw new Fault('driver-broken', `step ${step.id} has no command ${index}`);
      const session = await contact.session();
      const known = offers.fill(state.known);
      permitStep(options.permit, step, known);
      const limits = offers.stretch(line.limits);
      return session.send(fillHoles(line, known), {
        dialogs: line.dialogs,
        ...(limits ? { limits } : {}),
      });
    },
    upload: (resumeFromBytes) => upload({ ...options, image, report }, resumeFromBytes),
    offer: () => offers.open(),
    release: () => offers.close(),
    image,
    async keep(name, text): Promise<string> {
      const digest = digestText(text);
      const key = `${options.run}/${unitPlan.unit}/${name}`;
      const value = { text: world.secrets.redact(text), digest };
      await world.store.put('artefact', { key, atMs: world.clock.now(), value });
      return digest;
    },
    progress: report,
  };
  return context;
}
