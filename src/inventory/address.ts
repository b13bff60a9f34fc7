import ipaddr from 'ipaddr.js';
import { Netmask } from 'netmask';

const DOTTED = /^\d+(\.\d+){1,3}(\/.*)?$/;
const PLAIN_V4 = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;
const LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

const NOT_A_HOST: readonly (readonly [block: string, what: string])[] = [
  ['0.0.0.0/8', 'an address of "this network"'],
  ['224.0.0.0/4', 'a multicast address'],
  ['240.0.0.0/4', 'a reserved or broadcast address'],
];

function v4Error(host: string): string | undefined {
  if (host.includes('/')) return 'is a network, not an address';
  // Programs disagree on what 010.1.1.1 and 10.1 mean, so neither is taken.
  if (!PLAIN_V4.test(host)) return 'is not four numbers without leading zeros';
  try {
    const address = new Netmask(`${host}/32`);
    const block = NOT_A_HOST.find(([each]) => new Netmask(each).contains(address));
    return block && `is ${block[1]}`;
  } catch {
    return 'is not an IPv4 address';
  }
}

function v6Error(host: string): string | undefined {
  if (!ipaddr.IPv6.isValid(host)) return 'is not an IPv6 address';
  const range = ipaddr.IPv6.parse(host).range();
  if (range === 'multicast') return 'is a multicast address';
  return range === 'unspecified' ? 'is the unspecified address' : undefined;
}

/** Why nothing can be reached under `host`; undefined for an IPv4 or IPv6 address or a host name. */
export function hostError(host: string): string | undefined {
  if (host.includes(':')) return v6Error(host);
  if (DOTTED.test(host)) return v4Error(host);
  const labels = host.replace(/\.$/, '').split('.');
  const named = host.length <= 253 && labels.every((label) => LABEL.test(label));
  return named ? undefined : 'is neither an address nor a host name';
}
