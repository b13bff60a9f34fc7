import type { SimDevice } from '../../src/driver/personality.js';
import { actingUnder } from './acting.js';
import { relieved, struck } from './affliction.js';
import type { Entry } from './entry.js';
import type { TruthKind } from './event-log.js';
import type { FaultEffect, FaultSheet, FaultStrike, StrikeMoment } from './fault.js';
import type { Network } from './network.js';
import type { Scheduler } from './scheduler.js';
import { StrikeBook, type LiveStrike } from './strike-book.js';

/** What the faults ask of the model that holds the devices. */
export interface FaultHost {
  readonly scheduler: Scheduler;
  readonly network: Network;
  entry(id: string): Entry;
  all(): Iterable<Entry>;
  isUp(id: string): boolean;
  replace(id: string, device: SimDevice): void;
  note(id: string, text: string): void;
  record(id: string, kind: TruthKind, detail: string): void;
  /** Somebody else logs in and types. */
  type(id: string, lines: readonly string[]): void;
  /** Down with its system, without a word to anybody. */
  crash(id: string): void;
}

/** The faults of a lab: which wait, which are in force, and what they do to devices and network. */
export class FaultDesk {
  private readonly host: FaultHost;
  private readonly book: StrikeBook;
  /** The release that crashes again and again, by fault in force. */
  private readonly crashing = new WeakMap<LiveStrike, string>();

  constructor(sheets: readonly FaultSheet[], host: FaultHost) {
    this.host = host;
    this.book = new StrikeBook(sheets);
  }

  /** The strikes whose moment has come; they are recorded and their lasting part is in force. */
  due(on: StrikeMoment, id: string, text = ''): readonly FaultEffect[] {
    return this.book.due(on, id, text).map((live) => {
      this.host.record(id, 'fault-struck', live.sheet.id);
      this.enforce(id, live);
      return live.effect;
    });
  }

  /** Is a fault of this effect in force on the device now? */
  suffers(id: string, effect: FaultEffect['kind']): boolean {
    return this.effects(id).some(({ kind }) => kind === effect);
  }

  /** The effects that are in force on the device now. */
  effects(id: string): readonly FaultEffect[] {
    return [...this.host.entry(id).inForce.values()].map(({ effect }) => effect);
  }

  /** Gives a fault its place in the lab; on a device that is away it begins with its return. Fault `lab-fault` when it cannot be. */
  strike(strike: FaultStrike): void {
    const entry = this.host.entry(strike.device);
    this.book.add(strike, entry.spec.platform);
    this.host.note(entry.spec.id, `fault ${strike.fault} waits`);
    if (this.host.isUp(strike.device)) this.due('start', strike.device);
  }

  /** Takes a fault away, waiting or in force; what it has already done stays done. */
  clear(fault: string, device?: string): void {
    this.book.remove(fault, device);
    for (const entry of this.host.all()) {
      const live = entry.inForce.get(fault);
      if (live && (device === undefined || entry.spec.id === device)) this.lift(entry, live);
    }
  }

  /** Faults that strike one boot only are spent once the boot's outcome is settled. */
  bootSettled(entry: Entry): void {
    for (const [fault, live] of entry.inForce) {
      if (live.sheet.lasts !== 'one-boot' || live.strike.params?.sticky === true) continue;
      entry.inForce.delete(fault);
      this.relieve(entry, live);
    }
    this.act(entry);
  }

  /** What was cleared while the device was away is undone now that it is back; then the faults of a boot strike. */
  cameUp(entry: Entry): void {
    const { id } = entry.spec;
    for (const live of entry.owed.splice(0)) this.relieve(entry, live);
    const { runningVersion } = entry.state.device;
    this.host.record(id, 'boot', `running ${runningVersion}`);
    for (const live of entry.inForce.values()) {
      if (this.crashing.get(live) === runningVersion) this.crashLater(entry, live.effect);
    }
    this.due('start', id);
    this.due('boot', id);
  }

  private relieve(entry: Entry, live: LiveStrike): void {
    const { id, hostname } = entry.spec;
    this.host.replace(id, relieved(entry.state.device, live, hostname));
  }

  private lift(entry: Entry, live: LiveStrike): void {
    const { id } = entry.spec;
    entry.inForce.delete(live.sheet.id);
    this.relieve(entry, live);
    if (!this.host.isUp(id)) entry.owed.push(live);
    this.act(entry);
    this.host.network.relieve(id, live.sheet.id);
    this.host.record(id, 'fault-cleared', live.sheet.id);
  }

  /** The lasting part of a strike. */
  private enforce(id: string, live: LiveStrike): void {
    const entry = this.host.entry(id);
    const { effect, sheet } = live;
    if (sheet.lasts !== 'once') entry.inForce.set(sheet.id, live);
    this.host.replace(id, struck(entry.state.device, live, this.host.scheduler.nowMs()));
    this.act(entry);
    if (effect.kind === 'change-host-key') entry.hostKeySeed = `${entry.hostKeySeed}+`;
    if (effect.kind === 'someone-types') this.type(entry, effect.lines);
    if (effect.kind === 'crash') {
      this.crashing.set(live, entry.state.device.runningVersion);
      this.crashLater(entry, effect);
    }
    const what = this.host.network.harm(id, live);
    if (what !== undefined) this.host.note(id, what);
    if (sheet.passesAfterMs !== undefined) this.passLater(entry, live, sheet.passesAfterMs);
  }

  private act(entry: Entry): void {
    const inForce = [...entry.inForce.values()].map(({ effect }) => effect);
    entry.acting = actingUnder(entry.personality, inForce);
  }

  private type(entry: Entry, lines: Readonly<Record<string, readonly string[]>>): void {
    const { id, platform } = entry.spec;
    this.host.type(id, lines[platform] ?? lines['other'] ?? []);
  }

  private crashLater(entry: Entry, effect: FaultEffect): void {
    if (effect.kind !== 'crash') return;
    const { id } = entry.spec;
    const { bootCount } = entry.state.device;
    this.host.scheduler.schedule(
      effect.afterMs,
      () => {
        if (entry.state.device.bootCount === bootCount) this.host.crash(id);
      },
      id,
    );
  }

  private passLater(entry: Entry, live: LiveStrike, afterMs: number): void {
    const { id } = entry.spec;
    this.host.scheduler.schedule(
      afterMs,
      () => {
        if (entry.inForce.get(live.sheet.id) === live) this.lift(entry, live);
      },
      id,
    );
  }
}
