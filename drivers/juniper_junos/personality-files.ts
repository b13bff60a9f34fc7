import type { SimAnswer, SimDevice, SimFile, SimMember } from '../../src/driver/personality.js';
import { modelOf } from './personality-models.js';
import { placeOf } from './personality-mode.js';
import { page } from './personality-pager.js';
import {
  answered,
  asking,
  engineNamed,
  freeBytes,
  isUp,
  memberOf,
  print,
  readOwn,
  reply,
  stable,
  type Turn,
  withFiles,
} from './personality-state.js';
import { listTime } from './personality-time.js';

const FILE_NAME = /^[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,254}$/;
export const RULE = '-'.repeat(74);

/** The engine that a shell works on. */
export function engineOf(turn: Turn): string {
  return placeOf(turn.shell).engine ?? readOwn(turn.device).master;
}

interface Place {
  readonly engine: string;
  /** Empty: the folder itself. */
  readonly name: string;
}

/** `/var/tmp/NAME` and `re1:/var/tmp/NAME`; undefined for any other path. */
export function placeNamed(device: SimDevice, path: string, here: string): Place | undefined {
  const found = /^(?:(re[01]):)?\/var\/tmp(?:\/(.*))?$/.exec(path);
  if (!found) return undefined;
  const engine = found[1] ?? here;
  if (!device.members.some(({ id }) => id === engine)) return undefined;
  const name = found[2] ?? '';
  return name === '' || FILE_NAME.test(name) ? { engine, name } : undefined;
}

/** Where a client's upload lands: the master's `/var/tmp`, or a home directory that is not kept apart. */
export function uploadTarget(
  device: SimDevice,
  remotePath: string,
): { readonly memberId: string; readonly fileName: string } | undefined {
  const place = placeNamed(device, remotePath, readOwn(device).master);
  if (!place || place.name === '') return undefined;
  return { memberId: place.engine, fileName: place.name };
}

export function findFile(device: SimDevice, place: Place | undefined): SimFile | undefined {
  if (!place) return undefined;
  return memberOf(device, place.engine).flash.files.find(({ name }) => name === place.name);
}

export function isReachable(turn: Turn, engine: string): boolean {
  const known = engineNamed(turn.device, engine);
  return known !== undefined && isUp(known, turn.context.nowMs);
}

const unreachable = (engine: string) => [
  `error: could not connect to ${engine} : No route to host`,
];

function fileLine(file: SimFile, shown: string, nowMs: number): string {
  const size = String(file.sizeBytes).padStart(12);
  return `-rw-r--r--  1 root  wheel ${size} ${listTime(file.modifiedAtMs, nowMs)} ${shown}`;
}

const FOLDERS = ['install', 'preinstall_boot_loader.conf'];

function folderLines(member: SimMember, nowMs: number, isDetailed: boolean): readonly string[] {
  const files = member.flash.files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const folders = FOLDERS.map((name) => `${name}/`);
  if (!isDetailed) {
    return ['', '/var/tmp/:', ...[...folders, ...files.map(({ name }) => name)].toSorted()];
  }
  const blocks = files.reduce((sum, { sizeBytes }) => sum + Math.ceil(sizeBytes / 512), 8);
  const date = listTime(0, nowMs);
  return [
    '',
    '/var/tmp/:',
    `total blocks: ${blocks}`,
    ...folders.map((name) => `drwxr-xr-x  2 root  wheel          512 ${date} ${name}`),
    ...files.map((file) => fileLine(file, file.name, nowMs)),
    `total files: ${files.length}`,
  ];
}

