// Compiles src, drivers and lab into dist, copies what they read at run time, and removes what
// no source stands behind any more.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = ['src', 'drivers', 'lab'];
const notShipped = /(^|\/)transcripts\/|\.(ts|md)$/;

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function isCopyCurrent(from, to) {
  if (!existsSync(to)) return false;
  const [source, copy] = [statSync(from), statSync(to)];
  return source.size === copy.size && source.mtimeMs <= copy.mtimeMs;
}

function copyAssets(folder) {
  for (const from of filesUnder(join(root, folder))) {
    const path = relative(root, from);
    if (notShipped.test(path)) continue;
    const to = join(root, 'dist', path);
    if (isCopyCurrent(from, to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}

function removeOrphans(folder) {
  for (const file of filesUnder(join(root, 'dist', folder))) {
    const source = join(root, relative(join(root, 'dist'), file));
    const compiledFrom = source.replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(source) && !existsSync(compiledFrom)) rmSync(file);
  }
}

// tsc trusts its build information: with files of dist gone, that has to go too.
function dropStaleBuildInfo() {
  if (!existsSync(join(root, 'dist', 'src'))) {
    rmSync(join(root, 'dist', '.tsbuildinfo'), { force: true });
  }
}

dropStaleBuildInfo();
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  cwd: root,
  stdio: 'inherit',
});
for (const folder of sources) {
  copyAssets(folder);
  removeOrphans(folder);
}
process.exit(compiled.status ?? 1);
