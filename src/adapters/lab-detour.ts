import { existsSync, readFileSync, statSync } from 'node:fs';
import { Fault } from '../kernel/fault.js';
import type { Dialer, Endpoint } from '../ports/dialer.js';
import type { Knocker } from '../ports/knocker.js';
import type { Snmp } from '../ports/snmp.js';

/** Where what is asked of an endpoint arrives. Fault `lab-fault` for what is not in the lab. */
export type Detour = (endpoint: Endpoint) => Endpoint;

const BYTES_MAX = 32 * 1024 * 1024;

function isLoopback(host: string): boolean {
  return /^127(\.\d{1,3}){3}$/.test(host) || host === '::1' || host === 'localhost';
}

/** With a clock that is not the world's, nothing of the world may be touched. Fault `lab-fault`. */
export function loopbackOnly(host: string): void {
  if (isLoopback(host)) return;
  const message = `${host} is no loopback address, and this is the state directory of a lab`;
  const mend = 'nightshift lab up plays the inventory; real devices want another --state';
  throw new Fault('lab-fault', message, { mend });
}

function endpointOf(value: unknown): Endpoint {
  const { host, port } = Object(value);
  return { host: String(host), port: Number(port) };
}

/** The detour that a running lab wrote down; without a file, loopback only. */
export function readDetour(file: string): Detour {
  const landings = new Map<string, Endpoint>();
  if (existsSync(file) && statSync(file).size <= BYTES_MAX) {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    for (const each of Array.isArray(read) ? read : []) {
      const { from, to } = Object(each);
      const { host, port } = endpointOf(from);
      landings.set(`${host.toLowerCase()} ${port}`, endpointOf(to));
    }
  }
  return (endpoint) => {
    const arrives = landings.get(`${endpoint.host.toLowerCase()} ${endpoint.port}`) ?? endpoint;
    loopbackOnly(arrives.host);
    return arrives;
  };
}

export function detourDialer(dialer: Dialer, detour: Detour): Dialer {
  return {
    dial: async (request) =>
      dialer.dial({
        ...request,
        endpoint: detour(request.endpoint),
        ...(request.via
          ? { via: request.via.map((hop) => ({ ...hop, endpoint: detour(hop.endpoint) })) }
          : {}),
      }),
  };
}

export function detourKnocker(knocker: Knocker, detour: Detour): Knocker {
  return { knock: async (endpoint, timeoutMs) => knocker.knock(detour(endpoint), timeoutMs) };
}

export function detourSnmp(snmp: Snmp, detour: Detour): Snmp {
  return {
    get: async (request) =>
      snmp.get({ ...request, ...detour({ host: request.host, port: request.port }) }),
  };
}
