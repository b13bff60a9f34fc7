import type { SimDevice, SimEffect, SimFile, SimMember } from '../../src/driver/personality.js';
import type { Command } from './personality-grammar.js';
import type { Ask, Reply } from './personality-state.js';
import {
  freeBytes,
  memberOfFileSystem,
  withFiles,
  withoutFiles,
  withOwn,
} from './personality-state.js';
import { fileDateOf, hashOf, hexOf, paddedVersion } from './personality-text.js';

/** Share of an image that each of its packages takes; what `install add` unpacks. */
const packageShares: readonly (readonly [name: string, share: number])[] = [
  ['cc_srdriver', 0.01],
  ['espbase', 0.06],
  ['guestshell', 0.01],
  ['lni', 0.01],
  ['rpbase', 0.55],
  ['sipbase', 0.05],
  ['sipspa', 0.03],
  ['srdriver', 0.02],
  ['webui', 0.02],
  ['wlc', 0.17],
  ['rpboot', 0.06],
];

/** The packages of a version, in the order that the installer lists them. */
export function packageNames(version: string): readonly string[] {
  return packageShares.map(([name]) => `cat9k-${name}.${paddedVersion(version)}.SPA.pkg`);
}

export function confName(version: string): string {
  return `cat9k_iosxe.${paddedVersion(version)}.SPA.conf`;
}

function madeFile(name: string, sizeBytes: number, modifiedAtMs: number): SimFile {
  return { name, sizeBytes, modifiedAtMs, sha512: hexOf(name, 128), md5: hexOf(`md5 ${name}`, 32) };
}

/** What an image of `imageBytes` unpacks to on each member. */
export function packageFiles(version: string, imageBytes: number, nowMs: number): SimFile[] {
  const shares = packageNames(version).map((name, index) =>
    madeFile(name, Math.floor(imageBytes * (packageShares[index]?.[1] ?? 0)), nowMs),
  );
  return [...shares, madeFile(confName(version), 7400 + (hashOf(version) % 200), nowMs)];
}

/** packages.conf, as it names a version. */
export function packagesConfFile(version: string, nowMs: number): SimFile {
  const file = madeFile(`packages.conf ${version}`, 7400 + (hashOf(version) % 200), nowMs);
  return { ...file, name: 'packages.conf' };
}

interface Path {
  readonly fileSystem: string;
  readonly name: string;
}

/** `flash:/x` is `x` on `flash:`; a bare name lies on `flash:`. */
export function pathOf(text: string): Path {
  const split = /^([A-Za-z][\w-]*:)?\/?(.*)$/.exec(text);
  return { fileSystem: split?.[1] ?? 'flash:', name: split?.[2] ?? '' };
}

/** The file that a path names, on the member whose flash that is. */
export function findFile(
  device: SimDevice,
  path: string,
): { readonly member: SimMember; readonly file: SimFile } | undefined {
  const { fileSystem, name } = pathOf(path);
  const member = memberOfFileSystem(device, fileSystem);
  const file = member?.flash.files.find((one) => one.name === name);
  return member === undefined || file === undefined ? undefined : { member, file };
}

function replaceMember(device: SimDevice, changed: SimMember): SimDevice {
  const members = device.members.map((member) => (member.id === changed.id ? changed : member));
  return { ...device, members };
}

function row(index: number, file: SimFile): string {
  return `${String(index).padStart(6)}  -rw-  ${String(file.sizeBytes).padStart(15)}  ${fileDateOf(file.modifiedAtMs).padStart(27)}  ${file.name}`;
}

function dir({ device, args }: Ask): Reply {
  const { fileSystem, name } = pathOf(args['path'] ?? 'flash:');
  const member = memberOfFileSystem(device, fileSystem);
  if (member === undefined) {
    return { lines: [`%Error opening ${fileSystem}/${name} (Invalid argument)`] };
  }
  const files = member.flash.files.filter((file) => name === '' || file.name === name);
  if (name !== '' && files.length === 0) {
    return { lines: [`%Error opening ${fileSystem}/${name} (No such file or directory)`] };
  }
  return {
    lines: [
      `Directory of ${fileSystem}/${name}`,
      '',
      ...files.map((file, index) => row(311_300 + index, file)),
      '',
      `${String(member.flash.totalBytes)} bytes total (${String(freeBytes(member))} bytes free)`,
    ],
  };
}

const maxDots = 40;

/** How fast the supervisor hashes, bytes a second. */
const hashBps = { md5: 60_000_000, sha512: 35_000_000 } as const;

function verify({ device, args }: Ask, algorithm: 'md5' | 'sha512'): Reply {
  const path = args['path'] ?? '';
  const found = findFile(device, path);
  if (found === undefined) {
    return { lines: [`%Error opening ${path} (No such file or directory)`] };
  }
  const hash = found.file[algorithm];
  const totalMs = Math.ceil((found.file.sizeBytes / hashBps[algorithm]) * 1000) + 500;
  const expected = args['hash']?.toLowerCase();
  const shown = `${found.member.role === 'active' ? path.replace(':/', ':') : path}`;
  const result =
    expected === undefined
      ? `verify /${algorithm} (${shown}) = ${hash}`
      : expected === hash
        ? `Verified (${shown}) = ${hash}`
        : `%Error verifying ${shown}\r\nComputed signature  = ${hash}\r\nSubmitted signature = ${expected}`;
  const steps = Math.min(maxDots, Math.ceil(totalMs / 2000));
  const dots = Array.from({ length: steps }, (_, index): SimEffect => {
    const delayMs = Math.floor((totalMs * (index + 1)) / (steps + 1));
    return { kind: 'print', text: '.'.repeat(20), delayMs };
  });
  return {
    effects: [...dots, { kind: 'print', text: `Done!\r\n${result}\r\n`, delayMs: totalMs }],
  };
}

