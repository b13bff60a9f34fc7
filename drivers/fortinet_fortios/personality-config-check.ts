import type { Attribute, AttributeType, Section } from './personality-schema.js';
import { digest } from './personality-text.js';
import {
  configOf,
  entriesOf,
  type Node,
  quoted,
  settingOf,
  type Tree,
  type Word,
} from './personality-tree.js';

export type Checked =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'refused'; readonly lines: readonly string[] };

export function parseError(word: string): readonly string[] {
  return ['', `command parse error before '${word}'`, 'Command fail. Return code -61'];
}

export const INCOMPLETE: readonly string[] = [
  '',
  'incomplete command in the end',
  'Command fail. Return code -160',
];

export const NOT_IN_TABLE: readonly string[] = [
  '',
  'entry is not found in table',
  'Command fail. Return code -3',
];

export function refusedValue(name: string, word: string): readonly string[] {
  return [
    `node_check_object fail! for ${name} ${word}`,
    '',
    `value parse error before '${word}'`,
    'Command fail. Return code -651',
  ];
}

export function missingAttribute(name: string): readonly string[] {
  return [
    `node_check_object fail! for ${name} `,
    `Attribute '${name}' MUST be set.`,
    'Command fail. Return code -56',
  ];
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

function maskOf(length: number): string {
  const bits = length === 0 ? 0 : (0xff_ff_ff_ff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

/** `10.0.0.1/24` and `10.0.0.1 255.255.255.0` are the same. */
function subnetOf(words: readonly Word[]): string | undefined {
  const [first = '', second] = words.map(({ text }) => text);
  const [address = '', length] = first.split('/');
  if (!IPV4.test(address)) return undefined;
  if (length !== undefined) {
    return /^\d{1,2}$/.test(length) && Number(length) <= 32
      ? `${address} ${maskOf(Number(length))}`
      : undefined;
  }
  if (second === undefined) return `${address} 255.255.255.255`;
  return IPV4.test(second) ? `${address} ${second}` : undefined;
}

const value = (shown: string): Checked => ({ kind: 'value', value: shown });
const refused = (lines: readonly string[]): Checked => ({ kind: 'refused', lines });

/** Everything that one of the tables holds, by name. */
function linked(tree: Tree, tables: readonly string[]): ReadonlySet<string> {
  return new Set(tables.flatMap((path) => entriesOf(configOf(tree, path)).map(({ name }) => name)));
}

function checkLinks(
  tree: Tree,
  type: Extract<AttributeType, { kind: 'link' }>,
  words: readonly Word[],
): Checked {
  const known = linked(tree, type.tables);
  const given = type.isList ? words : words.slice(0, 1);
  const missing = given.find(({ text }) => !known.has(text) && text !== 'any');
  if (missing) {
    return refused([
      'entry not found in datasource',
      '',
      `value parse error before '${missing.text}'`,
      'Command fail. Return code -3',
    ]);
  }
  return value(given.map(({ text }) => quoted(text)).join(' '));
}

function checkNumber(name: string, type: Extract<AttributeType, { kind: 'number' }>, word: string) {
  if (!/^\d+$/.test(word)) {
    return refused([
      `invalid unsigned integer value: ${word}`,
      '',
      `value parse error before '${word}'`,
      'Command fail. Return code -651',
    ]);
  }
  const isIn = Number(word) >= type.min && Number(word) <= type.max;
  return isIn ? value(String(Number(word))) : refused(refusedValue(name, word));
}

function checkChoice(type: Extract<AttributeType, { kind: 'choice' }>, words: readonly Word[]) {
  const given = (type.isList ? words : words.slice(0, 1)).map(({ text }) => text);
  const odd = given.find((text) => !type.values.includes(text));
  return odd === undefined ? value(given.join(' ')) : refused(parseError(odd));
}

/** Secrets are shown as something that cannot be read; the same secret gives the same text for an administrator only. */
export function concealed(secret: string, isHash: boolean): string {
  const bytes = Buffer.from(digest('sha256', `secret ${secret}`), 'hex').toString('base64');
  return isHash ? `ENC SH2${bytes}` : `ENC ${bytes}`;
}

function freeValue(words: readonly Word[]): string {
  return words.map(({ text, isQuoted }) => (isQuoted ? quoted(text) : text)).join(' ');
}

function checkText(name: string, lengthMax: number, given: string): Checked {
  if (given.length <= lengthMax) return value(quoted(given));
  const tooLong = `string value is too long. The max length is ${lengthMax}`;
  return refused([tooLong, ...refusedValue(name, given).slice(1)]);
}

function checkAddress(words: readonly Word[]): Checked {
  const given = words[0]?.text ?? '';
  return IPV4.test(given) ? value(given) : refused(parseError(given));
}

function checkSubnet(words: readonly Word[]): Checked {
  const subnet = subnetOf(words);
  return subnet === undefined ? refused(parseError(words[0]?.text ?? '')) : value(subnet);
}

function checkSecret(words: readonly Word[], isHash: boolean): Checked {
  const given = words[0]?.text ?? '';
  return value(given === 'ENC' ? freeValue(words) : concealed(given, isHash));
}

type Check = (tree: Tree, attribute: Attribute, words: readonly Word[]) => Checked | undefined;

const CHECKS: readonly Check[] = [
  (_tree, { name, type }, [word]) =>
    type.kind === 'text' ? checkText(name, type.lengthMax, word?.text ?? '') : undefined,
  (_tree, { type }, words) => (type.kind === 'choice' ? checkChoice(type, words) : undefined),
  (_tree, { name, type }, [word]) =>
    type.kind === 'number' ? checkNumber(name, type, word?.text ?? '') : undefined,
  (_tree, { type }, words) => (type.kind === 'address' ? checkAddress(words) : undefined),
  (_tree, { type }, words) => (type.kind === 'subnet' ? checkSubnet(words) : undefined),
  (_tree, { type }, words) =>
    type.kind === 'secret' ? checkSecret(words, type.isHash) : undefined,
  (tree, { type }, words) => (type.kind === 'link' ? checkLinks(tree, type, words) : undefined),
];

function checkWords(tree: Tree, attribute: Attribute, words: readonly Word[]): Checked {
  for (const check of CHECKS) {
    const checked = check(tree, attribute, words);
    if (checked) return checked;
  }
  return value(freeValue(words));
}

/** The value as the device will write it, or what it says instead. */
export function checkValue(tree: Tree, attribute: Attribute, words: readonly Word[]): Checked {
  return words.length === 0 ? refused(INCOMPLETE) : checkWords(tree, attribute, words);
}

/** What keeps an entry from being taken. */
export function missingIn(section: Section, node: Node): string | undefined {
  return section.required.find((name) => {
    const given = settingOf(node, name);
    return given === undefined || given === '';
  });
}

const REFERENCES: Readonly<Record<string, RegExp>> = {
  'firewall address': /^(srcaddr|dstaddr|member)$/,
  'firewall addrgrp': /^(srcaddr|dstaddr|member)$/,
  'system interface': /^(srcintf|dstintf|device|interface)$/,
  'system accprofile': /^accprofile$/,
  'router route-map': /^route-map-(in|out)$/,
};

function uses(node: Node, name: RegExp, key: string): number {
  const own = node.settings.filter(
    (one) => name.test(one.name) && one.value.split(' ').includes(quoted(key)),
  ).length;
  return node.children.reduce((sum, child) => sum + uses(child, name, key), own);
}

/** How many other objects name this entry. */
export function useCount(tree: Tree, path: string, key: string): number {
  const name = REFERENCES[path];
  if (name === undefined) return 0;
  return tree.reduce((sum, node) => sum + uses(node, name, key), 0);
}
