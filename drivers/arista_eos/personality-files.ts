import type { SimAnswer, SimDevice, SimFile } from '../../src/driver/personality.js';
import {
  between,
  chassis,
  freeBytes,
  print,
  readOwn,
  reply,
  textFile,
  type Turn,
  withFiles,
  withOwn,
} from './personality-state.js';

const FILE_NAME = /^[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,254}$/;

export function isFileName(name: string): boolean {
  return FILE_NAME.test(name);
}

/** The file that `flash:NAME` or `flash:/NAME` names; undefined for any other URL. */
export function flashName(url: string): string | undefined {
  const name = /^flash:\/?(.+)$/i.exec(url)?.[1];
  return name !== undefined && isFileName(name) ? name : undefined;
}

/** Where a copy or a client's upload may land: `/mnt/flash/NAME`, `flash:NAME`, `flash:/NAME`. */
export function uploadName(remotePath: string): string | undefined {
  const name = /^\/mnt\/flash\/([^/]+)$/.exec(remotePath)?.[1];
  if (name !== undefined) return isFileName(name) ? name : undefined;
  return flashName(remotePath);
}

function findFile(device: SimDevice, name: string | undefined): SimFile | undefined {
  return chassis(device).flash.files.find((file) => file.name === name);
}

const NO_SPACE = 'No space left on device';
const NO_FILE = 'No such file or directory';
const DONE = 'Copy completed successfully.';

/** Startup-config becomes what runs now. Undefined: the flash has no room for it. */
export function saveConfig(device: SimDevice, nowMs: number): SimDevice | undefined {
  if (Buffer.byteLength(device.runningConfig) > freeBytes(device)) return undefined;
  return withOwn(
    { ...device, startupConfig: device.runningConfig },
    {
      savedAtMs: nowMs,
      savedBy: device.login.username,
      savedBootImage: readOwn(device).bootImage,
    },
  );
}

const SAVE_MIN_MS = 400;
const SAVE_MAX_MS = 2200;
export const SAVE_FAILED = `% Error copying system:/running-config to flash:/startup-config (${NO_SPACE})`;

/** `write` and `copy running-config startup-config`. */
export function writeConfig(turn: Turn): SimAnswer {
  const device = saveConfig(turn.device, turn.context.nowMs);
  if (device === undefined) return reply(turn, [SAVE_FAILED]);
  const delayMs = between(turn.context, SAVE_MIN_MS, SAVE_MAX_MS);
  return {
    device,
    shell: turn.shell,
    effects: [print([DONE], delayMs)],
    mutation: 'save-config',
  };
}

/** Flash to flash, as the controller copies it. */
const COPY_BYTES_PER_MS = 45_000;

export function copyFile(turn: Turn, from: string, to: string): SimAnswer {
  const { device, context } = turn;
  const failed = (why: string): SimAnswer =>
    reply(turn, [`% Error copying ${from} to ${to} (${why})`]);
  const source = sourceOf(turn, from);
  const target = flashName(to);
  if (source === undefined) return failed(NO_FILE);
  if (target === undefined) return failed('Invalid argument');
  const others = chassis(device).flash.files.filter((file) => file.name !== target);
  const replaced = findFile(device, target)?.sizeBytes ?? 0;
  if (source.sizeBytes > freeBytes(device) + replaced) return failed(NO_SPACE);
  const copy: SimFile = { ...source, name: target, modifiedAtMs: context.nowMs };
  const delayMs = 200 + Math.ceil(source.sizeBytes / COPY_BYTES_PER_MS);
  return {
    device: withFiles(device, [...others, copy]),
    shell: turn.shell,
    effects: [print([DONE], delayMs)],
    mutation: 'copy-file',
  };
}

function sourceOf(turn: Turn, from: string): SimFile | undefined {
  const { device, context } = turn;
  if ('running-config'.startsWith(from.toLowerCase()) && from.length > 2) {
    return textFile('running-config', device.runningConfig, context.nowMs);
  }
  if ('startup-config'.startsWith(from.toLowerCase()) && from.length > 2) {
    return textFile('startup-config', device.startupConfig, context.nowMs);
  }
  return findFile(device, flashName(from));
}

/** `delete` asks nothing on EOS. */
export function deleteFile(turn: Turn, url: string): SimAnswer {
  const file = findFile(turn.device, flashName(url));
  if (file === undefined) return reply(turn, [`% Error deleting ${url} (${NO_FILE})`]);
  const kept = chassis(turn.device).flash.files.filter((other) => other !== file);
  return {
    device: withFiles(turn.device, kept),
    shell: turn.shell,
    effects: [],
    mutation: 'delete-file',
  };
}

/** Bytes a millisecond that the supervisor hashes from its flash. */
const HASH_SPEED = { sha512: 24_000, md5: 40_000 };

/** `verify /sha512 flash:FILE`: silent until the whole file is read. */
export function verifyFile(turn: Turn, algorithm: 'sha512' | 'md5', url: string): SimAnswer {
  const file = findFile(turn.device, flashName(url));
  if (file === undefined) return reply(turn, [`% Error verifying ${url} (${NO_FILE})`]);
  const line = `verify /${algorithm} (flash:/${file.name}) = ${file[algorithm]}`;
  const delayMs = 100 + Math.ceil(file.sizeBytes / HASH_SPEED[algorithm]);
  return { device: turn.device, shell: turn.shell, effects: [print([line], delayMs)] };
}

/** EOS opens the image and checks its signature before it writes boot-config: 2 to 23 s were seen. */
const BOOT_SYSTEM_MIN_MS = 2000;
const BOOT_SYSTEM_MAX_MS = 23_000;

/** `boot system flash:FILE`: boot-config takes effect at once and needs no saving. */
export function bootSystem(turn: Turn, url: string): SimAnswer {
  const name = flashName(url);
  const file = findFile(turn.device, name);
  if (name === undefined || file === undefined) {
    return reply(turn, [`% Error setting software image ${url} (${NO_FILE})`]);
  }
  if (file.image === undefined) {
    return reply(turn, [`% Error setting software image ${url} (Not a valid EOS software image)`]);
  }
  if (freeBytes(turn.device) === 0) {
    return reply(turn, [`% Error setting software image ${url} (${NO_SPACE})`]);
  }
  const { nowMs } = turn.context;
  const delayMs = between(turn.context, BOOT_SYSTEM_MIN_MS, BOOT_SYSTEM_MAX_MS);
  const isKept = !turn.device.faults.includes('boot-variable-not-kept');
  const kept = withOwn(turn.device, { bootImage: name, bootConfigAtMs: nowMs });
  return {
    device: isKept ? kept : turn.device,
    shell: turn.shell,
    effects: [print([], delayMs)],
    mutation: 'set-boot',
  };
}
