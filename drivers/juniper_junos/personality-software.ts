import type { SimAnswer, SimDevice, SimEffect, SimFile } from '../../src/driver/personality.js';
import { engineOf, findFile, isReachable, placeNamed } from './personality-files.js';
import { REBOOT_TIMER } from './personality-reboot.js';
import { type JunosModel, modelNamed, modelOf } from './personality-models.js';
import {
  between,
  type Engine,
  engineNamed,
  freeBytes,
  memberOf,
  PLATFORM,
  print,
  type Release,
  reply,
  type Turn,
  withEngine,
  withFiles,
  withOwn,
} from './personality-state.js';

export type Tool = 'system' | 'vmhost';

interface Wish {
  readonly path: string;
  readonly engine: string;
  readonly validate: boolean;
  readonly copies: boolean;
  readonly unlinks: boolean;
  readonly forces: boolean;
  readonly reboots: boolean;
}

const FLAGS = [
  'best-effort-load',
  'delay-restart',
  'force',
  'no-copy',
  'no-validate',
  're0',
  're1',
  'reboot',
  'unlink',
  'validate',
];

/** The words behind `software add`; undefined: there is one that it does not take. */
function wishOf(turn: Turn, words: readonly string[]): Wish | undefined {
  const paths = words.filter((word) => word.includes('/'));
  const flags = words.filter((word) => !word.includes('/'));
  const [path] = paths;
  if (path === undefined || paths.length > 1 || flags.some((flag) => !FLAGS.includes(flag))) {
    return undefined;
  }
  const engine = flags.find((flag) => /^re\d$/.test(flag));
  return {
    path,
    engine: engine ?? engineOf(turn),
    validate: !flags.includes('no-validate'),
    copies: !flags.includes('no-copy'),
    unlinks: flags.includes('unlink'),
    forces: flags.includes('force'),
    reboots: flags.includes('reboot'),
  };
}

const stem = (name: string) => name.replace(/(?:-signed)?\.tgz$/, '');

/** Does the package's name say that it is for such a device? Names that say nothing are left to the signature. */
function isForModel(name: string, model: JunosModel): boolean {
  const kind = (text: string) => /^[a-z]+(?:-[a-z]+)*(?:-ex-\d+)?/.exec(text)?.[0] ?? text;
  const own = kind(model.image('0'));
  return !/^(?:junos-|jinstall)/.test(name) || kind(name) === own;
}

interface Trouble {
  readonly said: readonly string[];
  readonly atMs: number;
}

const SIGNER = 'PackageProductionECP256_2023 method ECDSA256+SHA256';

/** What stands against this package: found out one after the other, as the installer does. */
function troubleWith(turn: Turn, tool: Tool, wish: Wish, file: SimFile): Trouble | undefined {
  const { device } = turn;
  const model = modelOf(device);
  if (tool === 'system' && file.name.includes('vmhost') && model.isVmhost) {
    return { said: ["error: Use 'request vmhost software add' for a vmhost package"], atMs: 400 };
  }
  const isWhole = file.image?.platform === PLATFORM;
  if (!isWhole) {
    return {
      said: ['ERROR: Package signature validation failed. Aborting install.'],
      atMs: between(turn.context, 8000, 20_000),
    };
  }
  if (!isForModel(file.name, model) && !wish.forces) {
    return {
      said: [
        `Verified ${stem(file.name)} signed by ${SIGNER}`,
        `ERROR: ${stem(file.name)} is not compatible with this platform (${model.name})`,
        'ERROR: Aborting install.',
      ],
      atMs: between(turn.context, 8000, 20_000),
    };
  }
  return noRoom(turn, wish, file);
}

/** What unpacking takes besides the package itself, as a share of it. */
const UNPACK_SHARE = 0.1;

function noRoom(turn: Turn, wish: Wish, file: SimFile): Trouble | undefined {
  const member = memberOf(turn.device, wish.engine);
  const isThere = member.flash.files.some(({ name }) => name === file.name);
  const copies = wish.copies || !isThere ? 1 : 0;
  const need = file.sizeBytes * (UNPACK_SHARE + copies);
  if (freeBytes(member) >= need) return undefined;
  const inside = `/packages/db/${stem(file.name)}/contents/junos-runtime.tgz`;
  return {
    said: [
      `Verified ${stem(file.name)} signed by ${SIGNER}`,
      `ERROR: insufficient space for ${inside}`,
      'ERROR: insufficient space',
    ],
    atMs: between(turn.context, 15_000, 40_000),
  };
}

