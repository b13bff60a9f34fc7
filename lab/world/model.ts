import { Fault } from '../../src/kernel/fault.js';
import type { Personality, PullResult, SimDevice, SimFile } from '../../src/driver/personality.js';
import type { CancelTimer } from '../../src/ports/clock.js';
import type { DeviceEffect, DeviceEvent, StepContext } from './device-state.js';
import { describeEvent, step } from './device.js';
import { describeFile } from './flash.js';
import { createEntry, type Breaks, type Entry, type ShellSink } from './entry.js';
import { EventLog, type TruthKind, type TruthRecord } from './event-log.js';
import type { FaultEffect, FaultSheet, FaultStrike, StrikeMoment } from './fault.js';
import type { LabDevice, LabImage, LabSpec } from './lab-spec.js';
import { FaultDesk } from './fault-desk.js';
import { Network } from './network.js';
import { PullDesk } from './pull-desk.js';
import { createRandom } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { ShellState } from './shell.js';

export type { ShellSink } from './entry.js';

export interface ModelParts {
  readonly personalities: Readonly<Record<string, Personality>>;
  readonly sheets: readonly FaultSheet[];
  readonly scheduler: Scheduler;
  /** Told of every record as it is made. */
  readonly onTruth?: (record: TruthRecord) => void;
}

/**
 * The simulated network: devices, cables, faults, and what really happened. Knows no protocol: the faces (in process, on
 * the wire) bring bytes to it and carry away its answers. Every change of a device goes through `send`.
 */
export class LabModel {
  readonly spec: LabSpec;
  readonly scheduler: Scheduler;
  readonly log = new EventLog();
  readonly pulls = new PullDesk(this);
  private readonly entries = new Map<string, Entry>();
  private readonly images: ReadonlyMap<string, LabImage>;
  private readonly faults: FaultDesk;
  private readonly network: Network;
  private readonly truthRecords: TruthRecord[] = [];
  private readonly onTruth: (record: TruthRecord) => void;
  private shellCount = 0;

  constructor(spec: LabSpec, parts: ModelParts) {
    this.spec = spec;
    this.scheduler = parts.scheduler;
    this.images = new Map(spec.images.map((image) => [image.sha512, image]));
    this.onTruth = parts.onTruth ?? (() => {});
    const random = createRandom(`${spec.seed}\nlab`);
    for (const device of spec.devices) {
      const personality = parts.personalities[device.platform];
      if (!personality) {
        throw new Fault('lab-fault', `${device.id}: no personality for "${device.platform}"`);
      }
      if (this.entries.has(device.id)) {
        throw new Fault('lab-fault', `the lab has two devices called "${device.id}"`);
      }
      const chance = random.stream(`device ${device.id}`);
      this.entries.set(device.id, createEntry(device, personality, chance));
    }
    const host = {
      scheduler: this.scheduler,
      device: (id: string) => this.entries.get(id)?.state.device,
      replace: (id: string, device: SimDevice) => this.replace(id, device),
      note: (id: string, text: string) => this.note(id, text),
    };
    this.network = new Network(spec, host, random.stream('network'));
    this.faults = new FaultDesk(parts.sheets, {
      ...host,
      network: this.network,
      entry: (id) => this.entry(id),
      all: () => this.entries.values(),
      isUp: (id) => this.isUp(id),
      record: (id, kind, detail) => this.record(id, kind, detail),
      type: (id, lines) => this.typeAs('someone', id, lines),
      crash: (id) => this.goDown(this.entry(id), 'system crash', true),
    });
    this.network.settle(spec.devices.map(({ id }) => id));
    for (const strike of spec.faults) this.strike(strike);
  }

  /** The device as it is now. */
  device(id: string): SimDevice {
    return this.entry(id).state.device;
  }

  /** Does it have power and a running system? */
  isUp(id: string): boolean {
    const { power } = this.device(id);
    return power === 'up' || power === 'going-down';
  }

  hostKeySeed(id: string): string {
    return this.entry(id).hostKeySeed;
  }

  personality(id: string): Personality {
    return this.entry(id).personality;
  }

  labDevice(id: string): LabDevice {
    return this.entry(id).spec;
  }

  imageOf(sha512: string): LabImage | undefined {
    return this.images.get(sha512);
  }

  truth(): readonly TruthRecord[] {
    return this.truthRecords;
  }

  /** `breaks` is called once, when the device goes down; the result takes it back. */
  connect(id: string, breaks: Breaks): () => void {
    const { breakers } = this.entry(id);
    breakers.add(breaks);
    return () => {
      breakers.delete(breaks);
    };
  }

  /** Opens a shell; its name is for `send`. Undefined when the device is not up. */
  openShell(
    id: string,
    sink: ShellSink,
    options: { readonly paging?: false } = {},
  ): string | undefined {
    if (!this.isUp(id)) return undefined;
    this.shellCount += 1;
    const shell = `${id}/${this.shellCount}`;
    this.entry(id).shells.set(shell, sink);
    this.send(id, { kind: 'open-shell', shell, ...options });
    return shell;
  }

