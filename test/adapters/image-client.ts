import { createSocket, type Socket } from 'node:dgram';
import { request, type IncomingMessage } from 'node:http';
import type { ImageOffer } from '../../src/ports/image-server.js';

export interface Fetched {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface HttpWish {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly from?: string;
  /** Hangs up after so many bytes. */
  readonly stopAfterBytes?: number;
}

/** Fetches by HTTP as a device would. */
export function fetchHttp(offer: ImageOffer, wish: HttpWish = {}): Promise<Fetched> {
  const { path = `/${offer.path}`, method = 'GET', headers = {}, from = '127.0.0.1' } = wish;
  const options = { host: offer.host, port: offer.port, path, method, headers, agent: false };
  return new Promise((resolve, reject) => {
    const call = request({ ...options, localAddress: from }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const settle = () => {
        const { statusCode: status = 0, headers: got } = response;
        resolve({ status, headers: got, body: Buffer.concat(chunks) });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes >= (wish.stopAfterBytes ?? Infinity)) call.destroy();
      });
      response.on('error', () => undefined);
      response.on('close', settle);
    });
    call.on('error', (error) => (wish.stopAfterBytes === undefined ? reject(error) : undefined));
    call.end();
  });
}

/** A packet to a port, and what comes back within `forMs`. */
export class UdpClient {
  readonly #socket: Socket;
  readonly #waiting: ((packet: { bytes: Buffer; port: number }) => void)[] = [];
  readonly #came: { bytes: Buffer; port: number }[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes, { port }) => {
      const next = this.#waiting.shift();
      if (next) next({ bytes, port });
      else this.#came.push({ bytes, port });
    });
  }

  static open(from = '127.0.0.1'): Promise<UdpClient> {
    const socket = createSocket('udp4');
    return new Promise((resolve) => {
      socket.bind(0, from, () => resolve(new UdpClient(socket)));
    });
  }

  /** From here on only this port is spoken with, which is quicker. */
  connect(port: number): Promise<void> {
    return new Promise((resolve) => this.#socket.connect(port, '127.0.0.1', resolve));
  }

  /** Resolves when the packet has left. */
  send(packet: Buffer, port?: number): Promise<void> {
    return new Promise((resolve) => {
      if (port === undefined) this.#socket.send(packet, () => resolve());
      else this.#socket.send(packet, port, '127.0.0.1', () => resolve());
    });
  }

  /** Undefined when nothing comes. */
  receive(forMs = 5000): Promise<{ bytes: Buffer; port: number } | undefined> {
    const early = this.#came.shift();
    if (early) return Promise.resolve(early);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(give), 1);
        resolve(undefined);
      }, forMs);
      const give = (packet: { bytes: Buffer; port: number }) => {
        clearTimeout(timer);
        resolve(packet);
      };
      this.#waiting.push(give);
    });
  }

  close(): void {
    this.#socket.close();
  }
}

export const rrq = (path: string, options: Record<string, string> = {}, mode = 'octet') =>
  Buffer.concat([
    Buffer.from([0, 1]),
    Buffer.from(
      `${path}\0${mode}\0${Object.entries(options)
        .map(([name, value]) => `${name}\0${value}\0`)
        .join('')}`,
    ),
  ]);

export const ack = (block: number) => Buffer.from([0, 4, (block >> 8) & 255, block & 255]);

interface TftpWish {
  readonly path?: string;
  readonly from?: string;
  readonly options?: Record<string, string>;
  /** Answers of these blocks are lost the first time. */
  readonly lose?: readonly number[];
}

export interface TftpFetched {
  readonly body: Buffer;
  /** Of the OACK: `name=value`. */
  readonly granted: readonly string[];
  readonly error?: { readonly code: number; readonly text: string };
  readonly packets: number;
}

/** Fetches by TFTP as a device would: lock step, each block acknowledged. */
export async function fetchTftp(offer: ImageOffer, wish: TftpWish = {}): Promise<TftpFetched> {
  const client = await UdpClient.open(wish.from);
  const lost = new Set(wish.lose);
  const chunks: Buffer[] = [];
  let granted: readonly string[] = [];
  let expected = 1;
  let packets = 0;
  try {
    await client.send(rrq(wish.path ?? offer.path, wish.options), offer.port);
    let isConnected = false;
    for (;;) {
      const packet = await client.receive();
      if (!packet) throw new Error('the server fell silent');
      packets += 1;
      const { bytes, port } = packet;
      if (!isConnected) await client.connect(port);
      isConnected = true;
      const opcode = bytes.readUInt16BE(0);
      if (opcode === 5) {
        const body = Buffer.concat(chunks);
        const text = bytes.toString('latin1', 4, bytes.length - 1);
        return { body, granted, packets, error: { code: bytes.readUInt16BE(2), text } };
      }
      if (opcode === 6) {
        const words = bytes.toString('latin1', 2, bytes.length - 1).split('\0');
        granted = words.flatMap((word, at) => (at % 2 === 0 ? [`${word}=${words[at + 1]}`] : []));
        await client.send(ack(0));
        continue;
      }
      const block = bytes.readUInt16BE(2);
      if (lost.delete(expected)) continue;
      if (block === (expected & 0xffff)) {
        chunks.push(bytes.subarray(4));
        expected += 1;
      }
      await client.send(ack(block));
      const size = granted.find((each) => each.startsWith('blksize='))?.slice(8) ?? '512';
      if (bytes.length - 4 < Number(size)) return { body: Buffer.concat(chunks), granted, packets };
    }
  } finally {
    client.close();
  }
}
