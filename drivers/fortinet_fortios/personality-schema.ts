import { isAtLeast } from './personality-text.js';
import { OPEN_SECTIONS, PLANS } from './personality-sections.js';

/** What the simulated FortiOS knows of its configuration: enough to take, refuse and complete what operators type. */

export type AttributeType =
  | { readonly kind: 'text'; readonly lengthMax: number }
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'address' }
  | { readonly kind: 'subnet' }
  | { readonly kind: 'secret'; readonly isHash: boolean }
  | { readonly kind: 'link'; readonly tables: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'free' };

export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  /** As `show full-configuration` has it. */
  readonly preset?: string;
}

export interface Section {
  readonly path: string;
  /** What an entry's key looks like; undefined: an object, no table. */
  readonly key?: 'name' | 'number' | 'address';
  readonly attributes: readonly Attribute[];
  readonly required: readonly string[];
  /** The section takes any attribute: only its name is known here. */
  readonly isOpen: boolean;
}

const LISTED = /^([^:]+):(\w+?)(\d+(?:-\d+)?)?(?:\((.*)\))?(?:=(.*))?$/;

type Reader = (limits: readonly number[], names: readonly string[]) => AttributeType;

const READERS: Readonly<Record<string, Reader>> = {
  str: ([lengthMax = 0]) => ({ kind: 'text', lengthMax }),
  int: ([min = 0, max = 0]) => ({ kind: 'number', min, max }),
  opt: (_limits, values) => ({ kind: 'choice', values, isList: false }),
  opts: (_limits, values) => ({ kind: 'choice', values, isList: true }),
  ref: (_limits, tables) => ({ kind: 'link', tables, isList: false }),
  refs: (_limits, tables) => ({ kind: 'link', tables, isList: true }),
  ip: () => ({ kind: 'address' }),
  net: () => ({ kind: 'subnet' }),
  secret: () => ({ kind: 'secret', isHash: false }),
  hash: () => ({ kind: 'secret', isHash: true }),
};

/** `NAME:KIND[LIMITS][(CHOICES)][=PRESET]`. */
function attributeOf(text: string): Attribute {
  const [, name = text, kind = '', limits = '', inside = '', preset] = LISTED.exec(text) ?? [];
  const type = READERS[kind]?.(limits.split('-').map(Number), inside.split('|')) ?? {
    kind: 'free',
  };
  return preset === undefined ? { name, type } : { name, type, preset };
}

function sectionsOf(): ReadonlyMap<string, Section> {
  const known = Object.entries(PLANS).map(([path, { key, has, required = [] }]) => {
    const base = { path, attributes: has.map(attributeOf), required, isOpen: false };
    return [path, key === undefined ? base : { ...base, key }] as const;
  });
  const open = [...OPEN_SECTIONS].map(([path, key]) => {
    const base = { path, attributes: [], required: [], isOpen: true };
    return [path, key === undefined ? base : { ...base, key }] as const;
  });
  return new Map<string, Section>([...known, ...open]);
}

const SECTIONS = sectionsOf();

/** All that can be opened at the top, and below an object with the object's path before it. */
export function sectionNamed(path: string): Section | undefined {
  return SECTIONS.get(path);
}

export const sectionPaths: readonly string[] = [...SECTIONS.keys()];

/** Attributes that came, or went, with a release: the first that has it, the first that has it no more. */
const RELEASES: Readonly<Record<string, { readonly from?: string; readonly until?: string }>> = {
  'system ha upgrade-mode': { from: '7.4.1' },
  'system ha uninterruptible-upgrade': { until: '7.4.1' },
};

/**
 * Attributes that are there only while another one has a value: neither set nor shown otherwise. Seen in a whole configuration
 * in automatic mode: `cfg-save` stands there, `cfg-revert-timeout` does not.
 */
const DEPENDENT: Readonly<Record<string, { readonly on: string; readonly value: string }>> = {
  'system global cfg-revert-timeout': { on: 'cfg-save', value: 'revert' },
  'firewall vip extport': { on: 'portforward', value: 'enable' },
  'firewall vip mappedport': { on: 'portforward', value: 'enable' },
};

/** What the attributes that are there depend on. */
export interface Scene {
  readonly version: string;
  /** The first value of another attribute of the same object. */
  value(name: string): string | undefined;
}

function isThere(path: string, scene: Scene): boolean {
  const { from, until } = RELEASES[path] ?? {};
  if (from !== undefined && !isAtLeast(scene.version, from)) return false;
  if (until !== undefined && isAtLeast(scene.version, until)) return false;
  const need = DEPENDENT[path];
  return need === undefined || scene.value(need.on) === need.value;
}

/** The section as a release has it, and as the object's other attributes let it be. */
export function sectionIn(section: Section, scene: Scene): Section {
  const attributes = section.attributes.filter(({ name }) =>
    isThere(`${section.path} ${name}`, scene),
  );
  return attributes.length === section.attributes.length ? section : { ...section, attributes };
}
