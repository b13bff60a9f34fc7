import { request } from 'node:http';
import { isIPv4 } from 'node:net';
import type { PullResult, SimFile } from '../../src/driver/personality.js';
import type { LabModel } from './model.js';
import { nameOf, type Fetcher, type PullOrder } from './pull-desk.js';
import type { UploadDesk } from './upload-desk.js';
import { TftpClient } from './wire-tftp.js';
import { IncomingFile } from './wire-upload.js';

/** How long a device waits for the next byte, on lab time. */
const PATIENCE_MS = 60_000;
const SIZE_UNKNOWN = 256 * 1024 * 1024;
const UNREACHABLE_MS = 1000;

/** What comes of a file that a device fetches: faults strike it, and it is hashed and dropped. */
class Arrival {
  private readonly model: LabModel;
  private readonly desk: UploadDesk;
  private readonly order: PullOrder;
  private readonly done: (result: PullResult) => void;
  private incoming: IncomingFile | undefined;
  private file: SimFile | undefined;
  private over = false;

  constructor(
    parts: { readonly model: LabModel; readonly desk: UploadDesk },
    order: PullOrder,
    done: (result: PullResult) => void,
  ) {
    this.model = parts.model;
    this.desk = parts.desk;
    this.order = order;
    this.done = done;
  }

  begin(sizeBytes: number | undefined): void {
    if (this.incoming) return;
    const { device, path } = this.order;
    const place = { memberId: '', fileName: nameOf(path), roomBytes: Infinity, resumes: false };
    const plan = { ...place, ...this.desk.trouble(device, sizeBytes ?? SIZE_UNKNOWN) };
    const start = { heldBytes: 0, beginning: undefined };
    this.incoming = new IncomingFile(plan, start, ({ name, sizeBytes: size, sha512, md5 }) => {
      const image = this.model.imageOf(sha512);
      this.file = {
        name,
        sizeBytes: size,
        sha512,
        md5,
        ...(image && { image: { platform: image.platform, version: image.version } }),
        modifiedAtMs: this.model.scheduler.nowMs(),
      };
    });
  }

  /** False: no more is taken, and the result is on its way. */
  take(offset: number, bytes: Buffer): boolean {
    const taken = this.incoming?.write(offset, bytes) ?? 'refused';
    if (taken === 'taken') return true;
    if (taken === 'stalled') this.fail('timed out', PATIENCE_MS);
    else this.fail('connection reset by peer', 0);
    return false;
  }

  end(why: string | undefined): void {
    if (why !== undefined || !this.incoming) return this.fail(why ?? 'nothing came', 0);
    this.incoming.finish();
    const { file } = this;
    if (file) this.settle({ kind: 'got', file });
    else this.fail('nothing came', 0);
  }

  abandon(): void {
    this.over = true;
  }

  private fail(why: string, afterMs: number): void {
    const label = `fetch of ${this.order.device}`;
    this.model.scheduler.schedule(afterMs, () => this.settle({ kind: 'failed', why }), label);
  }

  private settle(result: PullResult): void {
    if (this.over) return;
    this.over = true;
    this.done(result);
  }
}

function fetchTftp(order: PullOrder, from: string, arrival: Arrival): () => void {
  const { host, port, path } = order;
  const client = new TftpClient(
    { from, host, port, path },
    {
      size: (bytes) => arrival.begin(bytes),
      piece: (offset, bytes) => arrival.take(offset, bytes),
      end: (why) => arrival.end(why),
    },
  );
  return () => client.stop();
}

function fetchHttp(order: PullOrder, from: string, arrival: Arrival): () => void {
  const { host, port, path } = order;
  const options = { host, port, path: `/${path}`, localAddress: from, agent: false };
  const call = request(options, (response) => {
    if (response.statusCode !== 200) {
      response.resume();
      return arrival.end(`HTTP status ${response.statusCode ?? 0}`);
    }
    arrival.begin(Number(response.headers['content-length'] ?? SIZE_UNKNOWN));
    let atBytes = 0;
    let stopped = false;
    response.on('data', (bytes: Buffer) => {
      if (stopped) return;
      stopped = !arrival.take(atBytes, bytes);
      atBytes += bytes.length;
      if (stopped) call.destroy();
    });
    response.on('error', () => {});
    response.on('close', () => {
      if (!stopped) arrival.end(response.complete ? undefined : 'connection reset by peer');
    });
  });
  call.on('error', (error) => arrival.end(error.message));
  call.end();
  return () => call.destroy();
}

/** Devices of a wire lab fetch for real, from their own addresses, and from loopback only. */
export function wireFetcher(parts: {
  readonly model: LabModel;
  readonly desk: UploadDesk;
}): Fetcher {
  return (order, done) => {
    const { scheduler } = parts.model;
    const { address } = parts.model.labDevice(order.device);
    if (!isIPv4(order.host) || !order.host.startsWith('127.')) {
      const result = { kind: 'failed', why: 'network is unreachable' } as const;
      return scheduler.schedule(UNREACHABLE_MS, () => done(result), `fetch of ${order.device}`);
    }
    const arrival = new Arrival(parts, order, done);
    const stop = (order.method === 'tftp' ? fetchTftp : fetchHttp)(order, address, arrival);
    return () => {
      arrival.abandon();
      stop();
    };
  };
}
