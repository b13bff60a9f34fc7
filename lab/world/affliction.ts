import { assert } from '../../src/kernel/assert.js';
import type { SimDevice, SimFile } from '../../src/driver/personality.js';
import type { FaultEffect } from './fault.js';
import { clearFiller, fillFlash } from './flash.js';
import type { LiveStrike } from './strike-book.js';

function withFault(device: SimDevice, fault: string): SimDevice {
  if (device.faults.includes(fault)) return device;
  return { ...device, faults: [...device.faults, fault] };
}

function filled(
  device: SimDevice,
  live: LiveStrike,
  effect: Extract<FaultEffect, { kind: 'fill-flash' }>,
  nowMs: number,
): SimDevice {
  const others = device.members.filter(({ role }) => role !== 'active');
  const usual = effect.of === 'other' ? others.at(-1) : undefined;
  const member = live.strike.params?.member ?? (usual ?? device.members[0])?.id;
  assert(member !== undefined, `${device.id} has no member`);
  return withFault(fillFlash(device, member, effect.freeBytes, nowMs), live.sheet.id);
}

const CALM_PERCENT = 5;

function withoutImages(device: SimDevice): SimDevice {
  const isKept = (file: SimFile) =>
    file.image === undefined || file.image.version === device.runningVersion;
  const members = device.members.map((member) => {
    const files = member.flash.files.filter(isKept);
    return { ...member, flash: { ...member.flash, files } };
  });
  return { ...device, members };
}

/** The device with what a strike does to it; faults that work elsewhere leave it as it is. */
export function struck(device: SimDevice, live: LiveStrike, nowMs: number): SimDevice {
  switch (live.effect.kind) {
    case 'personality':
      return withFault(device, live.sheet.id);
    case 'fill-flash':
      return filled(device, live, live.effect, nowMs);
    case 'rename':
      return { ...device, hostname: live.effect.hostname };
    case 'delete-image':
      return withoutImages(device);
    case 'slow-answers':
      return { ...device, cpuPercent: live.effect.cpuPercent };
    default:
      return device;
  }
}

/** The device without what a strike did to it; `hostname` is its right name. */
export function relieved(device: SimDevice, live: LiveStrike, hostname: string): SimDevice {
  const { kind } = live.effect;
  if (kind === 'rename') return { ...device, hostname };
  if (kind === 'slow-answers') return { ...device, cpuPercent: CALM_PERCENT };
  if (kind !== 'fill-flash' && !device.faults.includes(live.sheet.id)) return device;
  const bare = { ...device, faults: device.faults.filter((fault) => fault !== live.sheet.id) };
  return kind === 'fill-flash' ? clearFiller(bare) : bare;
}