function askDelete({ shell, args }: Ask): Reply {
  const path = args['path'] ?? '';
  const question = { id: 'delete-name', takes: 'line', data: { path } } as const;
  return { shell: { ...shell, question }, text: `Delete filename [${pathOf(path).name}]? ` };
}

/** The name was confirmed or replaced: ask for the last word. */
export function deleteNamed({ shell }: Ask, path: string, answer: string): Reply {
  const { fileSystem, name } = pathOf(path);
  const chosen = `${fileSystem}${answer.trim() === '' ? name : answer.trim()}`;
  const question = { id: 'delete-confirm', takes: 'key', data: { path: chosen } } as const;
  return { shell: { ...shell, question }, text: `Delete ${chosen}? [confirm]` };
}

export function deleteFile({ device }: Ask, path: string): Reply {
  const found = findFile(device, path);
  if (found === undefined) {
    return { lines: ['', `%Error deleting ${path} (No such file or directory)`] };
  }
  const member = withoutFiles(found.member, new Set([found.file.name]));
  return { device: replaceMember(device, member), lines: [''], mutation: 'delete' };
}

function forceDelete(ask: Ask): Reply {
  const reply = deleteFile(ask, ask.args['path'] ?? '');
  return { ...reply, lines: reply.lines?.slice(1) ?? [] };
}

/** Writes the running config to NVRAM. */
export function saveConfig({ device, context }: Ask): SimDevice {
  const saved = withOwn(device, { savedAtMs: context.nowMs });
  return { ...saved, startupConfig: device.runningConfig };
}

const saveMs = 2500;

function save(ask: Ask): Reply {
  return {
    device: saveConfig(ask),
    effects: [
      { kind: 'print', text: 'Building configuration...\r\n' },
      { kind: 'print', text: '[OK]\r\n', delayMs: saveMs },
    ],
    mutation: 'save-config',
  };
}

function askCopy({ shell }: Ask): Reply {
  const question = { id: 'copy-name', takes: 'line', data: {} } as const;
  return { shell: { ...shell, question }, text: 'Destination filename [startup-config]? ' };
}

/** The destination of `copy running-config startup-config` was answered. */
export function copyNamed(ask: Ask, answer: string): Reply {
  const name = answer.trim();
  if (name === '' || name === 'startup-config') return save(ask);
  return { lines: [`%Error opening nvram:/${name} (No such file or directory)`] };
}

/** A file copied from one member's flash to another's. */
function copyFile({ device, args, context }: Ask): Reply {
  const from = args['from'] ?? '';
  const to = args['to'] ?? '';
  const found = findFile(device, from);
  const target = memberOfFileSystem(device, pathOf(to).fileSystem);
  if (found === undefined) {
    return { lines: [`%Error opening ${from} (No such file or directory)`] };
  }
  if (target === undefined) return { lines: [`%Error opening ${to} (Invalid argument)`] };
  if (freeBytes(target) < found.file.sizeBytes) {
    return { lines: [`%Error writing ${to} (No space left on device)`] };
  }
  const name = pathOf(to).name === '' ? found.file.name : pathOf(to).name;
  const file = { ...found.file, name, modifiedAtMs: context.nowMs };
  const delayMs = Math.ceil(found.file.sizeBytes / 50_000) + 500;
  const done = `[OK - ${String(file.sizeBytes)} bytes]\r\n${String(file.sizeBytes)} bytes copied in ${(delayMs / 1000).toFixed(3)} secs (${String(Math.floor((file.sizeBytes * 1000) / delayMs))} bytes/sec)\r\n`;
  return {
    device: replaceMember(device, withFiles(target, [file])),
    effects: [
      { kind: 'print', text: 'Copy in progress...' },
      { kind: 'print', text: `CCCC\r\n${done}`, delayMs },
    ],
    mutation: 'copy',
  };
}

/** Commands on files and the saved config. */
export const fileCommands: readonly Command[] = [
  { pattern: 'dir', privileged: true, run: dir },
  { pattern: 'dir <path>', privileged: true, run: dir },
  { pattern: 'verify /md5 <path>', privileged: true, run: (ask) => verify(ask, 'md5') },
  { pattern: 'verify /md5 <path> <hash>', privileged: true, run: (ask) => verify(ask, 'md5') },
  { pattern: 'verify /sha512 <path>', privileged: true, run: (ask) => verify(ask, 'sha512') },
  {
    pattern: 'verify /sha512 <path> <hash>',
    privileged: true,
    run: (ask) => verify(ask, 'sha512'),
  },
  { pattern: 'delete <path>', privileged: true, run: askDelete },
  { pattern: 'delete /force <path>', privileged: true, run: forceDelete },
  { pattern: 'copy running-config startup-config', privileged: true, run: askCopy },
  { pattern: 'copy <from> <to>', privileged: true, run: copyFile },
  { pattern: 'write', privileged: true, run: save },
  { pattern: 'write memory', privileged: true, run: save },
];
