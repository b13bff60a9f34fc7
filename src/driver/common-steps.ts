import type { CliSession } from '../session/dialect.js';
import type { Driver, UpgradeImage, Versions } from './driver.js';
import type { Facts } from './facts.js';
import type { Act, Probe, Step, StepContext, StepKind } from './step.js';

/** A file as the device reports it. `hash` is lower-case hex of the platform's algorithm. */
export interface DeviceFile {
  readonly sizeBytes: number;
  readonly hash?: string;
}

/** What the shared step kinds need of a platform. */
export interface CommonNeeds {
  facts(session: CliSession): Promise<Facts>;
  readonly versions: Versions;
  readonly readConfig: Driver['readConfig'];
  readonly maskConfig: Driver['maskConfig'];
  /** Undefined: no such file. With `withHash` the device computes the hash, which may take minutes. */
  deviceFile(session: CliSession, path: string, withHash: boolean): Promise<DeviceFile | undefined>;
  readonly hashAlgorithm: 'sha512' | 'md5';
}

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

function text(context: StepContext, key: string): string {
  const value = context.step.params[key];
  return typeof value === 'string' ? value : '';
}

function expectedHash(needs: CommonNeeds, context: StepContext): string {
  const image = context.image(text(context, 'image'));
  return needs.hashAlgorithm === 'sha512' ? image.sha512 : image.md5;
}

function backupKind(needs: CommonNeeds): StepKind {
  return {
    kind: 'backup-config',
    version: 1,
    changes: false,
    async probe(context): Promise<Probe> {
      return context.known[context.step.id]?.['runningDigest'] === undefined
        ? { answer: 'absent', why: 'no backup taken in this run yet' }
        : { answer: 'done', why: 'running and startup config are kept' };
    },
    async act(context): Promise<Act> {
      const session = await context.session();
      const running = await needs.readConfig(session, 'running');
      const startup = await needs.readConfig(session, 'startup');
      if (running.trim() === '')
        return { kind: 'refused', why: 'the running config came back empty' };
      return {
        kind: 'acted',
        known: {
          runningDigest: await context.keep('running-config.txt', running),
          startupDigest: await context.keep('startup-config.txt', startup),
          maskedDigest: await context.keep('running-config.masked.txt', needs.maskConfig(running)),
        },
      };
    },
  };
}

/** The member whose file system the need names, and what it lacks. */
function shortage(facts: Facts, fileSystem: string, needBytes: number): string | undefined {
  const member = facts.members.find((each) => each.flash?.fileSystem === fileSystem);
  if (!member?.flash) return `no file system ${fileSystem} is reported by the device`;
  if (member.flash.freeBytes >= needBytes) return undefined;
  return (
    `flash full: member ${member.id} has ${member.flash.freeBytes} bytes free on ${fileSystem}, ` +
    `${needBytes} are needed; nothing was copied or deleted`
  );
}

function freeSpaceKind(needs: CommonNeeds): StepKind {
  return {
    kind: 'free-space',
    version: 1,
    changes: false,
    async probe(context): Promise<Probe> {
      const session = await context.session();
      const path = text(context, 'devicePath');
      if (path !== '' && (await isStaged(needs, context, session, path))) {
        return { answer: 'done', why: `${path} is there already, whole` };
      }
      const facts = await needs.facts(session);
      const wanted = context.step.params['needBytes'] ?? {};
      for (const [fileSystem, bytes] of Object.entries(wanted)) {
        const lack = shortage(facts, fileSystem, Number(bytes));
        if (lack !== undefined) return { answer: 'failed', why: lack };
      }
      return { answer: 'done', why: 'free space suffices on every member' };
    },
    act: () =>
      Promise.resolve({ kind: 'refused', why: 'free space cannot be made, only measured' }),
  };
}

async function isStaged(
  needs: CommonNeeds,
  context: StepContext,
  session: CliSession,
  path: string,
): Promise<boolean> {
  const file = await needs.deviceFile(session, path, false);
  return file?.sizeBytes === context.image(text(context, 'image')).sizeBytes;
}

