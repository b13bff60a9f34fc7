import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import type { FaultStrike } from './fault.js';
import { isFields } from './wire-folder.js';
import type { WireLab } from './wire-lab.js';

const HOST = '127.0.0.1';
const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_MS_MAX = 10_000;

interface Answer {
  readonly status: number;
  readonly type: 'json' | 'ndjson';
  readonly body: string;
}

const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'json',
  body: `${JSON.stringify(value)}\n`,
});
const refuse = (status: number, message: string) => json({ error: message }, status);

export interface ControlParts {
  readonly lab: WireLab;
  readonly token: string;
  readonly stop: () => void;
}

function text(body: unknown, name: string): string {
  const value = isFields(body) ? body[name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new Fault('lab-fault', `"${name}" is missing in the request`);
}

function isStrike(body: unknown): body is FaultStrike {
  if (!isFields(body)) return false;
  const { fault, device, nth, params } = body;
  if (typeof fault !== 'string' || typeof device !== 'string') return false;
  return (
    (nth === undefined || typeof nth === 'number') && (params === undefined || isFields(params))
  );
}

function get(parts: ControlParts, url: URL): Answer {
  const { lab } = parts;
  if (url.pathname === '/clock') return json({ ...lab.clock, nowMs: lab.nowMs() });
  if (url.pathname === '/flows') return json(lab.flows());
  if (url.pathname === '/truth') {
    const after = Number(url.searchParams.get('after') ?? '0');
    if (!Number.isInteger(after) || after < 0) return refuse(400, '"after" is no sequence number');
    const records = lab.model.truth().slice(after);
    const body = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    return { status: 200, type: 'ndjson', body };
  }
  if (url.pathname === '/log') {
    const body = lab.model.log.lines().map((line) => `${line}\n`);
    return { status: 200, type: 'ndjson', body: body.join('') };
  }
  const device = /^\/state\/([^/]+)$/.exec(url.pathname)?.[1];
  if (device === undefined) return refuse(404, `there is no ${url.pathname}`);
  return json(lab.model.device(decodeURIComponent(device)));
}

function post(parts: ControlParts, path: string, body: unknown): Answer {
  const { model } = parts.lab;
  switch (path) {
    case '/strike':
      if (!isStrike(body)) return refuse(400, 'the request is no fault strike');
      model.strike(body);
      return json({ ok: true });
    case '/clear':
      model.clear(
        text(body, 'fault'),
        isFields(body) && body['device'] !== undefined ? text(body, 'device') : undefined,
      );
      return json({ ok: true });
    case '/power-cycle':
      model.powerCycle(text(body, 'device'));
      return json({ ok: true });
    case '/stop':
      parts.stop();
      return json({ ok: true });
    default:
      return refuse(404, `there is no ${path}`);
  }
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes > BODY_BYTES_MAX) throw new Fault('lab-fault', 'the request is too large');
    pieces.push(buffer);
  }
  const all = Buffer.concat(pieces).toString('utf8');
  return all === '' ? {} : JSON.parse(all);
}

async function answer(parts: ControlParts, request: IncomingMessage): Promise<Answer> {
  if (!isAllowed(request, parts.token)) return refuse(401, 'the token is missing or wrong');
  try {
    const url = new URL(request.url ?? '/', `http://${HOST}`);
    if (request.method === 'GET') return get(parts, url);
    if (request.method !== 'POST') return refuse(405, 'only GET and POST');
    return post(parts, url.pathname, await bodyOf(request));
  } catch (thrown) {
    return refuse(400, messageOf(thrown));
  }
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  const contentType = type === 'json' ? 'application/json' : 'application/x-ndjson';
  response.writeHead(status, { 'content-type': contentType, connection: 'close' });
  response.end(body);
}

/** The lab's control door on a free loopback port; every request needs the token. */
export function openControl(parts: ControlParts): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    void answer(parts, request).then((result) => send(response, result));
  });
  server.requestTimeout = REQUEST_MS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      if (typeof address === 'object' && address) resolve({ server, port: address.port });
      else reject(new Fault('lab-fault', 'the control port of the lab cannot be had'));
    });
  });
}
