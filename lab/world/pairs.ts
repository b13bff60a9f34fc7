import type { SimDevice, SimRedundancy } from '../../src/driver/personality.js';
import type { LiveStrike } from './strike-book.js';

/** What redundant pairs ask of the network. */
export interface PairGround {
  /** Undefined for passive nodes. */
  device(id: string): SimDevice | undefined;
  replace(id: string, device: SimDevice): void;
  note(device: string, text: string): void;
  /** The node of this hostname. */
  nodeOf(system: string): string | undefined;
  isAwake(id: string): boolean;
}

/** Two devices that stand in for each other. */
export class Pairs {
  private readonly ground: PairGround;
  /** Were primary when they went: they come back as secondary, and find out when they find their partner. */
  private readonly demoted = new Set<string>();
  /** Do not find their partner any more, and by which fault. */
  private readonly parted = new Map<string, string>();

  constructor(ground: PairGround) {
    this.ground = ground;
  }

  /** The partner notices that the device is gone, and takes its part. */
  broken(id: string): void {
    const partner = this.partnerOf(id);
    if (partner === undefined || this.ground.isAwake(id)) return;
    if (this.roleOf(id) === 'primary' && this.ground.isAwake(partner)) this.demoted.add(id);
    this.set(partner, { peerUp: false, ...(this.demoted.has(id) ? { role: 'primary' } : {}) });
  }

  /** Both have found each other again. */
  whole(id: string): void {
    const partner = this.partnerOf(id);
    if (partner === undefined || !this.ground.isAwake(id) || !this.ground.isAwake(partner)) return;
    if (this.parted.has(id) || this.parted.has(partner)) return;
    for (const one of [id, partner]) {
      const role = this.demoted.delete(one) ? ({ role: 'secondary' } as const) : {};
      this.set(one, { peerUp: true, ...role });
    }
  }

  /** What a fault in force does to the pair, in words; undefined when it is none of pairs. */
  harm(id: string, { effect, sheet }: LiveStrike): string | undefined {
    const partner = this.partnerOf(id);
    if (effect.kind !== 'part-pair' && effect.kind !== 'swap-roles') return undefined;
    if (partner === undefined) return 'no partner';
    if (effect.kind === 'swap-roles') {
      const role = this.roleOf(id);
      this.set(partner, { role });
      this.set(id, { role: role === 'primary' ? 'secondary' : 'primary' });
      return `changes places with ${partner}`;
    }
    this.parted.set(id, sheet.id);
    for (const one of [id, partner]) this.set(one, { peerUp: false, role: 'primary' });
    return `no longer sees ${partner}`;
  }

  /** Undoes `harm`. */
  relieve(id: string, fault: string): void {
    if (this.parted.get(id) !== fault) return;
    this.parted.delete(id);
    this.demoted.add(id);
    this.whole(id);
  }

  private roleOf(id: string): SimRedundancy['role'] {
    return this.ground.device(id)?.redundancy.role ?? 'primary';
  }

  private set(id: string, change: Partial<SimRedundancy>): void {
    const device = this.ground.device(id);
    if (!device || device.redundancy.kind === 'none') return;
    const redundancy = { ...device.redundancy, ...change };
    const { peerUp, role } = device.redundancy;
    if (redundancy.peerUp === peerUp && redundancy.role === role) return;
    const state = redundancy.peerUp ? 'up' : 'down';
    this.ground.note(id, `redundancy peer ${state}, ${redundancy.role}`);
    this.ground.replace(id, { ...device, redundancy });
  }

  private partnerOf(id: string): string | undefined {
    const redundancy = this.ground.device(id)?.redundancy;
    if (!redundancy || redundancy.kind === 'none') return undefined;
    return this.ground.nodeOf(redundancy.peerSystem);
  }
}