/** `file list PATH [detail]`. */
export function listFiles(turn: Turn, args: readonly string[]): SimAnswer {
  const isDetailed = args.some((word) => word.length > 2 && 'detail'.startsWith(word));
  const [path = '/var/tmp/'] = args.filter((word) => word.startsWith('/') || word.includes(':'));
  const here = engineOf(turn);
  const place = placeNamed(turn.device, path, here);
  if (!place) return reply(turn, [`${path}: No such file or directory`]);
  if (!isReachable(turn, place.engine)) return reply(turn, unreachable(place.engine));
  const { nowMs } = turn.context;
  const member = memberOf(turn.device, place.engine);
  const head = place.engine === here ? [] : [`${place.engine}:`, RULE];
  if (place.name === '') return page(turn, [...head, ...folderLines(member, nowMs, isDetailed)]);
  const file = findFile(turn.device, place);
  const shown = `/var/tmp/${place.name}`;
  if (!file) return reply(turn, [...head, `${shown}: No such file or directory`]);
  const lines = isDetailed ? [fileLine(file, shown, nowMs), 'total files: 1'] : [shown];
  return reply(turn, [...head, ...lines]);
}

/** Bytes a millisecond that a routing engine hashes from its disk. */
const HASH_SPEED = 60_000;

/** `file checksum md5 PATH`: silent until the whole file is read. */
export function checksum(
  turn: Turn,
  algorithm: 'md5' | 'sha1' | 'sha-256',
  path: string,
): SimAnswer {
  const place = placeNamed(turn.device, path, engineOf(turn));
  const file = findFile(turn.device, place);
  if (!file) return reply(turn, [`error: ${path}: No such file or directory`]);
  const delayMs = 100 + Math.ceil(file.sizeBytes / HASH_SPEED);
  const label = { md5: 'MD5', sha1: 'SHA1', 'sha-256': 'SHA256' }[algorithm];
  // Nobody has the bytes: what is not known of the content is derived from what is.
  const chars = algorithm === 'sha1' ? 40 : 64;
  const hash =
    algorithm === 'md5' ? file.md5 : file.sha512.split('').toReversed().join('').slice(0, chars);
  const line = `${label} (${path}) = ${hash}`;
  return { device: turn.device, shell: turn.shell, effects: [print([line], delayMs)] };
}

/** Engine to engine over the internal link, or on one disk. */
const COPY_SPEED = 40_000;

export function copyFile(turn: Turn, from: string, to: string): SimAnswer {
  const { device, context } = turn;
  const here = engineOf(turn);
  const source = placeNamed(device, from, here);
  const file = findFile(device, source);
  const target = placeNamed(device, to, here);
  if (!file) return reply(turn, [`error: ${from}: No such file or directory`]);
  if (!target) return reply(turn, [`error: could not open ${to}: No such file or directory`]);
  if (!isReachable(turn, target.engine)) return reply(turn, unreachable(target.engine));
  const member = memberOf(device, target.engine);
  const name = target.name === '' ? file.name : target.name;
  const others = member.flash.files.filter((each) => each.name !== name);
  const room = freeBytes({ ...member, flash: { ...member.flash, files: others } });
  if (file.sizeBytes > room) {
    return reply(turn, [
      `${to}: No space left on device`,
      'error: put-file failed',
      'error: could not send local copy of file',
    ]);
  }
  const copy: SimFile = { ...file, name, modifiedAtMs: context.nowMs };
  return {
    device: withFiles(device, target.engine, [...others, copy]),
    shell: turn.shell,
    effects: [print([], 300 + Math.ceil(file.sizeBytes / COPY_SPEED))],
    mutation: 'copy-file',
  };
}

/** `file delete` asks nothing. */
export function deleteFile(turn: Turn, path: string): SimAnswer {
  const { device } = turn;
  const place = placeNamed(device, path, engineOf(turn));
  const file = findFile(device, place);
  if (!place || !file) return reply(turn, [`error: ${path}: No such file or directory`]);
  const kept = memberOf(device, place.engine).flash.files.filter((each) => each !== file);
  return {
    ...reply({ ...turn, device: withFiles(device, place.engine, kept) }, []),
    mutation: 'delete-file',
  };
}

