import { readDocument } from '../document/document.js';
import type { Diagnostic } from '../kernel/diagnostic.js';
import { DiagnosticsError } from '../kernel/diagnostic.js';
import { hostError } from './address.js';

/** A device as another tool's inventory names it; what that does not say is undefined. */
export interface ListedHost {
  readonly name: string;
  readonly host: string;
  /** In the other tool's words. */
  readonly platform: string | undefined;
  readonly site: string | undefined;
  readonly groups: readonly string[];
  readonly port: number | undefined;
  readonly line: number;
}

type Words = Readonly<Record<string, unknown>>;

const HOSTS_MAX = 20_000;
const DEPTH_MAX = 20;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const PLATFORM_KEYS = ['platform', 'ansible_network_os', 'network_os', 'device_type', 'os'];
const HOST_KEYS = ['ansible_host', 'hostname', 'address', 'host', 'ip'];

function wordsOf(value: unknown): Words {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function firstOf(layers: readonly Words[], keys: readonly string[]): string | undefined {
  for (const layer of layers) {
    for (const key of keys) {
      const value = Object.hasOwn(layer, key) ? layer[key] : undefined;
      if (typeof value === 'string' && value.trim() !== '') return value.trim();
      if (typeof value === 'number') return String(value);
    }
  }
  return undefined;
}

function listed(
  name: string,
  layers: readonly Words[],
  at: { line: number; groups: readonly string[] },
): ListedHost {
  const port = Number(firstOf(layers, ['ansible_port', 'port', 'ssh_port']));
  return {
    name,
    host: firstOf(layers, HOST_KEYS) ?? name,
    platform: firstOf(layers, PLATFORM_KEYS),
    site: firstOf(layers, ['site', 'location']),
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
    ...at,
  };
}

/** Columns by their names in the first line, else name, address, platform, site. Quotes as in RFC 4180, on one line. */
function fromCsv(text: string): readonly ListedHost[] {
  const rows = text.split(/\r?\n/).map((line, at) => ({ line: at + 1, cells: cellsOf(line) }));
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const first = filled[0]?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const hasHead = first.includes('name') || first.includes('hostname');
  const nameKey = first.includes('name') ? 'name' : 'hostname';
  const heads = hasHead ? first : ['name', 'address', 'platform', 'site'];
  return (hasHead ? filled.slice(1) : filled)
    .filter(({ cells }) => !(cells[0] ?? '').startsWith('#'))
    .map(({ line, cells }) => {
      const words = Object.fromEntries(heads.map((head, at) => [head, cells[at] ?? '']));
      const name = words[hasHead ? nameKey : 'name'] ?? '';
      const groups = (words['groups'] ?? '').split(/[\s;|]+/).filter(Boolean);
      // Where `hostname` is the name it is no address.
      const { hostname = '', ...rest } = words;
      return listed(name, [nameKey === 'hostname' && hasHead ? rest : { ...rest, hostname }], {
        line,
        groups,
      });
    });
}

function cellsOf(line: string): readonly string[] {
  const parts = line.match(/("(?:[^"]|"")*"|[^,;\t]*)(?:[,;\t]|$)/g) ?? [];
  return parts.slice(0, 64).map((part) => {
    const cell = part.replace(/[,;\t]$/, '').trim();
    return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell;
  });
}

function assignments(text: string): Words {
  const found = text.matchAll(/([A-Za-z_][\w-]*)\s*=\s*("[^"]*"|'[^']*'|\S+)/g);
  return Object.fromEntries(
    [...found].map(([, key = '', value = '']) => [key, value.replace(/^(["'])(.*)\1$/, '$2')]),
  );
}

interface IniGroup {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  vars: Words;
}

interface IniHost {
  readonly line: number;
  vars: Words;
}

function parseIni(text: string) {
  const groups = new Map<string, IniGroup>();
  const hosts = new Map<string, IniHost>();
  const groupOf = (name: string) => {
    const known = groups.get(name) ?? { hosts: new Set(), children: new Set(), vars: {} };
    groups.set(name, known);
    return known;
  };
  let section = { name: 'ungrouped', part: 'hosts' };
  text.split(/\r?\n/).forEach((raw, at) => {
    const line = raw.replace(/(^|\s)[#;].*$/, '').trim();
    const head = /^\[([^\]:]+)(?::(\w+))?\]$/.exec(line);
    if (head) section = { name: head[1] ?? '', part: head[2] ?? 'hosts' };
    if (head || line === '') return;
    const group = groupOf(section.name);
    const [word = ''] = line.split(/\s+/, 1);
    if (section.part === 'children') group.children.add(word);
    else if (section.part === 'vars') group.vars = { ...group.vars, ...assignments(line) };
    else {
      const known = hosts.get(word) ?? { line: at + 1, vars: {} };
      known.vars = { ...known.vars, ...assignments(line.slice(word.length)) };
      hosts.set(word, known);
      group.hosts.add(word);
    }
  });
  return { groups, hosts };
}

/** The groups that hold a member, the nearest first. */
function groupsAround(groups: ReadonlyMap<string, IniGroup>, host: string): readonly string[] {
  const own = [...groups].filter(([, { hosts }]) => hosts.has(host)).map(([name]) => name);
  const all = new Set(own);
  for (const name of all) {
    for (const [parent, { children }] of groups) if (children.has(name)) all.add(parent);
  }
  return [...all];
}

function fromGroups(
  groups: ReadonlyMap<string, IniGroup>,
  hosts: ReadonlyMap<string, IniHost>,
): readonly ListedHost[] {
  return [...hosts].map(([name, { line, vars }]) => {
    const around = groupsAround(groups, name);
    const layers = [...around, 'all'].map((each) => groups.get(each)?.vars ?? {});
    const kept = around.filter((each) => each !== 'all' && each !== 'ungrouped');
    return listed(name, [vars, ...layers], { line, groups: kept });
  });
}

function ansibleGroup(
  name: string,
  value: unknown,
  into: { groups: Map<string, IniGroup>; hosts: Map<string, IniHost>; depth: number },
): void {
  if (into.depth > DEPTH_MAX) return;
  const { hosts, children, vars } = wordsOf(value);
  const members = Object.entries(wordsOf(hosts));
  const below = Object.entries(wordsOf(children));
  into.groups.set(name, {
    hosts: new Set(members.map(([each]) => each)),
    children: new Set(below.map(([each]) => each)),
    vars: wordsOf(vars),
  });
  for (const [host, own] of members) {
    const known = into.hosts.get(host)?.vars;
    into.hosts.set(host, { line: 1, vars: { ...known, ...wordsOf(own) } });
  }
  for (const [child, inside] of below) {
    ansibleGroup(child, inside, { ...into, depth: into.depth + 1 });
  }
}

/** YAML of Ansible (groups with `hosts` or `children`) or a Nornir SimpleInventory (hosts with `hostname`, `data`). */
function fromYaml(text: string, file: string): readonly ListedHost[] {
  const read = readDocument({ text, file, schema: { type: 'object' }, whenEmpty: {} });
  if (!read.ok) throw new DiagnosticsError(read.diagnostics);
  const top = Object.entries(wordsOf(read.value));
  const isAnsible = top.some(([, value]) => {
    const words = wordsOf(value);
    return Object.hasOwn(words, 'hosts') || Object.hasOwn(words, 'children');
  });
  if (isAnsible) {
    const into = { groups: new Map<string, IniGroup>(), hosts: new Map<string, IniHost>() };
    for (const [name, value] of top) ansibleGroup(name, value, { ...into, depth: 0 });
    return fromGroups(into.groups, into.hosts);
  }
  return top.map(([name, value]) => {
    const words = wordsOf(value);
    const { groups } = words;
    const names = Array.isArray(groups) ? groups.filter((each) => typeof each === 'string') : [];
    const { line } = read.locateKey([name]);
    return listed(name, [words, wordsOf(words['data'])], { line, groups: names });
  });
}

/** One line a device: name, address, platform; only a name or an address is enough. */
function fromLines(text: string): readonly ListedHost[] {
  return text.split(/\r?\n/).flatMap((raw, at) => {
    const [name, second, platform, site] = raw.replace(/#.*$/, '').trim().split(/\s+/);
    if (name === undefined || name === '') return [];
    const words = { host: second ?? name, platform: platform ?? '', site: site ?? '' };
    return [listed(name, [words], { line: at + 1, groups: [] })];
  });
}

function formOf(text: string, file: string): readonly ListedHost[] {
  if (/\.ya?ml$/i.test(file)) return fromYaml(text, file);
  const rows = text.split(/\r?\n/).filter((line) => !/^\s*([#;].*)?$/.test(line));
  const first = rows[0] ?? '';
  if (/\.csv$/i.test(file) || /^[^[=]*[,;\t][^=]*$/.test(first)) return fromCsv(text);
  const isIni = rows.some((line) => /^\s*\[[^\]]+\]\s*$/.test(line) || line.includes('='));
  if (!isIni) return fromLines(text);
  const { groups, hosts } = parseIni(text);
  return fromGroups(groups, hosts);
}

function objections(hosts: readonly ListedHost[], file: string): readonly Diagnostic[] {
  const seen = new Map<string, number>();
  return hosts.flatMap(({ name, host, line }) => {
    const first = seen.get(name);
    seen.set(name, first ?? line);
    const wrong = hostError(host);
    const message = [
      NAME.test(name) ? undefined : `"${name.slice(0, 80)}" cannot be the name of a device`,
      first === undefined ? undefined : `"${name}" is there twice, first in line ${first}`,
      wrong === undefined ? undefined : `"${host.slice(0, 80)}" ${wrong}`,
    ].find((each) => each !== undefined);
    if (message === undefined) return [];
    const mend = 'a device has a name of letters, digits, dots and dashes, and an address';
    const place = { file, line, column: 1 };
    return [{ code: 'inventory-invalid', severity: 'error', place, message, mend } as const];
  });
}

/**
 * The devices in another tool's list, by the form of the file: a CSV with name, address, platform and site, an Ansible
 * inventory (INI or YAML), a Nornir SimpleInventory, or one line a device. DiagnosticsError with every finding.
 */
export function readHostList(text: string, file: string): readonly ListedHost[] {
  const hosts = formOf(text, file);
  if (hosts.length === 0 || hosts.length > HOSTS_MAX) {
    const message = hosts.length === 0 ? 'no device is in it' : `more than ${HOSTS_MAX} devices`;
    const mend = 'a line a device: name,address,platform,site';
    const place = { file, line: 1, column: 1 };
    const code = 'inventory-invalid';
    throw new DiagnosticsError([{ code, severity: 'error', place, message, mend }]);
  }
  const found = objections(hosts, file);
  if (found.length > 0) throw new DiagnosticsError(found.slice(0, 200));
  return hosts;
}

/** The platform that another tool's word means, among ours; undefined when none or more than one could be meant. */
export function platformMeant(word: string, known: readonly string[]): string | undefined {
  const text = word.toLowerCase().replaceAll(/[-\s]/g, '_');
  const last = text.split('.').at(-1) ?? text;
  const tailOf = (id: string) => id.slice(id.indexOf('_') + 1);
  const [vendor, rest] = [last.slice(0, last.indexOf('_')), last.replace(/^[^_]*_/, '')];
  const tests: readonly ((id: string) => boolean)[] = [
    (id) => id === last,
    (id) => tailOf(id) === last || tailOf(id) === last.replaceAll('_', ''),
    (id) => id.startsWith(`${last}_`),
    (id) => tailOf(id).startsWith(last),
    (id) => last.includes('_') && id.startsWith(`${vendor}_`) && tailOf(id).startsWith(rest),
    (id) => last.includes('_') && id.startsWith(`${vendor}_`) && tailOf(id).endsWith(rest),
  ];
  for (const test of tests) {
    const found = known.filter(test);
    if (found.length === 1) return found[0];
  }
  return undefined;
}
