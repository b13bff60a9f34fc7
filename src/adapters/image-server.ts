import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { open, type FileHandle } from 'node:fs/promises';
import { isIP } from 'node:net';
import { basename } from 'node:path';
import { Fault, messageOf } from '../kernel/fault.js';
import type { Clock } from '../ports/clock.js';
import type { FileSource, PullMethod } from '../ports/dialer.js';
import type { ImageOffer, ImageServer, OfferRequest } from '../ports/image-server.js';
import { OpenOffer, type FindOffer, type OfferListener } from './image-offer.js';
import { listenHttp } from './image-server-http.js';
import { listenTftp } from './image-server-tftp.js';

const TOKEN_BYTES = 16;
const OFFERS_MAX = 1000;
const TFTP_PORT = 69;

const listenBy: Readonly<
  Record<PullMethod, (address: string, port: number, find: FindOffer) => Promise<OfferListener>>
> = { http: listenHttp, tftp: listenTftp };

/** Offers of one port. */
interface Desk {
  readonly opened: Promise<OfferListener>;
  readonly offers: Map<string, OpenOffer>;
  /** Offers that are there or are about to be; at 0 the port is closed. */
  users: number;
}

/** Every address of a name; an address is its own. Fault `image-server`. */
async function addressesOf(client: string): Promise<readonly string[]> {
  if (isIP(client) !== 0) return [client];
  try {
    const found = await lookup(client, { all: true });
    return found.map(({ address }) => address);
  } catch (cause) {
    const message = `the address of ${client} cannot be found: ${messageOf(cause)}`;
    throw new Fault('image-server', message, { cause });
  }
}

/** The address of ours that the system would send from to `client`. No packet is sent. */
function ownAddressTowards(client: string): Promise<string> {
  const socket = createSocket({ type: client.includes(':') ? 'udp6' : 'udp4' });
  return new Promise((resolve, reject) => {
    socket.once('error', (cause) => {
      socket.close();
      reject(new Fault('image-server', `no way leads to ${client}: ${cause.message}`, { cause }));
    });
    socket.connect(9, client, () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
  });
}

async function openFile(source: FileSource): Promise<FileHandle> {
  const { path, sizeBytes } = source;
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw new Fault('image-server', `${path}: ${messageOf(cause)}`, { cause });
  }
  const info = await file.stat();
  if (info.isFile() && info.size === sizeBytes) return file;
  await file.close();
  throw new Fault(
    'image-server',
    `${path} has ${info.size} bytes, the catalogue says ${sizeBytes}`,
  );
}

function portFault(method: PullMethod, place: string, cause: unknown): Fault {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const mend =
    code === 'EACCES'
      ? 'ports below 1024 need the capability CAP_NET_BIND_SERVICE, or set another port'
      : 'set `imageServer` of the site to an address of this machine and a free port';
  const message = `${method} cannot listen on ${place}: ${messageOf(cause)}`;
  return new Fault('image-server', message, { cause, mend });
}

/** The file's own name, with nothing in it that a device might read as something else. */
function nameFor(source: FileSource): string {
  return basename(source.path).replace(/[^A-Za-z0-9._-]/g, '_') || 'image';
}

/** Ports are open only while something is on offer. */
class PortBook {
  readonly #desks = new Map<string, Desk>();

  /** Fault `image-server` when the port cannot be had. */
  async enter(method: PullMethod, address: string, port: number): Promise<readonly [Desk, number]> {
    const key = `${method} ${address} ${port}`;
    const desk = this.#desks.get(key) ?? this.#open(key, method, address, port);
    desk.users += 1;
    try {
      return [desk, (await desk.opened).port];
    } catch (cause) {
      this.#desks.delete(key);
      throw portFault(method, `${address}:${port}`, cause);
    }
  }

  leave(desk: Desk): void {
    desk.users -= 1;
    if (desk.users > 0) return;
    for (const [key, each] of this.#desks) if (each === desk) this.#desks.delete(key);
    void desk.opened.then((listener) => listener.close());
  }

  #open(key: string, method: PullMethod, address: string, port: number): Desk {
    const offers = new Map<string, OpenOffer>();
    const find: FindOffer = (path, client) => {
      const offer = offers.get(path);
      return offer?.isFor(client) === true ? offer : undefined;
    };
    const desk: Desk = { opened: listenBy[method](address, port, find), offers, users: 0 };
    this.#desks.set(key, desk);
    return desk;
  }
}

/** Serves files by HTTP and TFTP, each to one client, under a path that only that client is told. */
export function createImageServer(clock: Clock): ImageServer {
  const ports = new PortBook();
  let count = 0;
  const offer = async (request: OfferRequest): Promise<ImageOffer> => {
    const { source, method, expiresMs } = request;
    if (count >= OFFERS_MAX) throw new Fault('image-server', `${OFFERS_MAX} files are on offer`);
    const clients = await addressesOf(request.client);
    const host = request.address ?? (await ownAddressTowards(clients[0] ?? request.client));
    const file = await openFile(source);
    const wanted = request.port ?? (method === 'tftp' ? TFTP_PORT : 0);
    const [desk, port] = await ports.enter(method, host, wanted).catch(async (thrown: unknown) => {
      await file.close();
      throw thrown;
    });
    count += 1;
    const path = `${randomBytes(TOKEN_BYTES).toString('hex')}/${nameFor(source)}`;
    const onClose = () => {
      cancel();
      count -= 1;
      desk.offers.delete(path);
      ports.leave(desk);
    };
    const held = new OpenOffer({ path, request, clients, file, onClose });
    const cancel = clock.timer(expiresMs, () => held.close());
    desk.offers.set(path, held);
    return { host, port, path, close: () => held.close() };
  };
  return { offer };
}