  /** A shell as it is now; undefined when it is over. */
  shell(id: string, shell: string): ShellState | undefined {
    return this.entry(id).state.shells[shell];
  }

  closeShell(id: string, shell: string): void {
    if (this.entry(id).shells.delete(shell)) this.send(id, { kind: 'close-shell', shell });
  }

  /** Takes one event into the device and carries out what comes of it. */
  send(id: string, event: DeviceEvent): void {
    const entry = this.entry(id);
    const before = entry.state.device;
    const result = step(entry.state, event, this.context(entry));
    entry.state = result.state;
    const by = 'shell' in event ? entry.shells.get(event.shell)?.by : undefined;
    this.note(id, by === undefined ? describeEvent(event) : `${by}: ${describeEvent(event)}`);
    for (const effect of result.effects) {
      // The truth of what was changed is held against the plan: others have none.
      if (by === undefined || effect.kind !== 'mutation') this.carryOut(entry, effect);
    }
    if (event.kind !== 'replace') this.network.changed(id, before, entry.state.device);
  }

  /** Puts an uploaded file in place. */
  receiveFile(id: string, memberId: string, file: SimFile): void {
    this.send(id, { kind: 'file', memberId, file });
    this.record(id, 'upload', `${memberId} ${describeFile(file)}`);
  }

  /** A copy is begun that cannot fit. */
  tooLarge(id: string, detail: string): void {
    this.record(id, 'out-of-space', detail);
  }

  /** The device has fetched a file, or failed to. */
  endPull(id: string, tag: string, result: PullResult): void {
    if (result.kind === 'got') this.record(id, 'upload', `fetched ${describeFile(result.file)}`);
    this.send(id, { kind: 'pulled', tag, result });
  }

  /** The strikes whose moment has come; they are recorded and their lasting part is in force. */
  due(on: StrikeMoment, id: string, text = ''): readonly FaultEffect[] {
    return this.faults.due(on, id, text);
  }

  /** The effects that are in force on the device now. */
  effects(id: string): readonly FaultEffect[] {
    return this.faults.effects(id);
  }

  /** Is there a way to its management address? It may lead through another device. */
  isReachable(id: string): boolean {
    return this.isUp(id) && this.network.carriersOf(id).every((each) => this.isUp(each));
  }

  /** Is a fault of this effect in force on the device now? */
  suffers(id: string, effect: FaultEffect['kind']): boolean {
    return this.faults.suffers(id, effect);
  }

  /** Gives a fault its place in the lab; on a device that is away it begins with its return. Fault `lab-fault` when it or the device is not known. */
  strike(strike: FaultStrike): void {
    this.faults.strike(strike);
  }

  /** Takes a fault away, waiting or in force; what it has already done stays done. */
  clear(fault: string, device?: string): void {
    this.faults.clear(fault, device);
  }

  /** Mains off and on: boots a dead device, and breaks what runs on a living one. */
  powerCycle(id: string): void {
    if (this.device(id).power === 'booting') return;
    if (this.isUp(id)) this.goDown(this.entry(id), 'power cycle', true);
    else this.boot(this.entry(id), { kind: 'power-cycle' });
  }

  /** Somebody else logs in, types these lines and stays logged in. */
  private typeAs(by: string, id: string, lines: readonly string[]): void {
    const nothing = () => {};
    const sink = { output: nothing, closed: nothing, entered: () => [], drop: nothing, by };
    const shell = this.openShell(id, sink);
    if (shell === undefined) return;
    this.send(id, { kind: 'input', shell, text: lines.map((line) => `${line}\r`).join('') });
  }

