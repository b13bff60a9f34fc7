// What linters cannot say, read from the source itself.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const thisFile = relative(root, fileURLToPath(import.meta.url));

interface Source {
  readonly path: string;
  readonly text: string;
}

function sourcesIn(...folders: readonly string[]): readonly Source[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => path !== thisFile)
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Every place where `pattern` matches, as `path:line: text of the line`. */
function placesOf(pattern: RegExp, sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => pattern.test(line))
      .map(({ line, place }) => `${place}: ${line.trim()}`),
  );
}

const product = sourcesIn('src', 'drivers', 'lab');
const everything = [...product, ...sourcesIn('test', '.tooling')];

// Long names are looked for anywhere, short ones only where no letter stands beside them.
const vendorNames = new RegExp(
  [
    'arista|cisco|juniper|junos|fortinet|fortios|fortigate|palo ?alto|aruba|huawei|mikrotik',
    'routeros|nokia|srlinux|ubiquiti|edgeos|vyos|ios-?x[er]|nx-?os|aos-?cx|procurve|comware',
    '(?<![a-z])(eos|ios|asa|ftd|pan-?os|vrp|sros|exos|dell|gaia|f5|tmos|sonic|cumulus|frr)(?![a-z])',
  ].join('|'),
  'i',
);

const packagesOfTheProduct = [
  'ssh2',
  'net-snmp',
  'netmask',
  'p-queue',
  'handlebars',
  'ajv',
  'winston',
  '@jest/globals',
];

const topLevelNames = new Set([
  'bin',
  'drivers',
  'inventories',
  'lab',
  'playbooks',
  'src',
  'test',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'jest.config.mjs',
  'knip.json',
  'package-lock.json',
  'package.json',
  'tsconfig.build.json',
  'tsconfig.json',
]);
const madeByTools = new Set(['node_modules', 'dist', 'coverage']);

describe('the source', () => {
  test('is really read by these tests', () => {
    expect(product.length).toBeGreaterThan(20);
  });

  test('names no vendor in src outside the generated list of drivers', () => {
    const core = product.filter(
      ({ path }) => path.startsWith('src/') && path !== 'src/driver-loaders.ts',
    );
    expect(placesOf(vendorNames, core)).toEqual([]);
  });

  test('leaves nothing marked for later', () => {
    expect(placesOf(/\b(TODO|FIXME|XXX|HACK)\b/, everything)).toEqual([]);
  });

  test('has no file over 400 lines', () => {
    const long = product
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  test('has no catch-all files', () => {
    const catchAll = /^(utils?|helpers?|types|common|misc|shared)\.(ts|mjs)$/;
    const barrel = (path: string) =>
      basename(path) === 'index.ts' && !/^drivers\/[^/]+\/index\.ts$/.test(path);
    const found = everything.filter(({ path }) => catchAll.test(basename(path)) || barrel(path));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  test('imports by default what has no named exports under Node', () => {
    const named = /import\s+(?!type\b)[^;]*\{(?<names>[^}]*)\}\s*from '(ssh2|handlebars)'/g;
    const found = everything.flatMap(({ path, text }) =>
      [...text.matchAll(named)]
        .filter((match) => !isTypesOnly(match.groups?.['names'] ?? ''))
        .map((match) => `${path}: ${match[0]}`),
    );
    expect(found).toEqual([]);
  });

  test('makes dates from given times only, outside adapters, store and lab', () => {
    const pure = product.filter(
      ({ path }) => !/^(src\/(adapters|store|main\.ts)|lab)(\/|$)/.test(path),
    );
    expect(placesOf(/new Date(\(\s*\)|\s*;)/, pure)).toEqual([]);
  });

  test.each(packagesOfTheProduct)('uses the package %s', (name) => {
    const imported = new RegExp(`(from|import\\()\\s*'${name}(/[^']*)?'`);
    const users = everything.filter(({ path, text }) => {
      return imported.test(text) && !path.startsWith('.tooling/');
    });
    expect(users.length).toBeGreaterThan(0);
  });
});

describe('the repository', () => {
  test('has only the agreed names at its top level', () => {
    const strange = readdirSync(root).filter(
      (name) => !name.startsWith('.') && !topLevelNames.has(name) && !madeByTools.has(name),
    );
    expect(strange).toEqual([]);
  });

  test('pins exact versions and holds no download addresses', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

function isTypesOnly(names: string): boolean {
  return names
    .split(',')
    .map((name) => name.trim())
    .every((name) => name === '' || name.startsWith('type '));
}
