import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FindOffer, OfferListener, OpenOffer } from './image-offer.js';

const PIECE_BYTES = 64 * 1024;
const CONNECTIONS_MAX = 64;
const HEADER_BYTES_MAX = 8192;
const HEADERS_MS = 10_000;

/** Bytes from `from` up to, not including, `to`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** One range of a `Range` header (RFC 9110 section 14). `whole`: send everything; undefined: it cannot be satisfied. */
export function spanOf(header: string | undefined, sizeBytes: number): Span | 'whole' | undefined {
  const match = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/.exec(header ?? '');
  if (!match) return 'whole';
  const [, first, last = '', tail] = match;
  if (first === undefined) return tailOf(Number(tail), sizeBytes);
  const from = Number(first);
  const end = last === '' ? Infinity : Number(last);
  if (end < from) return 'whole';
  return from < sizeBytes ? { from, to: Math.min(sizeBytes, end + 1) } : undefined;
}

function tailOf(length: number, sizeBytes: number): Span | undefined {
  const from = Math.max(0, sizeBytes - length);
  return from < sizeBytes ? { from, to: sizeBytes } : undefined;
}

function refuse(response: ServerResponse, status: number, more: Record<string, string> = {}): void {
  response.writeHead(status, { connection: 'close', 'content-length': '0', ...more });
  response.end();
}

/** Waits until the response takes more bytes; false when it is over or stands still for too long. */
function drained(response: ServerResponse, stallMs: number): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (goesOn: boolean) => {
      clearTimeout(timer);
      response.removeListener('drain', onDrain);
      response.removeListener('close', onClose);
      resolve(goesOn);
    };
    const onDrain = () => settle(true);
    const onClose = () => settle(false);
    const timer = setTimeout(onClose, stallMs);
    response.once('drain', onDrain);
    response.once('close', onClose);
  });
}

/** Resolves when the last byte left; false when the connection ended first. */
function ended(response: ServerResponse, stallMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), stallMs);
    response.once('finish', () => {
      clearTimeout(timer);
      resolve(true);
    });
    response.once('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
    response.end();
  });
}

async function send(offer: OpenOffer, span: Span, response: ServerResponse): Promise<boolean> {
  const { stallMs } = offer.request;
  for (let at = span.from; at < span.to;) {
    const piece = await offer.read(at, Math.min(PIECE_BYTES, span.to - at));
    if (!piece || response.destroyed) return false;
    const more = response.write(piece);
    if (!more && !(await drained(response, stallMs))) return false;
    at += piece.length;
    offer.arrived(span.from, at);
  }
  return ended(response, stallMs);
}

async function serveFile(
  offer: OpenOffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { sizeBytes, tag } = offer;
  const condition = request.headers['if-range'];
  const isSame = condition === undefined || condition === tag;
  const span = isSame ? spanOf(request.headers.range, sizeBytes) : 'whole';
  if (!span) return refuse(response, 416, { 'content-range': `bytes */${sizeBytes}` });
  const { from, to } = span === 'whole' ? { from: 0, to: sizeBytes } : span;
  const headers = {
    connection: 'close',
    'content-type': 'application/octet-stream',
    'content-length': String(to - from),
    'accept-ranges': 'bytes',
    etag: tag,
    ...(span !== 'whole' && { 'content-range': `bytes ${from}-${to - 1}/${sizeBytes}` }),
  };
  const status = span === 'whole' ? 200 : 206;
  if (request.method === 'HEAD') {
    response.writeHead(status, headers).end();
    return;
  }
  const leave = offer.begin(() => response.destroy());
  if (!leave) return refuse(response, 503, { 'retry-after': '30' });
  try {
    response.writeHead(status, headers);
    const isThrough = await send(offer, { from, to }, response);
    leave();
    if (isThrough) offer.settle();
    else response.destroy();
  } finally {
    leave();
  }
}

/** HTTP for what is on offer, and nothing else: GET and HEAD, ranges, no directories, no names that were not given out. */
export function listenHttp(address: string, port: number, find: FindOffer): Promise<OfferListener> {
  const options = {
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_MS,
    requestTimeout: HEADERS_MS,
    keepAlive: false,
    noDelay: true,
  };
  const server = createServer(options, (request, response) => {
    response.on('error', () => undefined);
    request.resume();
    const { method, url = '' } = request;
    if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, { allow: 'GET, HEAD' });
    const offer = find(url.replace(/^\//, ''), request.socket.remoteAddress);
    if (!offer) return refuse(response, 404);
    serveFile(offer, request, response).catch(() => response.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('clientError', (_error, socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: address }, () => {
      server.removeListener('error', reject);
      server.on('error', () => undefined);
      const info = server.address();
      resolve({
        port: isBound(info) ? info.port : port,
        close: () => {
          server.close();
        },
      });
    });
  });
}

function isBound(info: AddressInfo | string | null): info is AddressInfo {
  return typeof info === 'object' && info !== null;
}
