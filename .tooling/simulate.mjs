// Plays drawn nights of the lab's own network until so many were played by this engine, these drivers and this lab.
// What was played is kept after every batch, by the digest of all that took part: a later call goes on, a changed
// program begins anew.
//   node .tooling/simulate.mjs [--total 100000] [--batch 250] [--workers CORES] [--minutes M] [--folder DIRECTORY]
// Ends with 1 when a rule was broken, with 0 otherwise, all played or not.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SEED = 'simulate';
const PARTS = ['dist/src', 'dist/drivers', 'dist/lab', 'inventories/proof', 'playbooks'];
const HOUR_MS = 3_600_000;

const { values } = parseArgs({
  options: {
    total: { type: 'string', default: '100000' },
    batch: { type: 'string', default: '250' },
    workers: { type: 'string', default: String(availableParallelism()) },
    minutes: { type: 'string', default: '1000000' },
    folder: { type: 'string', default: join(root, '.nightshift', 'simulate') },
  },
});

function whole(name) {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  console.error(`--${name} takes a whole number above zero, not "${values[name]}"`);
  process.exit(64);
}

const [total, batch, workers, minutes] = ['total', 'batch', 'workers', 'minutes'].map(whole);

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

/** Over every file that takes part, by its place. */
function digestOfAll() {
  const hash = createHash('sha256');
  const files = PARTS.map((part) => join(root, part))
    .filter((path) => existsSync(path))
    .flatMap(filesBelow)
    .map((path) => relative(root, path));
  for (const file of files.toSorted((a, b) => (a < b ? -1 : 1))) {
    if (file.endsWith('.map')) continue;
    hash.update(
      `${file}\n${createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex')}\n`,
    );
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
}

const digest = digestOfAll();
const recordFile = join(values.folder, `${digest.slice(0, 16)}.json`);

function emptyRecord() {
  return {
    digest: `sha256:${digest}`,
    seed: SEED,
    done: [],
    violations: [],
    struck: {},
    endings: {},
    deaths: 0,
    resumed: 0,
    events: 0,
    virtualMs: 0,
    tookMs: 0,
  };
}

function readRecord() {
  if (!existsSync(recordFile)) return emptyRecord();
  try {
    return JSON.parse(readFileSync(recordFile, 'utf8'));
  } catch (thrown) {
    console.error(`${recordFile} cannot be read (${thrown.message}): move it away to begin anew`);
    process.exit(1);
  }
}

/** Whole or not at all: a half-written record would lose every night before it. */
function writeRecord(record) {
  writeFileSync(`${recordFile}.new`, `${JSON.stringify(record, null, 1)}\n`);
  renameSync(`${recordFile}.new`, recordFile);
}

function add(record, first, result) {
  record.done.push([first, result.played]);
  record.violations.push(...result.violations);
  for (const { fault, phase, times } of result.struck) {
    const key = `${fault} ${phase}`;
    record.struck[key] = (record.struck[key] ?? 0) + times;
  }
  for (const [ending, times] of Object.entries(result.endings)) {
    record.endings[ending] = (record.endings[ending] ?? 0) + times;
  }
  for (const key of ['deaths', 'resumed', 'events', 'virtualMs', 'tookMs'])
    record[key] += result[key];
}

const played = (record) => record.done.reduce((sum, [, count]) => sum + count, 0);
const hours = (ms) => `${Math.floor(ms / HOUR_MS)} h ${Math.floor((ms % HOUR_MS) / 60_000)} min`;

const children = new Set();
let isStopping = false;

function stop() {
  isStopping = true;
  for (const child of children) child.kill('SIGINT');
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

/** The result of one batch; undefined when it was ended before it was whole. */
function playBatch(first, count, worker) {
  const state = join(values.folder, `state-${worker}`);
  const args = ['lab', 'seeds', '--seed', SEED, '--first', first, '--count', count];
  const command = [...args.map(String), '-o', 'json', '--state', state];
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'bin', 'nightshift'), command, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C comes to the terminal's whole group; here it is passed on once.
      detached: true,
    });
    children.add(child);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      children.delete(child);
      if (isStopping) return resolve(undefined);
      if (code !== 0 && code !== 3)
        return reject(new Error(`nights ${first} and on: exit ${code}\n${err}`));
      resolve(JSON.parse(out));
    });
  });
}

mkdirSync(values.folder, { recursive: true });
const record = readRecord();
const startedMs = performance.now();
const before = played(record);
const begun = [...record.done];

/** The first nights that nobody plays or has played; earlier calls may have had batches of another size. */
function nextBatch() {
  if (isStopping || performance.now() - startedMs > minutes * 60_000) return undefined;
  let first = 0;
  for (const [from, count] of begun.toSorted(([a], [b]) => a - b)) {
    if (from > first) break;
    first = Math.max(first, from + count);
  }
  if (first >= total) return undefined;
  const later = begun.map(([from]) => from).filter((from) => from > first);
  const range = [first, Math.min(batch, total - first, ...later.map((from) => from - first))];
  begun.push(range);
  return range;
}

function tell() {
  const here = played(record) - before;
  const perHour = Math.round((here / (performance.now() - startedMs)) * HOUR_MS);
  const leftMs = ((total - played(record)) / Math.max(1, perHour)) * HOUR_MS;
  console.log(
    `${played(record)} of ${total} nights, ${record.violations.length} violations, ${perHour} an hour, ` +
      `${hours(leftMs)} left`,
  );
}

async function work(worker) {
  for (let range = nextBatch(); range !== undefined; range = nextBatch()) {
    const [first, count] = range;
    const result = await playBatch(first, count, worker);
    if (!result) return;
    add(record, first, result);
    writeRecord(record);
    tell();
  }
}

console.log(
  `engine, drivers and lab: sha256:${digest.slice(0, 16)}, ${before} nights played already`,
);
try {
  await Promise.all(Array.from({ length: workers }, (_none, worker) => work(worker)));
} catch (thrown) {
  stop();
  console.error(thrown.message);
  process.exitCode = 70;
}
const endings = Object.entries(record.endings).map(([ending, times]) => `${times} ${ending}`);
console.log(
  `units: ${endings.join(', ') || 'none'}; runners killed: ${record.deaths}; resumed: ${record.resumed}`,
);
for (const key of Object.keys(record.struck).toSorted()) {
  console.log(`  ${key.padEnd(40)} ${record.struck[key]}`);
}
for (const { night, invariant, why, replay } of record.violations) {
  console.log(`violated: night ${night}, ${invariant}: ${why}\n  again: ${replay}`);
}
console.log(
  `${record.violations.length} violations in ${played(record)} of ${total} nights, ` +
    `${hours(record.virtualMs)} in the lab, ${hours(record.tookMs)} of one core; ${relative(process.cwd(), recordFile)}`,
);
if (record.violations.length > 0) process.exitCode ??= 1;
