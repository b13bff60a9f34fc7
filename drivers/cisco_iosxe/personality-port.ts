import type { SimPort } from '../../src/driver/personality.js';

const kinds: readonly (readonly [long: string, short: string])[] = [
  ['GigabitEthernet', 'Gi'],
  ['TenGigabitEthernet', 'Te'],
  ['TwentyFiveGigE', 'Twe'],
  ['FortyGigabitEthernet', 'Fo'],
  ['HundredGigE', 'Hu'],
  ['Port-channel', 'Po'],
  ['Loopback', 'Lo'],
  ['Tunnel', 'Tu'],
  ['Vlan', 'Vl'],
];

/** `Gi1/0/1` of `GigabitEthernet1/0/1`; a name of another vendor stays as it is. */
export function shortPort(name: string): string {
  const kind = kinds.find(([long]) => name.startsWith(long));
  return kind === undefined ? name : kind[1] + name.slice(kind[0].length);
}

/** The full name of `gi1/0/1`, `ten 1/1/1`; undefined for what names no interface. */
export function fullPort(text: string): string | undefined {
  const split = /^([a-z-]+)\s*(\d+(?:\/\d+)*)$/i.exec(text.trim());
  const word = (split?.[1] ?? '').toLowerCase();
  if (word.length < 2) return undefined;
  const kind = kinds.find(([long]) => long.toLowerCase().startsWith(word));
  return kind === undefined ? undefined : `${kind[0]}${split?.[2] ?? ''}`;
}

export function isVirtual(name: string): boolean {
  return /^(Vlan|Loopback|Tunnel|Port-channel)/.test(name);
}

export function portIsUp(port: SimPort): boolean {
  return port.admin === 'up' && port.oper === 'up';
}
