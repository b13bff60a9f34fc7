import type { SimDevice } from '../../src/driver/personality.js';
import { confName, packageNames } from './personality-files.js';
import type { Ask, Reply } from './personality-state.js';
import { activeMember, ownOf, withoutFiles, withOwn } from './personality-state.js';
import { stampOf } from './personality-text.js';

/** Every image file, and what inactive images unpacked to. */
function removable(device: SimDevice): ReadonlySet<string> {
  const inactive = ownOf(device).images.filter((image) => image.state === 'I');
  const packages = inactive.flatMap(({ version }) => [...packageNames(version), confName(version)]);
  const images = device.members.flatMap((member) =>
    member.flash.files.filter((file) => file.image !== undefined).map((file) => file.name),
  );
  return new Set([...packages, ...images]);
}

function filesOf(device: SimDevice, id: string, names: ReadonlySet<string>): readonly string[] {
  const member = device.members.find((one) => one.id === id);
  return (member?.flash.files ?? []).map((file) => file.name).filter((name) => names.has(name));
}

/** `install remove inactive`: lists what would go, and asks. */
export function askRemove({ device, shell, context }: Ask): Reply {
  const names = removable(device);
  const doomed = device.members.map((member) => ({
    id: member.id,
    files: filesOf(device, member.id, names),
  }));
  const start = [
    `install_remove: START ${stampOf(context.nowMs)}`,
    'install_remove: Removing IMG',
    'Cleaning up unnecessary package files',
    'No path specified, will use booted path /flash/packages.conf',
    '',
    'Cleaning /flash',
    '  Scanning boot directory for packages ... done.',
    '  Preparing packages list to delete ...',
    ...(activeMember(device)?.flash.files ?? [])
      .filter((file) => file.name.endsWith('.pkg') && !names.has(file.name))
      .flatMap((file) => [`    ${file.name}`, '      File is in use, will not delete.']),
    '  done.',
  ];
  if (doomed.every(({ files }) => files.length === 0)) {
    return {
      lines: [
        ...start,
        '',
        'SUCCESS: No extra package or provisioning files found on media. Nothing to clean.',
        '',
        `SUCCESS: install_remove ${stampOf(context.nowMs)}`,
      ],
    };
  }
  const question = { id: 'install-remove', takes: 'line', data: {} } as const;
  const text = [
    ...start,
    '',
    'The following files will be deleted:',
    ...doomed.flatMap(({ id, files }) => [
      `[switch ${id}]:`,
      ...files.map((name) => `/flash/${name}`),
    ]),
    '',
    'Do you want to remove the above files? [y/n]',
  ];
  return { shell: { ...shell, question }, text: text.join('\r\n') };
}

/** The answer to what would go. */
export function answerRemove(ask: Ask, text: string): Reply {
  const { device, context } = ask;
  const stamp = stampOf(context.nowMs);
  if (text.trim().toLowerCase().slice(0, 1) !== 'y') {
    return {
      lines: [
        'install_remove: Operation cancelled by user',
        `FAILED: install_remove exit(1) ${stamp}`,
      ],
    };
  }
  const names = removable(device);
  const images = ownOf(device).images.filter((image) => image.state !== 'I');
  const members = device.members.map((member) => withoutFiles(member, names));
  return {
    device: withOwn({ ...device, members }, { images }),
    lines: [
      ...device.members.flatMap((member) => [
        `[switch ${member.id}]:`,
        ...filesOf(device, member.id, names).map((name) => `Deleting file flash:${name} ... done.`),
        'SUCCESS: Files deleted.',
      ]),
      `SUCCESS: install_remove ${stamp}`,
    ],
    mutation: 'install-remove',
  };
}
