import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { FindOffer, OfferListener, OpenOffer } from './image-offer.js';
import {
  dataPacket,
  errorPacket,
  oackPacket,
  parseAnswer,
  parseRequest,
  termsOf,
  TFTP_ERRORS,
  type ReadRequest,
  type Terms,
} from './tftp-packet.js';

const TIMEOUT_MS = 2000;
const READ_AHEAD_BYTES = 256 * 1024;
const GARBAGE_MAX = 100;
const TRANSFERS_MAX = 64;

const socketFor = (address: string): Socket =>
  createSocket({ type: address.includes(':') ? 'udp6' : 'udp4' });

/** One file on its way, block by block, from a port of its own. */
class TftpTransfer {
  readonly #offer: OpenOffer;
  readonly #terms: Terms;
  readonly #socket: Socket;
  readonly #onOver: () => void;
  readonly #leave: (() => void) | undefined;
  /** The packet that waits for its answer; undefined while the next one is made. */
  #waiting: Buffer | undefined;
  /** 0: the options are being agreed on. */
  #block = 0;
  #ahead: { readonly from: number; readonly bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  #lastBytes = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #silentMs = 0;
  #garbage = 0;
  #over = false;

  constructor(offer: OpenOffer, terms: Terms, socket: Socket, onOver: () => void) {
    this.#offer = offer;
    this.#terms = terms;
    this.#socket = socket;
    this.#onOver = onOver;
    this.#leave = offer.begin(() => this.#giveUp('the offer is over'));
  }

  start(): void {
    const socket = this.#socket;
    socket.on('error', () => this.#end());
    socket.on('message', (packet) => this.#hear(packet));
    if (!this.#leave) return this.#giveUp('busy');
    if (this.#terms.granted.length > 0) this.#send(oackPacket(this.#terms));
    else void this.#next();
  }

  #hear(packet: Buffer): void {
    if (this.#over) return;
    const answer = parseAnswer(packet);
    if (answer.kind === 'error') return this.#end();
    if (answer.kind === 'garbage') {
      this.#garbage += 1;
      if (this.#garbage > GARBAGE_MAX) this.#giveUp('not a TFTP answer');
      return;
    }
    // An old acknowledgement is never answered: that would double every packet from there on.
    if (!this.#waiting || answer.block !== (this.#block & 0xffff)) return;
    this.#waiting = undefined;
    this.#silentMs = 0;
    clearTimeout(this.#timer);
    const { blockBytes } = this.#terms;
    const sent = (this.#block - 1) * blockBytes + this.#lastBytes;
    if (this.#block > 0) this.#offer.arrived(0, sent);
    if (this.#lastBytes < blockBytes) this.#finish();
    else void this.#next();
  }

  async #next(): Promise<void> {
    try {
      this.#block += 1;
      const piece = await this.#piece((this.#block - 1) * this.#terms.blockBytes);
      if (this.#over) return;
      if (!piece) return this.#giveUp('the file cannot be read');
      this.#lastBytes = piece.length;
      this.#send(dataPacket(this.#block, piece));
    } catch {
      this.#giveUp('the file cannot be read');
    }
  }

  async #piece(from: number): Promise<Buffer | undefined> {
    const { sizeBytes } = this.#offer;
    const length = Math.min(this.#terms.blockBytes, sizeBytes - from);
    if (length <= 0) return Buffer.alloc(0);
    const held = this.#ahead;
    if (from + length > held.from + held.bytes.length) {
      const blocks = Math.max(1, Math.floor(READ_AHEAD_BYTES / this.#terms.blockBytes));
      const wanted = Math.min(blocks * this.#terms.blockBytes, sizeBytes - from);
      const bytes = await this.#offer.read(from, wanted);
      if (!bytes) return undefined;
      this.#ahead = { from, bytes };
    }
    const at = from - this.#ahead.from;
    return this.#ahead.bytes.subarray(at, at + length);
  }

  #send(packet: Buffer): void {
    this.#waiting = packet;
    this.#socket.send(packet, () => undefined);
    this.#timer = setTimeout(() => this.#again(packet), this.#terms.timeoutMs);
  }

  #again(packet: Buffer): void {
    if (this.#over || this.#waiting !== packet) return;
    this.#silentMs += this.#terms.timeoutMs;
    if (this.#silentMs >= this.#offer.request.stallMs) return this.#giveUp('no answer');
    this.#send(packet);
  }

  #finish(): void {
    this.#end();
    this.#offer.settle();
  }

  #giveUp(why: string): void {
    if (this.#over) return;
    const packet = errorPacket(TFTP_ERRORS.undefined, why);
    this.#socket.send(packet, () => this.#end());
    this.#over = true;
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#leave?.();
    this.#onOver();
  }
}

/** The well-known port: read requests of those who were offered something begin a transfer, all else is refused. */
class TftpPort {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #find: FindOffer;
  readonly #clients = new Set<string>();

  constructor(socket: Socket, address: string, find: FindOffer) {
    this.#socket = socket;
    this.#address = address;
    this.#find = find;
  }

  hear(packet: Buffer, from: RemoteInfo): void {
    const request = parseRequest(packet);
    if (request.kind === 'garbage') return;
    if (request.kind === 'write') return this.#refuse(from, TFTP_ERRORS.access, 'read only');
    const client = `${from.address} ${from.port}`;
    // A repeated request whose answer is on its way already.
    if (this.#clients.has(client)) return;
    const offer = this.#find(request.path.replace(/^\//, ''), from.address);
    if (!offer) return this.#refuse(from, TFTP_ERRORS.notFound, 'file not found');
    if (request.mode !== 'octet') return this.#refuse(from, TFTP_ERRORS.illegal, 'octet mode only');
    if (this.#clients.size >= TRANSFERS_MAX) {
      return this.#refuse(from, TFTP_ERRORS.undefined, 'busy');
    }
    this.#begin(offer, request, from);
  }

  #refuse(to: RemoteInfo, code: number, text: string): void {
    this.#socket.send(errorPacket(code, text), to.port, to.address, () => undefined);
  }

  #begin(offer: OpenOffer, request: ReadRequest, from: RemoteInfo): void {
    const client = `${from.address} ${from.port}`;
    this.#clients.add(client);
    const socket = socketFor(this.#address);
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      this.#clients.delete(client);
      socket.close();
    };
    socket.once('error', end);
    socket.bind({ address: this.#address, port: 0 }, () => {
      socket.connect(from.port, from.address, () => {
        const terms = termsOf(request, offer.sizeBytes, TIMEOUT_MS);
        new TftpTransfer(offer, terms, socket, end).start();
      });
    });
  }
}

/** TFTP for what is on offer, and nothing else. */
export function listenTftp(address: string, port: number, find: FindOffer): Promise<OfferListener> {
  const socket = socketFor(address);
  const wellKnown = new TftpPort(socket, address, find);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeListener('error', reject);
      socket.on('error', () => undefined);
      socket.on('message', (packet, from) => wellKnown.hear(packet, from));
      resolve({
        port: socket.address().port,
        close: () => {
          socket.close();
        },
      });
    });
  });
}
