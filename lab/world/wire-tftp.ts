import { createSocket, type Socket } from 'node:dgram';

/** Where a client gives what comes. False from `piece`: it wants no more. */
export interface TftpSink {
  /** The size that the server tells, if it does; before the first piece. */
  size(bytes: number | undefined): void;
  piece(offset: number, bytes: Buffer): boolean;
  /** Undefined: the file is complete. */
  end(why: string | undefined): void;
}

export interface TftpWish {
  readonly from: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

const WANTED_BLOCK = 1428;
const PLAIN_BLOCK = 512;
const RETRY_MS = 1000;
const RETRIES_MAX = 20;

function request(path: string): Buffer {
  const words = [path, 'octet', 'blksize', String(WANTED_BLOCK), 'tsize', '0'];
  return Buffer.concat([Buffer.of(0, 1), Buffer.from(words.map((word) => `${word}\0`).join(''))]);
}

/** A device's own TFTP client: lock step, one file, from one address. */
export class TftpClient {
  private readonly wish: TftpWish;
  private readonly sink: TftpSink;
  private readonly socket: Socket;
  private server: number | undefined;
  private block = 0;
  private blockBytes = PLAIN_BLOCK;
  private atBytes = 0;
  private last: Buffer;
  private retries = 0;
  private timer: NodeJS.Timeout | undefined;
  private over = false;

  constructor(wish: TftpWish, sink: TftpSink) {
    this.wish = wish;
    this.sink = sink;
    this.last = request(wish.path);
    this.socket = createSocket('udp4');
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('message', (packet, { address, port }) => {
      this.server ??= port;
      if (address === wish.host && port === this.server) this.hear(packet);
    });
    this.socket.bind(0, wish.from, () => this.send(this.last));
  }

  /** Says no more and takes no more; nobody is told. */
  stop(): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.socket.close();
  }

  private end(why: string | undefined): void {
    if (this.over) return;
    this.stop();
    this.sink.end(why);
  }

  private send(packet: Buffer): void {
    if (this.over) return;
    this.last = packet;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), RETRY_MS);
    this.socket.send(packet, this.server ?? this.wish.port, this.wish.host, () => {});
  }

  private again(): void {
    this.retries += 1;
    if (this.retries > RETRIES_MAX) return this.end('connection timed out');
    this.send(this.last);
  }

  private hear(packet: Buffer): void {
    if (this.over || packet.length < 4) return;
    const opcode = packet.readUInt16BE(0);
    if (opcode === 5) return this.end(packet.toString('latin1', 4).replace(/\0.*$/s, ''));
    if (opcode === 6 && this.block === 0) return this.agree(packet);
    if (opcode === 3) this.take(packet.readUInt16BE(2), packet.subarray(4));
  }

  private agree(packet: Buffer): void {
    const words = packet.toString('latin1', 2).split('\0');
    const valueOf = (name: string) => {
      const at = words.indexOf(name);
      return at < 0 ? undefined : Number(words[at + 1]);
    };
    this.blockBytes = valueOf('blksize') ?? PLAIN_BLOCK;
    this.sink.size(valueOf('tsize'));
    this.acknowledge(0);
  }

  private take(number: number, bytes: Buffer): void {
    if (number !== ((this.block + 1) & 0xffff)) return;
    if (this.block === 0 && this.blockBytes === PLAIN_BLOCK) this.sink.size(undefined);
    this.block += 1;
    this.retries = 0;
    const goesOn = this.sink.piece(this.atBytes, bytes);
    this.atBytes += bytes.length;
    if (!goesOn) return this.stop();
    this.acknowledge(number);
    if (bytes.length < this.blockBytes) this.finish();
  }

  private acknowledge(number: number): void {
    this.send(Buffer.of(0, 4, number >> 8, number & 255));
  }

  /** The last acknowledgement still has to leave. */
  private finish(): void {
    clearTimeout(this.timer);
    setImmediate(() => this.end(undefined));
  }
}
