import { createHash } from 'node:crypto';
import type { SimDevice, SimFile, SimMember } from '../../src/driver/personality.js';

const FILLER = 'crashinfo-archive.tar';

/** True identities of content that nobody has: the same words give the same hashes. */
export function hashesOf(content: string): { readonly sha512: string; readonly md5: string } {
  return {
    sha512: createHash('sha512').update(content, 'utf8').digest('hex'),
    md5: createHash('md5').update(content, 'utf8').digest('hex'),
  };
}

export function freeBytes(member: SimMember): number {
  const used = member.flash.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return Math.max(0, member.flash.totalBytes - used);
}

export function findFile(member: SimMember, name: string): SimFile | undefined {
  return member.flash.files.find((file) => file.name === name);
}

function withFiles(
  device: SimDevice,
  memberId: string,
  change: (member: SimMember) => readonly SimFile[],
): SimDevice {
  const members = device.members.map((member) =>
    member.id === memberId
      ? { ...member, flash: { ...member.flash, files: change(member) } }
      : member,
  );
  return { ...device, members };
}

/** The device with `file` on a member's flash, in the place of one of the same name. */
export function putFile(device: SimDevice, memberId: string, file: SimFile): SimDevice {
  return withFiles(device, memberId, (member) => [
    ...member.flash.files.filter(({ name }) => name !== file.name),
    file,
  ]);
}

/** The device with a file that leaves `leaveBytes` free on a member. */
export function fillFlash(
  device: SimDevice,
  memberId: string,
  leaveBytes: number,
  nowMs: number,
): SimDevice {
  const cleared = clearFiller(device);
  const member = cleared.members.find(({ id }) => id === memberId);
  if (!member) return device;
  const sizeBytes = Math.max(0, freeBytes(member) - leaveBytes);
  const file = { name: FILLER, sizeBytes, modifiedAtMs: nowMs, ...hashesOf(`filler:${sizeBytes}`) };
  return putFile(cleared, memberId, file);
}

/** The device without what `fillFlash` put there. */
export function clearFiller(device: SimDevice): SimDevice {
  return device.members.reduce(
    (current, { id }) =>
      withFiles(current, id, (member) => member.flash.files.filter(({ name }) => name !== FILLER)),
    device,
  );
}

/** A file as one line of the truth. */
export function describeFile(file: SimFile): string {
  const whole = file.image ? `boots ${file.image.version}` : 'no image';
  return `${file.name} ${file.sizeBytes} bytes, ${whole}`;
}