function stageKind(needs: CommonNeeds): StepKind {
  return {
    kind: 'stage-image',
    version: 1,
    changes: true,
    async probe(context): Promise<Probe> {
      const path = text(context, 'devicePath');
      const image = context.image(text(context, 'image'));
      const session = await context.session();
      const file = await needs.deviceFile(session, path, false);
      if (!file) return { answer: 'absent', why: `${path} is not there` };
      if (file.sizeBytes !== image.sizeBytes) {
        return {
          answer: 'partial',
          why: `${path} has ${file.sizeBytes} of ${image.sizeBytes} bytes`,
          known: { presentBytes: file.sizeBytes },
        };
      }
      const hashed = await needs.deviceFile(session, path, true);
      if (hashed?.hash === undefined) return { answer: 'unknown', why: `no hash of ${path} came` };
      return hashed.hash === expectedHash(needs, context)
        ? { answer: 'done', why: `${path} is whole, ${needs.hashAlgorithm} matches the catalogue` }
        : {
            answer: 'partial',
            why: `${path} has the right size but a wrong ${needs.hashAlgorithm}`,
          };
    },
    act: (context) => copyImage(needs, context),
  };
}

/**
 * Copies once; on a break once more on a new session, resumed where the method can, else from the start. What an earlier
 * try of this step left is gone on with in the same way.
 */
async function copyImage(needs: CommonNeeds, context: StepContext): Promise<Act> {
  let brokeAtBytes = context.known[context.step.id]?.['brokeAtBytes'];
  let why = '';
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const from = brokeAtBytes === undefined ? 0 : await resumeFrom(needs, context);
    const outcome = await context.upload(from);
    if (outcome.kind === 'sent') return { kind: 'acted', known: { sentBytes: outcome.sentBytes } };
    why = outcome.detail;
    if (outcome.kind === 'no-space') return { kind: 'refused', why: `flash full: ${why}` };
    if (outcome.kind === 'refused') return { kind: 'refused', why };
    brokeAtBytes = outcome.sentBytes;
    await context.pause(5 * SECOND_MS);
  }
  const known = brokeAtBytes === undefined ? {} : { brokeAtBytes };
  return { kind: 'ambiguous', why: `the copy broke twice: ${why}`, known };
}

/** What the device holds of a copy that broke, where the method can go on from there; else 0. */
async function resumeFrom(needs: CommonNeeds, context: StepContext): Promise<number> {
  if (context.step.transfer?.method !== 'sftp') return 0;
  const image = context.image(text(context, 'image'));
  const path = text(context, 'devicePath');
  const present = await needs.deviceFile(await context.session(), path, false);
  return present && present.sizeBytes < image.sizeBytes ? present.sizeBytes : 0;
}

function verifyImageKind(needs: CommonNeeds): StepKind {
  return {
    kind: 'verify-image',
    version: 1,
    changes: false,
    async probe(context): Promise<Probe> {
      const path = text(context, 'devicePath');
      const file = await needs.deviceFile(await context.session(), path, true);
      if (!file) return { answer: 'failed', why: `${path} is not there` };
      if (file.hash === undefined) return { answer: 'unknown', why: `no hash of ${path} came` };
      const expected = expectedHash(needs, context);
      return file.hash === expected
        ? {
            answer: 'done',
            why: `${needs.hashAlgorithm} of ${path} matches the catalogue`,
            known: { hash: file.hash, algorithm: needs.hashAlgorithm },
          }
        : {
            answer: 'failed',
            why: `image hash wrong: ${path} has ${file.hash.slice(0, 16)}..., the catalogue says ${expected.slice(0, 16)}...`,
          };
    },
    act: () => Promise.resolve({ kind: 'refused', why: 'a hash can only be compared' }),
  };
}

/** Every member with the normal form of what it runs. */
function runningMembers(needs: CommonNeeds, facts: Facts) {
  return facts.members.map(({ id, state, version }) => ({
    id,
    state,
    normal: needs.versions.parse(version)?.normal ?? version,
  }));
}

/** A serial that the step demands and no member shows. */
function missingSerial(context: StepContext, facts: Facts): string | undefined {
  const wanted = context.step.params['serials'];
  if (!Array.isArray(wanted)) return undefined;
  return wanted.map(String).find((serial) => !facts.serials.includes(serial));
}

