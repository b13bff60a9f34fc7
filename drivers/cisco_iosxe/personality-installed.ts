import type { SimDevice, SimEffect, SimMember } from '../../src/driver/personality.js';
import { findFile, packageFiles, packagesConfFile } from './personality-files.js';
import { abortTimer, operationTimer } from './personality-install-script.js';
import type { Ask, InstalledImage, Operation } from './personality-state.js';
import { ownOf, withFiles, withOwn } from './personality-state.js';
import { buildOf, fileDateOf, logStampOf, sameVersion, stampOf } from './personality-text.js';

const rule = '-'.repeat(80);

const stateKey = [
  'State (St): I - Inactive, U - Activated & Uncommitted,',
  '            C - Activated & Committed, D - Deactivated & Uncommitted',
];

function imageTable(images: readonly InstalledImage[]): readonly string[] {
  return [
    ...stateKey,
    rule,
    'Type  St   Filename/Version    ',
    rule,
    ...images.map(
      (image) => `IMG   ${image.state}    ${buildOf(image.version).installer.padEnd(68)}`,
    ),
    '',
    rule,
  ];
}

function abortLine({ device, context }: Ask): string {
  const { abortAtMs } = ownOf(device);
  const isCommitted = ownOf(device).images.every((image) => image.state !== 'U');
  if (abortAtMs === 0 || isCommitted) return 'Auto abort timer: inactive';
  const left = Math.max(0, Math.floor((abortAtMs - context.nowMs) / 1000));
  const clock = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60]
    .map((value) => String(value).padStart(2, '0'))
    .join(':');
  return `Auto abort timer: active on install_activate, time before rollback - ${clock}`;
}

export function showSummary(ask: Ask): readonly string[] {
  const ids = ask.device.members.map((member) => member.id).join(' ');
  return [
    `[ Switch ${ids} ] Installed Package(s) Information:`,
    ...imageTable(ownOf(ask.device).images),
    abortLine(ask),
    rule,
    '',
  ];
}

export function showRollback({ device }: Ask): readonly string[] {
  return [
    'ID      Label                            Description',
    '-------------------------------------------------------',
    ...ownOf(device)
      .rollbacks.toReversed()
      .map((point) => `${String(point.id).padEnd(8)}${'No Label'.padEnd(33)}No Description`),
    '',
  ];
}

/** Every operation stands there with its start, and with its end once it is over. */
export function showInstallLog({ device, context }: Ask): readonly string[] {
  const { operation } = ownOf(device);
  const bootedAtMs = device.powerSinceMs;
  const boot = [
    `[0|install_op_boot]: START ${stampOf(bootedAtMs)}`,
    `[0|install_op_boot]: END SUCCESS  ${stampOf(bootedAtMs + 3000)}`,
  ];
  if (operation === null) return [...boot, ''];
  const begunMs = Math.min(context.nowMs, operation.untilMs - 60_000);
  return [...boot, `[1|${operation.name}]: START ${stampOf(begunMs)}`, ''];
}

export function showRollbackId({ device, args }: Ask): readonly string[] {
  const point = ownOf(device).rollbacks.find((one) => String(one.id) === args['id']);
  if (point === undefined) return [`% Rollback id ${args['id'] ?? ''} not found`];
  const reload = sameVersion(point.version, device.runningVersion) ? 'NO' : 'YES';
  return [
    `Rollback id - ${String(point.id)} (Created on ${fileDateOf(point.createdAtMs)})`,
    'Label: No Label',
    'Description: No Description',
    `Reload required: ${reload}`,
    ...imageTable([{ version: point.version, state: 'C' }]),
    '',
  ];
}

/** Packages unpacked on every member, and the image listed as inactive. */
function added(device: SimDevice, operation: Operation, nowMs: number): SimDevice {
  const found = findFile(device, `flash:${operation.fileName}`);
  if (found === undefined) return device;
  const files = [found.file, ...packageFiles(operation.version, found.file.sizeBytes, nowMs)];
  const members = device.members.map((member) => withFiles(member, files));
  const image: InstalledImage = { version: operation.version, state: 'I' };
  return withOwn({ ...device, members }, { images: [...ownOf(device).images, image] });
}

function withConf(device: SimDevice, version: string, nowMs: number): SimDevice {
  const file = packagesConfFile(version, nowMs);
  const members = device.members.map((member): SimMember => withFiles(member, [file]));
  return withOwn({ ...device, members }, { packagesConf: version });
}

