import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { messageOf } from '../kernel/fault.js';
import type { Call, Delivered } from '../ports/notice-courier.js';
import type { Secrets } from '../ports/secrets.js';

const TOTAL_MS_MAX = 30_000;
const ANSWER_BYTES_MAX = 65_536;

/**
 * `key=K, t=SECONDS, v1=HEX`: HMAC-SHA256 over `SECONDS.BODY`. The time is signed with the body, so that an old call
 * cannot be sent again later.
 */
function signatureOf(call: Call, secret: string): string {
  const seconds = Math.floor(call.atMs / 1000);
  const mac = createHmac('sha256', secret).update(`${seconds}.${call.body}`).digest('hex');
  return `key=${call.signature.keyId}, t=${seconds}, v1=${mac}`;
}

/** The answer's text is not wanted; it is read so far as to let the connection end in order. */
function drain(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('error', () => undefined);
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) answer.destroy();
  });
}

function send(
  call: Call,
  signature: string,
  { ca, signal }: { readonly ca: string | undefined; readonly signal: AbortSignal },
): Promise<Delivered> {
  const { url, body, delivery } = call;
  const isSecure = url.startsWith('https:');
  const options = {
    method: 'POST',
    signal,
    agent: false as const,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'nightshift',
      'nightshift-delivery': delivery,
      'nightshift-signature': signature,
    },
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((settle, reject) => {
    const request = (isSecure ? httpsRequest : httpRequest)(url, options, (answer) => {
      const status = answer.statusCode ?? 0;
      drain(answer);
      if (status >= 200 && status < 300) return settle({ kind: 'delivered' });
      const why =
        status >= 300 && status < 400
          ? `it answered ${status}: redirects are not followed`
          : `it answered ${status}`;
      return settle({ kind: 'undelivered', why });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** One POST, on a connection of its own, without redirects. */
export async function postCall(call: Call, secrets: Secrets): Promise<Delivered> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TOTAL_MS_MAX);
  try {
    const secret = await secrets.resolve(call.signature.secret);
    const ca = call.ca === undefined ? undefined : await readFile(call.ca, 'utf8');
    return await send(call, signatureOf(call, secret), { ca, signal: stop.signal });
  } catch (thrown) {
    const why = stop.signal.aborted
      ? `no answer within ${TOTAL_MS_MAX / 1000} s`
      : messageOf(thrown);
    return { kind: 'undelivered', why: secrets.redact(why).slice(0, 500) };
  } finally {
    clearTimeout(timer);
  }
}
