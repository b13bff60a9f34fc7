/** TFTP on the wire: RFC 1350, options of RFC 2347 to 2349. */

export const BLOCK_BYTES = 512;
/** The largest block that an Ethernet frame holds whole. */
export const BLOCK_BYTES_MAX = 1468;
const BLOCK_BYTES_MIN = 8;
const REQUEST_BYTES_MAX = 1024;
const OPTIONS_MAX = 16;

const OPCODES = { read: 1, write: 2, data: 3, ack: 4, error: 5, oack: 6 } as const;

export const TFTP_ERRORS = {
  undefined: 0,
  notFound: 1,
  access: 2,
  illegal: 4,
  options: 8,
} as const;

export interface ReadRequest {
  readonly kind: 'read';
  readonly path: string;
  readonly mode: string;
  /** Names in lower case. */
  readonly options: ReadonlyMap<string, string>;
}

export type TftpRequest = ReadRequest | { readonly kind: 'write' } | { readonly kind: 'garbage' };

const GARBAGE = { kind: 'garbage' } as const;

/** What came to the well-known port. */
export function parseRequest(packet: Buffer): TftpRequest {
  if (packet.length < 4 || packet.length > REQUEST_BYTES_MAX) return GARBAGE;
  const opcode = packet.readUInt16BE(0);
  if (opcode === OPCODES.write) return { kind: 'write' };
  if (opcode !== OPCODES.read || packet.at(-1) !== 0) return GARBAGE;
  return parseRead(packet.toString('latin1', 2, packet.length - 1).split('\0'));
}

function parseRead([path, mode, ...rest]: readonly string[]): TftpRequest {
  if (path === undefined || mode === undefined) return GARBAGE;
  if (rest.length % 2 !== 0 || rest.length / 2 > OPTIONS_MAX) return GARBAGE;
  const options = new Map<string, string>();
  for (let at = 0; at < rest.length; at += 2) {
    options.set((rest[at] ?? '').toLowerCase(), rest[at + 1] ?? '');
  }
  return { kind: 'read', path, mode: mode.toLowerCase(), options };
}

/** What was agreed on for a transfer; `granted` goes back to the client in an OACK. */
export interface Terms {
  readonly blockBytes: number;
  /** Before a packet is sent again. */
  readonly timeoutMs: number;
  readonly granted: readonly (readonly [string, number])[];
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Options that cannot be read or are not known are left out, as RFC 2347 has it. */
export function termsOf(request: ReadRequest, sizeBytes: number, timeoutMs: number): Terms {
  const granted: [string, number][] = [];
  const wanted = wholeNumber(request.options.get('blksize'));
  let blockBytes = BLOCK_BYTES;
  if (wanted !== undefined && wanted >= BLOCK_BYTES_MIN) {
    blockBytes = Math.min(wanted, BLOCK_BYTES_MAX);
    granted.push(['blksize', blockBytes]);
  }
  const seconds = wholeNumber(request.options.get('timeout'));
  const isTimeout = seconds !== undefined && seconds >= 1 && seconds <= 255;
  if (isTimeout) granted.push(['timeout', seconds]);
  if (wholeNumber(request.options.get('tsize')) !== undefined) granted.push(['tsize', sizeBytes]);
  return { blockBytes, timeoutMs: isTimeout ? seconds * 1000 : timeoutMs, granted };
}

/** What a client answers during a transfer. */
export type TftpAnswer =
  | { readonly kind: 'ack'; readonly block: number }
  | { readonly kind: 'error' }
  | { readonly kind: 'garbage' };

export function parseAnswer(packet: Buffer): TftpAnswer {
  if (packet.length < 4) return GARBAGE;
  const opcode = packet.readUInt16BE(0);
  if (opcode === OPCODES.ack) return { kind: 'ack', block: packet.readUInt16BE(2) };
  return opcode === OPCODES.error ? { kind: 'error' } : GARBAGE;
}

/** `block` counts from 1 without end; on the wire it wraps to 0 after 65535. */
export function dataPacket(block: number, piece: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(OPCODES.data, 0);
  head.writeUInt16BE(block & 0xffff, 2);
  return Buffer.concat([head, piece]);
}

export function errorPacket(code: number, text: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(OPCODES.error, 0);
  head.writeUInt16BE(code, 2);
  return Buffer.concat([head, Buffer.from(`${text}\0`, 'latin1')]);
}

export function oackPacket(terms: Terms): Buffer {
  const text = terms.granted.map(([name, value]) => `${name}\0${value}\0`).join('');
  return Buffer.concat([Buffer.from([0, OPCODES.oack]), Buffer.from(text, 'latin1')]);
}
