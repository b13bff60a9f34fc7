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

/** The section as a release has it. */
export function sectionIn(section: Section, version: string): Section {
  const attributes = section.attributes.filter(({ name }) => {
    const { from, until } = RELEASES[`${section.path} ${name}`] ?? {};
    const isThere = from === undefined || isAtLeast(version, from);
    return isThere && (until === undefined || !isAtLeast(version, until));
  });
  return attributes.length === section.attributes.length ? section : { ...section, attributes };
}
