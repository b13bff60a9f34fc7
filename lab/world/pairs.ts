import type { SimDevice } from '../../src/driver/personality.js';

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

  constructor(ground: PairGround) {
    this.ground = ground;
  }

  /** The partner notices that the device is gone. */
  broken(id: string): void {
    const partner = this.partnerOf(id);
    if (partner !== undefined && !this.ground.isAwake(id)) this.set(partner, false);
  }

  /** Both have found each other again. */
  whole(id: string): void {
    const partner = this.partnerOf(id);
    if (partner === undefined || !this.ground.isAwake(id) || !this.ground.isAwake(partner)) return;
    this.set(id, true);
    this.set(partner, true);
  }

  private set(id: string, peerUp: boolean): void {
    const device = this.ground.device(id);
    if (!device || device.redundancy.kind === 'none') return;
    if (device.redundancy.peerUp === peerUp) return;
    this.ground.note(id, `redundancy peer ${peerUp ? 'up' : 'down'}`);
    this.ground.replace(id, { ...device, redundancy: { ...device.redundancy, peerUp } });
  }

  private partnerOf(id: string): string | undefined {
    const redundancy = this.ground.device(id)?.redundancy;
    if (!redundancy || redundancy.kind === 'none') return undefined;
    return this.ground.nodeOf(redundancy.peerSystem);
  }
}