function verifyVersionKind(needs: CommonNeeds): StepKind {
  return {
    kind: 'verify-version',
    version: 1,
    changes: false,
    async probe(context): Promise<Probe> {
      const wanted = needs.versions.parse(text(context, 'version'));
      const facts = await needs.facts(await context.session());
      const running = runningMembers(needs, facts);
      if (running.length === 0) return { answer: 'unknown', why: 'no member is reported' };
      const missing = missingSerial(context, facts);
      if (missing !== undefined) {
        return { answer: 'partial', why: `the member with serial ${missing} is not back` };
      }
      const other = running.find((each) => each.normal !== wanted?.normal);
      const late = running.find((each) => each.state !== 'ready');
      if (late) {
        return { answer: 'partial', why: `member ${late.id} is ${late.state}` };
      }
      if (other) {
        return {
          answer: 'failed',
          why: `member ${other.id} runs ${other.normal}, not ${wanted?.normal ?? '?'}`,
        };
      }
      return {
        answer: 'done',
        why: `every member runs ${facts.runningVersion}`,
        known: { version: facts.runningVersion, uptimeMs: facts.uptimeMs ?? 0 },
      };
    },
    act: () => Promise.resolve({ kind: 'refused', why: 'a version can only be observed' }),
  };
}

/** The kinds that every platform shares, made of a platform's own readers. */
export function commonStepKinds(needs: CommonNeeds): readonly StepKind[] {
  return [
    backupKind(needs),
    freeSpaceKind(needs),
    stageKind(needs),
    verifyImageKind(needs),
    verifyVersionKind(needs),
  ];
}

const quiet = {
  version: 1,
  commands: [],
  disrupts: 'nothing',
  pointOfNoReturn: false,
  settleMs: 0,
} as const;

export interface StageOptions {
  readonly image: UpgradeImage;
  /** As the CLI names it: `flash:NAME`. */
  readonly devicePath: string;
  /** As the copy protocol names it. */
  readonly remotePath: string;
  readonly method: 'scp' | 'sftp';
  readonly uploadExpectedBps: number;
  readonly uploadMinBps: number;
}

/** Makers of the steps that `commonStepKinds` implements. */
export const commonSteps = {
  backupConfig(): Step {
    return {
      ...quiet,
      id: 'backup-config',
      kind: 'backup-config',
      phase: 'prepare',
      title: 'keep running and startup config',
      params: {},
      expectedMs: 10 * SECOND_MS,
      maxMs: 5 * MINUTE_MS,
    };
  },

  /** `needBytes` by file system as `facts` names it; `staged` makes a complete copy count as room enough. */
  freeSpace(
    needBytes: Readonly<Record<string, number>>,
    staged?: { readonly image: UpgradeImage; readonly devicePath: string },
  ): Step {
    return {
      ...quiet,
      id: 'free-space',
      kind: 'free-space',
      phase: 'prepare',
      title: 'free space on every member',
      params: staged
        ? { needBytes, image: staged.image.name, devicePath: staged.devicePath }
        : { needBytes },
      expectedMs: 5 * SECOND_MS,
      maxMs: 2 * MINUTE_MS,
    };
  },

  stageImage(options: StageOptions): Step {
    const { image, devicePath, remotePath, method } = options;
    const copyMs = (bps: number) => Math.ceil((image.sizeBytes / bps) * SECOND_MS);
    return {
      ...quiet,
      id: 'stage-image',
      kind: 'stage-image',
      phase: 'stage',
      title: `copy ${image.fileName} to ${devicePath}`,
      params: { image: image.name, devicePath },
      transfer: { image: image.name, remotePath, method },
      expectedMs: 20 * SECOND_MS + copyMs(options.uploadExpectedBps),
      maxMs: 5 * MINUTE_MS + 2 * copyMs(options.uploadMinBps),
      settleMs: 30 * SECOND_MS,
    };
  },

  verifyImage(options: {
    readonly id: string;
    readonly phase: 'stage' | 'arm';
    readonly image: UpgradeImage;
    readonly devicePath: string;
    readonly expectedMs: number;
  }): Step {
    return {
      ...quiet,
      id: options.id,
      kind: 'verify-image',
      phase: options.phase,
      title: `hash of ${options.devicePath} on the device`,
      params: { image: options.image.name, devicePath: options.devicePath },
      expectedMs: options.expectedMs,
      maxMs: Math.max(10 * MINUTE_MS, options.expectedMs * 4),
    };
  },

  verifyVersion(options: {
    readonly version: string;
    readonly expectedMs: number;
    readonly maxMs: number;
    readonly id?: string;
    /** Members that must all be back; a stack that lost one has not returned. */
    readonly serials: readonly string[];
  }): Step {
    return {
      ...quiet,
      id: options.id ?? 'verify-version',
      kind: 'verify-version',
      phase: 'verify',
      title: `every member runs ${options.version}`,
      params: { version: options.version, serials: options.serials },
      expectedMs: options.expectedMs,
      maxMs: options.maxMs,
    };
  },
};
