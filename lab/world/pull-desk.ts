import type { PullResult } from '../../src/driver/personality.js';
import type { PullMethod } from '../../src/ports/dialer.js';
import type { SimPull } from './device-state.js';
import type { LabDevice } from './lab-spec.js';
import type { Scheduler } from './scheduler.js';

/** What a device wants to have fetched. */
export interface PullOrder {
  readonly device: string;
  readonly method: PullMethod;
  readonly host: string;
  /** Where its network brings it: the method's standard port, unless that is forwarded. */
  readonly port: number;
  readonly path: string;
}

/** How the devices of a lab fetch files: one of the faces. `done` is called once, unless the result was called before. */
export type Fetcher = (order: PullOrder, done: (result: PullResult) => void) => () => void;

const HTTP_PORT = 80;
const TFTP_PORT = 69;
const NO_NETWORK_MS = 1000;

/** Whose devices fetch. */
interface Fetching {
  readonly scheduler: Scheduler;
  labDevice(id: string): Pick<LabDevice, 'tftpPort'>;
  endPull(device: string, tag: string, result: PullResult): void;
}

/** The last part of a path: what the file is called on the device. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The files that the devices of a model are fetching now. */
export class PullDesk {
  private readonly model: Fetching;
  private readonly underWay = new Map<string, Map<string, () => void>>();
  private fetcher: Fetcher | undefined;

  constructor(model: Fetching) {
    this.model = model;
  }

  /** From now on files are fetched so. */
  serveBy(fetcher: Fetcher): void {
    this.fetcher = fetcher;
  }

  /** Begins to fetch; one of the same tag is given up. */
  begin(device: string, pull: SimPull): void {
    const { tag, method, host, path } = pull;
    const { tftpPort = TFTP_PORT } = this.model.labDevice(device);
    const port = pull.port ?? (method === 'tftp' ? tftpPort : HTTP_PORT);
    const mine = this.underWay.get(device) ?? new Map<string, () => void>();
    this.underWay.set(device, mine);
    mine.get(tag)?.();
    const done = (result: PullResult) => {
      if (mine.get(tag) !== cancel) return;
      mine.delete(tag);
      this.model.endPull(device, tag, result);
    };
    const order = { device, method, host, port, path };
    const stop = (this.fetcher ?? this.fetchNothing)(order, (result) => done(result));
    const cancel = () => stop();
    mine.set(tag, cancel);
  }

  /** The device goes down: nothing that it was fetching arrives. */
  drop(device: string): void {
    const mine = this.underWay.get(device);
    this.underWay.delete(device);
    for (const cancel of mine?.values() ?? []) cancel();
    mine?.clear();
  }

  /** Without a face there is no network. A fetcher always answers later, never at once. */
  private readonly fetchNothing: Fetcher = (order, done) =>
    this.model.scheduler.schedule(
      NO_NETWORK_MS,
      () => done({ kind: 'failed', why: 'network is unreachable' }),
      `fetch of ${order.device}`,
    );
}
