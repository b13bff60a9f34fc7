import type { SimBoot, SimContext, SimDevice } from '../../src/driver/personality.js';
import { followConfig } from './personality-candidate.js';
import { takenBack } from './personality-commit.js';
import { parseConfig, renderConfig } from './personality-config-text.js';
import { modelOf } from './personality-models.js';
import {
  between,
  booted,
  type Engine,
  engineNamed,
  type Going,
  masterEngine,
  otherEngine,
  readOwn,
  settle,
  withEngine,
  withMaster,
  withOwn,
} from './personality-state.js';

export const FIRST_REASON = '0x1:power cycle/failure';
export const USER_REASON = '0x4000:VJUNOS reboot';

const BOOT_MS: Readonly<Record<'router' | 'vmhost' | 'switch', readonly [number, number]>> = {
  router: [270_000, 480_000],
  vmhost: [420_000, 660_000],
  switch: [300_000, 480_000],
};
const FIRST_BOOT_MS = 90_000;
const SLOW_BOOT = 3;
const OVERRUN_BOOT = 150;
const SWITCH_MS = [45_000, 110_000] as const;

/** How long an engine is away, from its chassis and whether it boots its software for the first time. */
export function bootMs(device: SimDevice, engine: Engine, context: SimContext): number {
  const model = modelOf(device);
  const [low, high] = BOOT_MS[model.isVmhost ? 'vmhost' : model.kind];
  const extra = engine.pending === null ? 0 : FIRST_BOOT_MS;
  return between(context, low, high) + extra;
}

function slowness({ faults }: SimDevice): number {
  if (faults.includes('boot-overruns-window')) return OVERRUN_BOOT;
  return faults.includes('slow-boot') ? SLOW_BOOT : 1;
}

/** Why nothing comes up; undefined when something does. */
function stuck({ faults }: SimDevice, going: Going | ''): string | undefined {
  if (going === 'halt') return 'halted; it waits for a key at its console';
  if (faults.includes('never-returns')) return 'no sign of life after the reset';
  if (faults.includes('falls-to-loader')) {
    return "can't load 'kernel'; the engine waits at the prompt loader>";
  }
  return undefined;
}

/** The device has gone down: which engine leads it when it is back, and with what software? */
export function bootDevice(before: SimDevice, context: SimContext): SimBoot {
  const device = settle(before, context.nowMs);
  const { going } = readOwn(device);
  const why = stuck(device, going);
  if (why !== undefined) {
    const dead: SimDevice = { ...device, power: 'dead', powerSinceMs: context.nowMs };
    return { kind: 'never', device: withOwn(dead, { going: '' }), why };
  }
  const isWhole = going === 'reboot' || going === '';
  const quickMs = between(context, SWITCH_MS[0], SWITCH_MS[1]);
  const baseMs = isWhole ? bootMs(device, masterEngine(device), context) : quickMs;
  const afterMs = baseMs * slowness(device);
  const upAtMs = context.nowMs + afterMs;
  const led = isWhole ? allBooted(device, upAtMs) : otherLeads(device, going, context);
  const up = configured(led, upAtMs);
  const log = `Junos ${up.runningVersion} started`;
  return { kind: 'boots', device: up, afterMs, effects: [{ kind: 'log', text: log }] };
}

/** A set that does not come up is left for the one before. */
function bootedAt(device: SimDevice, engine: Engine, atMs: number): Engine {
  const isOld = device.faults.includes('boots-old-image');
  return booted(isOld ? { ...engine, pending: null } : engine, atMs);
}

function allBooted(device: SimDevice, upAtMs: number): SimDevice {
  const { engines, going, goingReason } = readOwn(device);
  const reason = going === '' ? FIRST_REASON : goingReason;
  const fresh = engines.map((engine) => ({ ...bootedAt(device, engine, upAtMs), reason }));
  const first = fresh[0]?.id ?? 're0';
  return withMaster(withOwn(device, { engines: fresh, switchedAtMs: 0 }), first);
}

function otherLeads(device: SimDevice, going: Going, context: SimContext): SimDevice {
  const old = masterEngine(device);
  const next = otherEngine(device) ?? old;
  const isOld = device.faults.includes('boots-old-image') && next.previous !== null;
  const fallenBack = isOld ? { running: next.previous, previous: next.running } : {};
  const leading = isOld
    ? withOwn(device, { engines: replaced(device, next.id, fallenBack) })
    : device;
  const backAtMs = context.nowMs + bootMs(device, old, context);
  const resting =
    going === 'reboot-master'
      ? withEngine(leading, old.id, { backAtMs, reason: USER_REASON })
      : leading;
  return withMaster(withOwn(resting, { switchedAtMs: context.nowMs }), next.id);
}

function replaced(
  device: SimDevice,
  id: string,
  patch: { readonly running?: Engine['running'] | null; readonly previous?: Engine['previous'] },
): readonly Engine[] {
  const engine = engineNamed(device, id) ?? masterEngine(device);
  const changed: Engine = {
    ...engine,
    running: patch.running ?? engine.running,
    previous: patch.previous ?? engine.previous,
  };
  return readOwn(device).engines.map((each) => (each.id === id ? changed : each));
}

const FACTORY = `
set system syslog user * any emergency
set system syslog file messages any notice
set system syslog file messages authorization info
set system services ssh
set protocols lldp interface all
`;

/** The configuration as the new software reads it: its own release in the first line. */
function configured(device: SimDevice, nowMs: number): SimDevice {
  const kept = takenBack(device, nowMs);
  const isLost = device.faults.includes('config-lost');
  const tree = parseConfig(isLost ? FACTORY : kept.runningConfig);
  const release = {
    words: ['version'],
    values: [kept.runningVersion],
    inactive: false,
    children: [],
  };
  const others = tree.filter(({ words }) => words[0] !== 'version');
  const config = renderConfig([release, ...others]);
  const [last, ...older] = readOwn(kept).commits;
  const entry = { atMs: nowMs, user: 'root', via: 'other', comment: '' };
  const commits = isLost || !last ? [{ ...entry, config }] : [{ ...last, config }, ...older];
  const clean = withOwn(kept, {
    commits,
    candidate: '',
    holder: 0,
    heldCandidate: '',
    going: '',
    goingReason: '',
    rebootAtMs: 0,
    rebootScope: '',
  });
  return followConfig({
    ...clean,
    power: 'up',
    powerSinceMs: nowMs,
    bootCount: device.bootCount + 1,
    runningConfig: config,
    startupConfig: config,
  });
}