function restated(
  device: SimDevice,
  stateOf: (image: InstalledImage) => InstalledImage['state'],
): readonly InstalledImage[] {
  return ownOf(device).images.map((image) => ({ ...image, state: stateOf(image) }));
}

/** How long after its last word the stack goes down. */
const goDownMs = 4000;

type After = { readonly device: SimDevice; readonly effects: readonly SimEffect[] };

function activated(device: SimDevice, operation: Operation, nowMs: number): After {
  const images = restated(device, (image) =>
    sameVersion(image.version, operation.version) ? 'U' : image.state,
  );
  const next = withOwn(withConf(device, operation.version, nowMs), {
    images,
    abortAtMs: nowMs + operation.autoAbortMs,
    reloadReason: 'Image Install',
  });
  return {
    device: next,
    effects: [
      { kind: 'timer', name: abortTimer, delayMs: operation.autoAbortMs },
      { kind: 'reload', delayMs: goDownMs, reason: 'Image Install' },
    ],
  };
}

/** Does the abort timer run on, whatever is committed? */
function runsOn({ faults }: SimDevice): boolean {
  return faults.includes('auto-abort-despite-commit');
}

function committed(device: SimDevice, operation: Operation, nowMs: number): After {
  const own = ownOf(device);
  const images = restated(device, (image) =>
    sameVersion(image.version, operation.version) ? 'C' : 'I',
  );
  const id = Math.max(0, ...own.rollbacks.map((point) => point.id)) + 1;
  const point = { id, version: operation.version, createdAtMs: nowMs };
  const kept = withOwn(device, { images, rollbacks: [...own.rollbacks, point] });
  if (runsOn(device)) return { device: kept, effects: [] };
  return {
    device: withOwn(kept, { abortAtMs: 0 }),
    effects: [{ kind: 'cancel-timer', name: abortTimer }],
  };
}

function returned(device: SimDevice, operation: Operation, nowMs: number): After {
  const images = restated(device, (image) =>
    sameVersion(image.version, operation.version) ? 'C' : 'I',
  );
  const next = withOwn(withConf(device, operation.version, nowMs), {
    images,
    abortAtMs: 0,
    reloadReason: 'Image Install',
  });
  return {
    device: next,
    effects: [
      { kind: 'cancel-timer', name: abortTimer },
      { kind: 'reload', delayMs: goDownMs, reason: 'Image Install' },
    ],
  };
}

/** The operation under way takes effect. */
export function finishOperation(device: SimDevice, nowMs: number): After {
  const { operation } = ownOf(device);
  if (operation === null) return { device, effects: [] };
  const idle = withOwn(device, { operation: null });
  switch (operation.name) {
    case 'install_add':
      return { device: added(idle, operation, nowMs), effects: [] };
    case 'install_activate':
      return activated(idle, operation, nowMs);
    case 'install_commit':
      return committed(idle, operation, nowMs);
    case 'install_abort':
    case 'install_rollback':
      return returned(idle, operation, nowMs);
  }
}

const autoAbortMs = 45_000;

/** Nobody committed in time: the stack takes its activation back by itself. */
export function autoAbort(device: SimDevice, nowMs: number): After {
  const own = ownOf(device);
  const from = runsOn(device) ? 'I' : 'C';
  const target = own.images.find((image) => image.state === from);
  if (own.abortAtMs > nowMs) {
    const delayMs = own.abortAtMs - nowMs;
    return { device, effects: [{ kind: 'timer', name: abortTimer, delayMs }] };
  }
  if (own.abortAtMs === 0) return { device, effects: [] };
  if (own.operation !== null || target === undefined) return { device, effects: [] };
  const operation: Operation = {
    name: 'install_abort',
    version: target.version,
    fileName: '',
    untilMs: nowMs + autoAbortMs,
    autoAbortMs: 0,
  };
  const text = `*${logStampOf(nowMs)}: %INSTALL-3-INSTALL_AUTO_ABORT_TIMER_EXPIRED: Switch 1 R0/0: install_engine: Install auto abort timer expired, initiating rollback`;
  return {
    device: withOwn(device, { operation }),
    effects: [
      { kind: 'log', text },
      { kind: 'timer', name: operationTimer, delayMs: autoAbortMs },
    ],
  };
}