const ALREADY = [
  'ERROR: There is already an install pending.',
  "ERROR:     Use the 'request system reboot' command to complete the install,",
  "ERROR:     or the 'request system software rollback' command to back it out.",
];

const BUSY = ['ERROR: Another package installation is in progress. Try again later.'];

/** `request system software add` and `request vmhost software add`. Undefined: not a form of it. */
export function addSoftware(
  turn: Turn,
  tool: Tool,
  words: readonly string[],
): SimAnswer | undefined {
  const wish = wishOf(turn, words);
  if (!wish) return undefined;
  const file = findFile(turn.device, placeNamed(turn.device, wish.path, engineOf(turn)));
  const engine = engineNamed(turn.device, wish.engine);
  if (!file) return reply(turn, [`ERROR: ${wish.path}: No such file or directory`]);
  if (!engine || !isReachable(turn, wish.engine)) {
    return reply(turn, [`error: could not connect to ${wish.engine} : No route to host`]);
  }
  if (engine.installing !== null) return reply(turn, BUSY);
  if (engine.pending !== null && !wish.forces) return reply(turn, ALREADY);
  const trouble = troubleWith(turn, tool, wish, file);
  if (trouble) {
    return { device: turn.device, shell: turn.shell, effects: [print(trouble.said, trouble.atMs)] };
  }
  return install(turn, { tool, wish, file });
}

interface Job {
  readonly tool: Tool;
  readonly wish: Wish;
  readonly file: SimFile;
}

const PARTS = [
  'os-kernel-prd',
  'os-libs-12',
  'os-runtime',
  'os-zoneinfo',
  'junos-net-prd',
  'junos-libs',
  'junos-runtime',
  'py-base',
  'py-extensions',
  'jweb',
];

/** Lines of the installer with the share of the whole time at which each is out. */
function progress({ tool, wish, file }: Job, isRemote: boolean): readonly string[] {
  const name = stem(file.name);
  const checks = wish.validate
    ? [
        'Checking compatibility with configuration',
        'Initializing...',
        'Using junos-runtime from running set',
        'Validating against /config/juniper.conf.gz',
        'mgd: commit complete',
        'Validation succeeded',
      ]
    : [];
  const guest =
    tool === 'vmhost'
      ? [
          `Transfer ${file.name}`,
          'Transfer Done',
          'Starting upgrade ...',
          'Preparing for upgrade...',
          'Upgrading vmhost on alternate root set ...',
        ]
      : [];
  return [
    ...(isRemote ? [`Pushing bundle to ${wish.engine}`] : []),
    `Verified ${name} signed by ${SIGNER}`,
    `Verified manifest signed by ${SIGNER}`,
    ...checks,
    ...guest,
    ...PARTS.flatMap((part) => [`Verified ${part} signed by ${SIGNER}`, `Adding ${part} ...`]),
  ];
}

function lastWords(tool: Tool): readonly string[] {
  if (tool === 'vmhost') {
    return [
      'A REBOOT IS REQUIRED TO LOAD THIS SOFTWARE CORRECTLY.',
      "Use the 'request vmhost reboot' command to reboot the system.",
    ];
  }
  return ["NOTICE: 'pending' set will be activated at next reboot..."];
}

const INSTALL_MIN_MS = 150_000;
const INSTALL_MAX_MS = 330_000;
const VALIDATE_MS = 90_000;
const SWITCH_FACTOR = 1.6;

function install(turn: Turn, job: Job): SimAnswer {
  const { device, context } = turn;
  const { tool, wish, file } = job;
  const factor = modelNamed(device.model).kind === 'switch' ? SWITCH_FACTOR : 1;
  const base = between(context, INSTALL_MIN_MS, INSTALL_MAX_MS) * factor;
  const totalMs = Math.floor(base + (wish.validate ? VALIDATE_MS : 0));
  const isRemote = wish.engine !== engineOf(turn);
  const lines = [...progress(job, isRemote), ...lastWords(tool)];
  const effects = lines.map((line, at) =>
    print([line], Math.floor((totalMs * (at + 1)) / lines.length)),
  );
  const release: Release = { version: file.image?.version ?? '', file: file.name };
  const installedAtMs = context.nowMs + totalMs;
  const busy = withEngine(device, wish.engine, { installing: release, installedAtMs });
  const kept = memberOf(device, wish.engine).flash.files.filter(({ name }) => name !== file.name);
  const staged = wish.unlinks ? withFiles(busy, wish.engine, kept) : busy;
  const reboot = wish.reboots ? rebootAfter(turn, isRemote, totalMs) : undefined;
  return {
    device: reboot ? withOwn(staged, reboot.patch) : staged,
    shell: turn.shell,
    effects: [...effects, ...(reboot?.effects ?? [])],
    mutation: 'software-add',
  };
}