/** `request system storage cleanup`: every package below /var/tmp is on its list, the one that waits to be installed too. */
function cleanupLines(turn: Turn): readonly string[] {
  const { nowMs } = turn.context;
  const files = memberOf(turn.device, engineOf(turn)).flash.files;
  const rows = files.map((file) => {
    const date = listTime(file.modifiedAtMs, nowMs);
    return `${humanSize(file.sizeBytes).padStart(7)}B ${date} /var/tmp/${file.name}`;
  });
  return ['', 'List of files to delete:', '', '   Size Date         Name', ...rows];
}

export function askCleanup(turn: Turn, isDry: boolean): SimAnswer {
  if (isDry) return page(turn, cleanupLines(turn));
  const question = { id: 'cleanup', takes: 'line', data: {} } as const;
  const list = cleanupLines(turn).map((line) => `${line}\r\n`);
  return asking(turn, question, `${list.join('')}Delete these files ? [yes,no] (no) `);
}

export function answerCleanup(turn: Turn, text: string): SimAnswer {
  const idle = { ...turn, shell: answered(turn.shell) };
  if (!/^y(?:es)?$/i.test(text.trim())) return reply(idle, []);
  const device = withFiles(turn.device, engineOf(turn), []);
  return { ...reply({ ...idle, device }, []), mutation: 'storage-cleanup' };
}

const KIB = 1024;

/** As `df -h` writes it. */
function humanSize(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= KIB;
    unit += 1;
  }
  const digits = value < 9.95 && unit > 0 && value % 1 >= 0.05 ? 1 : 0;
  return `${value.toFixed(digits)}${units[unit] ?? ''}`;
}

interface FileSystem {
  readonly device: string;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly mount: string;
}

const MIB = KIB * KIB;
const GIB = KIB * MIB;

function fileSystems(device: SimDevice, engine: string): readonly FileSystem[] {
  const member = memberOf(device, engine);
  const sizeBytes = member.flash.totalBytes;
  const usedBytes = sizeBytes - freeBytes(member);
  const config = {
    device: '/dev/gpt/config',
    sizeBytes: 793 * MIB,
    usedBytes: 612 * KIB,
    mount: '/.mount/config',
  };
  const tmpfs = {
    device: 'tmpfs',
    sizeBytes: 7.7 * GIB,
    usedBytes: 88 * KIB,
    mount: '/.mount/tmp',
  };
  if (modelOf(device).isVmhost) {
    return [{ device: '/dev/gpt/junos', sizeBytes, usedBytes, mount: '/.mount' }, config, tmpfs];
  }
  const isSwitch = modelOf(device).kind === 'switch';
  const root = isSwitch ? 1.4 * GIB : 6 * GIB;
  const used = isSwitch ? 640 * MIB : 1.9 * GIB + stable(engine, 60) * MIB;
  return [
    { device: '/dev/gpt/junos', sizeBytes: root, usedBytes: used, mount: '/.mount' },
    config,
    { device: '/dev/gpt/var', sizeBytes, usedBytes, mount: '/.mount/var' },
    tmpfs,
  ];
}

/** `show system storage` of one engine. */
export function storageLines(
  device: SimDevice,
  engine: string,
  isDetailed: boolean,
): readonly string[] {
  const shown = (bytes: number) =>
    isDetailed ? String(Math.floor(bytes / KIB)) : humanSize(bytes);
  const row = ({ device: name, sizeBytes, usedBytes, mount }: FileSystem) => {
    const size = shown(sizeBytes).padStart(isDetailed ? 12 : 8);
    const free = Math.max(0, sizeBytes - usedBytes);
    const share = `${Math.floor((100 * usedBytes) / sizeBytes)}%`;
    return `${name.padEnd(20)} ${size} ${shown(usedBytes).padStart(10)} ${shown(free).padStart(10)} ${share.padStart(9)}  ${mount}`;
  };
  const head = isDetailed
    ? 'Filesystem              1024-blocks       Used      Avail Capacity  Mounted on'
    : 'Filesystem              Size       Used      Avail  Capacity   Mounted on';
  return [head, ...fileSystems(device, engine).map(row)];
}
