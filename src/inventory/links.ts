import { deviceId } from '../kernel/id.js';
import { parseBitRate } from './bit-rate.js';
import type { Declarations, Declared, LinkEntry } from './entries.js';
import type { Findings } from './findings.js';
import type { Link, LinkEnd } from './inventory.js';

function endOf(text: string): LinkEnd {
  const cut = text.indexOf(':');
  return { device: deviceId(text.slice(0, cut)), port: text.slice(cut + 1) };
}

function keyOf(end: LinkEnd): string {
  return `${end.device}:${end.port}`;
}

/** The members of the two ends, in their order; a key that is not given stays away. */
function membersOf(a: number | undefined, b: number | undefined): Pick<Link, 'members'> {
  if (a === undefined && b === undefined) return {};
  return { members: { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) } };
}

function linkOf({ a, b, capacity, cost, members = {} }: LinkEntry): Link {
  const ends = [endOf(a), endOf(b)] as const;
  const capacityBps = capacity === undefined ? undefined : parseBitRate(capacity);
  const more = {
    ...(capacityBps === undefined ? {} : { capacityBps }),
    ...(cost === undefined ? {} : { cost }),
  };
  return keyOf(ends[0]) <= keyOf(ends[1])
    ? { a: ends[0], b: ends[1], ...more, ...membersOf(members.a, members.b) }
    : { a: ends[1], b: ends[0], ...more, ...membersOf(members.b, members.a) };
}

/** The links, ends and lists in order; a port carries one cable. */
export function resolveLinks(declarations: Declarations, findings: Findings): readonly Link[] {
  const known = new Set(declarations.devices.map((each) => each.name));
  const used = new Map<string, Declared<LinkEntry>>();
  const links = declarations.links.map((declared) => {
    for (const side of ['a', 'b'] as const) {
      const place = declared.at(side);
      const end = endOf(declared.value[side]);
      findings.refer(place, 'device', end.device, known);
      const first = used.get(keyOf(end));
      if (first) {
        const message = `the port \`${keyOf(end)}\` is already linked`;
        const mend = `the first link is in ${first.place.file}:${first.place.line}`;
        findings.report(place, message, mend);
      } else used.set(keyOf(end), declared);
    }
    return linkOf(declared.value);
  });
  return links.sort((one, two) => (keyOf(one.a) < keyOf(two.a) ? -1 : 1));
}
