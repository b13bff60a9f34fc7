// Makes a fresh clone ready and hands over to a script under the Node that the lock file pins.
// Runs before any package is there and on Node 20: only Node's own modules, no newer syntax.
//   node .tooling/bootstrap.mjs [--build] SCRIPT [ARGUMENT ...]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node');

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

// Content is compared, not file times: a fresh checkout has new times and the same packages.
function isInstalled() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined || !existsSync(pinnedNode)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = present[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
}

function install() {
  console.log('installing the packages that package-lock.json names ...');
  const npm = process.env['npm_execpath'];
  const quiet = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'];
  const [command, before] =
    npm !== undefined && npm.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...before, ...quiet], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error('npm ci failed: see above. It needs npm and a reachable package registry.');
    process.exit(1);
  }
  if (!existsSync(pinnedNode)) {
    console.error(
      'npm ci brought no Node for this machine (package "node"). Were install scripts switched ' +
        'off (npm config get ignore-scripts)?',
    );
    process.exit(1);
  }
}

function build() {
  const script = join(root, '.tooling', 'build.mjs');
  const result = spawnSync(pinnedNode, [script], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) process.exit(1);
}

function handOver(script, args) {
  const child = spawn(pinnedNode, [join(root, script), ...args], { stdio: 'inherit' });
  // A terminal sends these to the child as well; whether to stop is the child's decision.
  for (const signal of ['SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      if (!process.stdin.isTTY) child.kill(signal);
    });
  }
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`cannot start ${pinnedNode}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const args = process.argv.slice(2);
const needsBuild = args[0] === '--build';
if (needsBuild) args.shift();
const script = args.shift();
if (script === undefined) {
  console.error('usage: node .tooling/bootstrap.mjs [--build] SCRIPT [ARGUMENT ...]');
  process.exit(64);
}
if (!isInstalled()) install();
if (needsBuild) build();
handOver(script, args);