const REBOOT_LATER_MS = 2000;

/** `reboot` behind the package: the engine goes down as soon as the package is in place. */
function rebootAfter({ context }: Turn, isRemote: boolean, totalMs: number) {
  const delayMs = totalMs + REBOOT_LATER_MS;
  const effects: readonly SimEffect[] = [{ kind: 'timer', name: REBOOT_TIMER, delayMs }];
  const rebootScope = isRemote ? 'other' : 'local';
  return { patch: { rebootAtMs: context.nowMs + delayMs, rebootScope }, effects };
}

/** `request system software validate`: checks without adding. */
export function validateSoftware(turn: Turn, words: readonly string[]): SimAnswer | undefined {
  const wish = wishOf(turn, [...words, 'no-copy']);
  if (!wish) return undefined;
  const file = findFile(turn.device, placeNamed(turn.device, wish.path, engineOf(turn)));
  if (!file) return reply(turn, [`ERROR: ${wish.path}: No such file or directory`]);
  const trouble = troubleWith(turn, 'vmhost', wish, file);
  const said = trouble?.said ?? progress({ tool: 'system', wish, file }, false).slice(0, 8);
  const totalMs = trouble?.atMs ?? VALIDATE_MS;
  const effects: readonly SimEffect[] = said.map((line, at) =>
    print([line], Math.floor((totalMs * (at + 1)) / said.length)),
  );
  return { device: turn.device, shell: turn.shell, effects };
}

const ROLLBACK_MS = 8000;

/** `request system software rollback`: what waits is dropped; with nothing waiting the previous software will boot. */
export function rollbackSoftware(
  turn: Turn,
  tool: Tool,
  words: readonly string[],
): SimAnswer | undefined {
  const target = words.find((word) => /^re\d$/.test(word)) ?? engineOf(turn);
  if (words.some((word) => !/^(?:re\d|force|no-validate)$/.test(word))) return undefined;
  const engine = engineNamed(turn.device, target);
  if (!engine || !isReachable(turn, target)) {
    return reply(turn, [`error: could not connect to ${target} : No route to host`]);
  }
  return engine.pending === null ? goBack(turn, tool, engine) : dropPending(turn, engine);
}

function dropPending(turn: Turn, engine: Engine): SimAnswer {
  const said = `Junos version '${engine.running.version}' will become active at next reboot`;
  return {
    device: withEngine(turn.device, engine.id, { pending: null }),
    shell: turn.shell,
    effects: [print(["Deleting 'pending' set ...", said], ROLLBACK_MS)],
    mutation: 'software-rollback',
  };
}

function goBack(turn: Turn, tool: Tool, engine: Engine): SimAnswer {
  const { previous } = engine;
  if (previous === null) {
    return reply(turn, ['ERROR: No previous package set is available for rollback']);
  }
  const said = [
    'Restoring boot file package',
    `Junos version '${previous.version}' will become active at next reboot`,
    'WARNING: A reboot is required to load this software correctly',
    `WARNING:     Use the 'request ${tool} reboot' command`,
    'WARNING:         when software installation is complete',
  ];
  return {
    device: withEngine(turn.device, engine.id, { pending: previous }),
    shell: turn.shell,
    effects: [print(said, ROLLBACK_MS)],
    mutation: 'software-rollback',
  };
}

/** `show system software list`: what is on the disk of the engine. */
export function softwareLines(device: SimDevice, id: string): readonly string[] {
  const engine = engineNamed(device, id);
  if (!engine) return [];
  const row = (label: string, release: Release | null) =>
    release === null
      ? []
      : [`${label.padEnd(10)} ${stem(release.file).padEnd(46)} ${release.version}`];
  return [
    'Set        Package                                        Version',
    ...row('active', engine.running),
    ...row('pending', engine.pending),
    ...row('previous', engine.previous),
  ];
}
