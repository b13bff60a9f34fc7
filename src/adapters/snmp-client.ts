import { isIPv6 } from 'node:net';
import snmp from 'net-snmp';
import PQueue from 'p-queue';
import { assert } from '../kernel/assert.js';
import { messageOf } from '../kernel/fault.js';
import type { Snmp, SnmpAccess, SnmpOutcome, SnmpRequest, Varbind } from '../ports/snmp.js';

const OIDS_MAX = 32;
/** Each request under way holds one socket. */
const SOCKETS_MAX = 256;
/** A v3 request may take a discovery, a time synchronisation and the request itself, each with its retries. */
const EXCHANGES_MAX = 3;
const UNREADABLE = /[^\P{Cc}\t\r\n]/u;

const authProtocols = {
  md5: snmp.AuthProtocols.md5,
  sha: snmp.AuthProtocols.sha,
  sha256: snmp.AuthProtocols.sha256,
  sha512: snmp.AuthProtocols.sha512,
};
const privProtocols = {
  des: snmp.PrivProtocols.des,
  aes: snmp.PrivProtocols.aes,
  aes256b: snmp.PrivProtocols.aes256b,
  aes256r: snmp.PrivProtocols.aes256r,
};

/** An octet string as text if it reads as text, else as `0x` hex. */
function octets(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const readable = !text.includes('\uFFFD') && !UNREADABLE.test(text);
  return readable ? text : `0x${bytes.toString('hex')}`;
}

function valueText(type: number | undefined, value: unknown): string {
  if (Buffer.isBuffer(value)) {
    if (type === snmp.ObjectType.Counter64)
      return value.length === 0 ? '0' : BigInt(`0x${value.toString('hex')}`).toString();
    return type === snmp.ObjectType.Opaque ? `0x${value.toString('hex')}` : octets(value);
  }
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function openClient(request: SnmpRequest, access: SnmpAccess): snmp.Session {
  const options = {
    port: request.port,
    retries: request.retries,
    timeout: request.timeoutMs,
    transport: isIPv6(request.host) ? ('udp6' as const) : ('udp4' as const),
  };
  if (access.version === 'v2c')
    return snmp.createSession(request.host, access.community, {
      ...options,
      version: snmp.Version2c,
    });
  const user = {
    name: access.user,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: authProtocols[access.authProtocol],
    authKey: access.authKey,
    privProtocol: privProtocols[access.privProtocol],
    privKey: access.privKey,
  };
  return snmp.createV3Session(request.host, user, { ...options, version: snmp.Version3 });
}

function outcomeOf(error: Error | null, varbinds: readonly snmp.Varbind[] = []): SnmpOutcome {
  if (error?.name === 'RequestTimedOutError') return { kind: 'timeout' };
  if (error) return { kind: 'refused', detail: messageOf(error) };
  const found: Varbind[] = varbinds
    .filter((varbind) => !snmp.isVarbindError(varbind))
    .map((varbind) => ({ oid: varbind.oid, value: valueText(varbind.type, varbind.value) }));
  return { kind: 'answer', varbinds: found };
}

function get(request: SnmpRequest): Promise<SnmpOutcome> {
  return new Promise((resolve) => {
    let session: snmp.Session;
    try {
      session = openClient(request, request.access);
    } catch (thrown) {
      resolve({ kind: 'refused', detail: messageOf(thrown) });
      return;
    }
    const finish = (outcome: SnmpOutcome) => {
      clearTimeout(guard);
      resolve(outcome);
      closeQuietly(session);
    };
    const limitMs = EXCHANGES_MAX * (request.retries + 1) * request.timeoutMs + 1000;
    const guard = setTimeout(() => {
      finish({ kind: 'timeout' });
    }, limitMs);
    // A datagram that cannot be read may come from anybody: it is not the answer, and must not end the program.
    session.on('error', () => undefined);
    try {
      session.get([...request.oids], (error, varbinds) => {
        finish(outcomeOf(error, varbinds));
      });
    } catch (thrown) {
      finish({ kind: 'refused', detail: messageOf(thrown) });
    }
  });
}

function closeQuietly(session: snmp.Session): void {
  try {
    session.close();
  } catch {
    // It was closed by an error already.
  }
}

/** SNMP v2c and v3 (authPriv) GET. At most 256 requests hold a socket at once; others wait their turn. */
export function createSnmpClient(): Snmp {
  const queue = new PQueue({ concurrency: SOCKETS_MAX });
  return {
    get(request) {
      assert(request.oids.length <= OIDS_MAX, 'at most 32 OIDs a request');
      return queue.add(() => get(request));
    },
  };
}
