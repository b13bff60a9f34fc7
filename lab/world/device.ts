import type { SimDevice, SimFile } from '../../src/driver/personality.js';
import { answerLine, openShell, outputOver, pulled, pump, spread } from './device-shell.js';
import {
  isUp,
  unchanged,
  withoutShell,
  withShell,
  type DeviceEffect,
  type DeviceEvent,
  type DeviceState,
  type StepContext,
  type StepResult,
} from './device-state.js';
import { putFile } from './flash.js';
import { deepFreeze } from './freeze.js';
import { arrive } from './shell.js';

function goDown(state: DeviceState, context: StepContext): StepResult {
  const leaving: SimDevice = { ...state.device, power: 'going-down' };
  const boot = context.personality.boot(leaving, context);
  const power = boot.kind === 'boots' ? 'booting' : 'dead';
  const device: SimDevice = { ...leaving, power, powerSinceMs: context.nowMs };
  const over = Object.keys(state.shells).map((shell): DeviceEffect => ({
    kind: 'shell-over',
    shell,
    delayMs: 0,
  }));
  const fate: DeviceEffect =
    boot.kind === 'boots'
      ? { kind: 'booting', afterMs: boot.afterMs }
      : { kind: 'dead', why: boot.why };
  return { state: { device, shells: {}, boot }, effects: [...over, fate] };
}

/** The device that the boot promised, in the surroundings as they are now. Nothing routed is up yet. */
function awake(state: DeviceState, promised: SimDevice, nowMs: number): SimDevice {
  const { device } = state;
  const ports = promised.ports.map((port) => {
    const now = device.ports.find(({ name }) => name === port.name);
    if (!now) return port;
    const { remote: _remote, ...bare } = port;
    return { ...bare, oper: now.oper, ...(now.remote && { remote: now.remote }) };
  });
  const peers = promised.peers.map((peer) => ({
    ...peer,
    up: false,
    sinceMs: nowMs,
    prefixes: 0,
  }));
  return {
    ...promised,
    ports,
    peers,
    redundancy: { ...promised.redundancy, peerUp: false },
    faults: device.faults,
    power: 'up',
    powerSinceMs: nowMs,
    bootCount: device.bootCount + 1,
  };
}

function comeUp(state: DeviceState, context: StepContext): StepResult {
  if (state.boot?.kind !== 'boots') return unchanged(state);
  const device = awake(state, state.boot.device, context.nowMs);
  const next: DeviceState = { device, shells: {} };
  return { state: next, effects: [{ kind: 'up' }, ...spread(next, state.boot.effects, context)] };
}

function runTimer(state: DeviceState, name: string, context: StepContext): StepResult {
  if (!isUp(state)) return unchanged(state);
  const answer = context.personality.timer(state.device, name, context);
  const next = { ...state, device: answer.device };
  return { state: next, effects: spread(next, answer.effects, context) };
}

function react(state: DeviceState, event: DeviceEvent, context: StepContext): StepResult {
  switch (event.kind) {
    case 'open-shell':
      return openShell(state, event, context);
    case 'input': {
      const shell = state.shells[event.shell];
      if (!shell) return unchanged(state);
      const next = withShell(state, event.shell, arrive(shell, event.text));
      return pump(next, event.shell, context);
    }
    case 'line':
      return answerLine(state, event.shell, event.text, context);
    case 'output-over':
      return outputOver(state, event.shell, context);
    case 'pulled':
      return pulled(state, event, context);
    case 'close-shell':
      return unchanged(withoutShell(state, event.shell));
    case 'timer':
      return runTimer(state, event.name, context);
    default:
      return reactToPower(state, event, context);
  }
}

type PowerEvent = Extract<
  DeviceEvent,
  { kind: 'go-down' | 'come-up' | 'power-cycle' | 'file' | 'replace' }
>;

/** A file that arrives during a boot is also in the flash of what comes up. */
function withFile(state: DeviceState, memberId: string, file: SimFile): DeviceState {
  const device = putFile(state.device, memberId, file);
  if (!state.boot) return { ...state, device };
  const boot = { ...state.boot, device: putFile(state.boot.device, memberId, file) };
  return { ...state, device, boot };
}

function reactToPower(state: DeviceState, event: PowerEvent, context: StepContext): StepResult {
  switch (event.kind) {
    case 'go-down':
      return isUp(state) ? goDown(state, context) : unchanged(state);
    case 'come-up':
      return comeUp(state, context);
    case 'power-cycle':
      return state.device.power === 'booting' ? unchanged(state) : goDown(state, context);
    case 'file':
      return unchanged(withFile(state, event.memberId, event.file));
    case 'replace':
      return unchanged({ ...state, device: event.device });
  }
}

/** One event, one new state, and what is to be done about it. Pure; the state given is not touched, the new one frozen. */
export function step(state: DeviceState, event: DeviceEvent, context: StepContext): StepResult {
  return deepFreeze(react(state, event, context));
}

/** An event as one line of the log. */
export function describeEvent(event: DeviceEvent): string {
  switch (event.kind) {
    case 'input':
    case 'line':
      return `${event.kind} ${event.shell} ${JSON.stringify(event.text)}`;
    case 'open-shell':
    case 'close-shell':
    case 'output-over':
      return `${event.kind} ${event.shell}`;
    case 'timer':
      return `timer ${event.name}`;
    case 'pulled':
      return `pulled ${event.tag} ${event.result.kind}`;
    case 'file':
      return `file ${event.memberId} ${event.file.name} ${event.file.sha512.slice(0, 12)}`;
    default:
      return event.kind;
  }
}