  private entry(id: string): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw new Fault('lab-fault', `the lab has no device "${id}"`);
    return entry;
  }

  private context({ chance, acting }: Entry): StepContext {
    return { nowMs: this.scheduler.nowMs(), chance: () => chance.next(), personality: acting };
  }

  private replace(id: string, device: SimDevice): void {
    if (device !== this.device(id)) this.send(id, { kind: 'replace', device });
  }

  /** The device turned a login away; the log tells, so that tries can be counted. */
  loginRefused(id: string, method: string): void {
    this.note(id, `login refused: ${method}`);
  }

  private note(id: string, text: string): void {
    this.log.append(`${this.scheduler.nowMs()} ${id} ${text}`);
  }

  private record(id: string, kind: TruthKind, detail: string): void {
    const { runningVersion: version, bootCount } = this.device(id);
    const seq = this.truthRecords.length + 1;
    const atMs = this.scheduler.nowMs();
    const truth = { seq, atMs, device: id, kind, detail, version, bootCount };
    this.truthRecords.push(truth);
    this.onTruth(truth);
    this.note(id, `truth ${kind}: ${detail}`);
  }

  private carryOut(entry: Entry, effect: DeviceEffect): void {
    const { id } = entry.spec;
    switch (effect.kind) {
      case 'output':
        return this.output(entry, effect);
      case 'entered':
        this.after(0, id, () => this.enterLine(entry, effect.shell, effect.text));
        return;
      case 'running':
        this.after(effect.delayMs, id, () =>
          this.send(id, { kind: 'output-over', shell: effect.shell }),
        );
        return;
      case 'shell-over':
        this.after(effect.delayMs, id, () => this.endShell(entry, effect.shell));
        return;
      case 'pull':
        return this.pulls.begin(id, effect);
      case 'mutation':
        return this.record(id, 'mutation', `${effect.name}: ${effect.line}`);
      default:
        return this.carryOutPower(entry, effect);
    }
  }

  private carryOutPower(
    entry: Entry,
    effect: Extract<
      DeviceEffect,
      { kind: 'timer' | 'cancel-timer' | 'reload' | 'booting' | 'dead' | 'up' }
    >,
  ): void {
    const { id } = entry.spec;
    switch (effect.kind) {
      case 'timer':
        entry.timers.get(effect.name)?.();
        entry.timers.set(
          effect.name,
          this.after(effect.delayMs, id, () => this.fireTimer(entry, effect.name)),
        );
        return;
      case 'cancel-timer':
        entry.timers.get(effect.name)?.();
        entry.timers.delete(effect.name);
        return;
      case 'reload':
        this.record(id, 'reload-requested', effect.reason);
        entry.goingDown ??= this.after(effect.delayMs, id, () => this.goDown(entry, effect.reason));
        return;
      case 'booting':
        this.after(effect.afterMs, id, () => this.send(id, { kind: 'come-up' }));
        return;
      case 'dead':
        return this.record(id, 'never-returned', effect.why);
      case 'up':
        return this.cameUp(entry);
    }
  }

  private after(delayMs: number, id: string, action: () => void): CancelTimer {
    return this.scheduler.schedule(delayMs, action, id);
  }

  private output(entry: Entry, effect: Extract<DeviceEffect, { kind: 'output' }>): void {
    const sink = entry.shells.get(effect.shell);
    if (!sink) return;
    if (effect.delayMs === 0) return sink.output(effect.text);
    this.after(effect.delayMs, entry.spec.id, () => {
      entry.shells.get(effect.shell)?.output(effect.text);
    });
  }

  private endShell(entry: Entry, shell: string): void {
    const sink = entry.shells.get(shell);
    entry.shells.delete(shell);
    sink?.closed('the device closed the session');
  }

  private fireTimer(entry: Entry, name: string): void {
    entry.timers.delete(name);
    this.send(entry.spec.id, { kind: 'timer', name });
  }

  private enterLine(entry: Entry, shell: string, text: string): void {
    const { id } = entry.spec;
    const sink = entry.shells.get(shell);
    if (!sink) return;
    const effects = sink.entered(text);
    const drop = effects.find((effect) => effect.kind === 'drop-session');
    if (effects.some((effect) => effect.kind === 'hang-session')) return;
    if (drop?.when === 'before') return sink.drop('connection reset by peer');
    if (drop) entry.shells.delete(shell);
    this.send(id, { kind: 'line', shell, text });
    if (!drop) return;
    sink.drop('connection reset by peer');
    this.send(id, { kind: 'close-shell', shell });
  }

  /** Connections end first, so that what they were writing is in the flash that boots. */
  private goDown(entry: Entry, reason: string, isSilent = false): void {
    const { id } = entry.spec;
    entry.goingDown?.();
    entry.goingDown = undefined;
    if (!this.isUp(id)) return;
    this.record(id, 'went-down', reason);
    const breakers = Array.from(entry.breakers);
    entry.breakers.clear();
    for (const breaks of breakers) breaks('connection reset by peer', isSilent);
    entry.shells.clear();
    for (const cancel of entry.timers.values()) cancel();
    entry.timers.clear();
    this.pulls.drop(id);
    this.due('reload', id);
    this.boot(entry, { kind: 'go-down' });
    for (const behind of this.network.carriedBy(id)) this.cutOff(behind);
    this.network.wentDown(id);
  }

  /** The way to it is gone: nobody hears a word, and the device itself goes on. */
  private cutOff(id: string): void {
    const entry = this.entry(id);
    const breakers = Array.from(entry.breakers);
    entry.breakers.clear();
    for (const breaks of breakers) breaks('no way to the device', true);
  }

  private boot(entry: Entry, event: DeviceEvent): void {
    this.send(entry.spec.id, event);
    this.faults.bootSettled(entry);
  }

  private cameUp(entry: Entry): void {
    this.faults.cameUp(entry);
    this.network.cameUp(entry.spec.id);
  }
}
