// Runs every check of the project, one line each, and ends with the counts that jest reports.
//   node .tooling/test.mjs            everything
//   node .tooling/test.mjs --static   only what needs no running program
//   node .tooling/test.mjs --interop  everything, and other people's programs against the lab
//   node .tooling/test.mjs --only-interop
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const node = (script, ...args) => [process.execPath, [join(root, script), ...args]];

const staticStages = [
  { name: 'types', run: [bin('tsc'), ['--noEmit', '-p', '.']] },
  { name: 'lint', run: [bin('oxlint'), ['--type-aware', '--deny-warnings']] },
  { name: 'layers', run: node('.tooling/layers.mjs') },
  { name: 'dead code', run: [bin('knip'), ['--no-progress']] },
  { name: 'format', run: [bin('prettier'), ['--check', '--log-level=warn', '.']] },
  { name: 'generated', run: node('.tooling/generate-drivers.mjs', '--check') },
];

const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}`,
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
};

function finish(stage, code, startedAt, output) {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const isGood = code === 0;
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${stage.name.padEnd(12)} ${seconds.padStart(6)} s`);
  if (!isGood && output !== '') console.log(output.trimEnd());
  return { name: stage.name, isGood, output };
}

function runStage(stage) {
  const startedAt = performance.now();
  const [command, args] = stage.run;
  return new Promise((resolve) => {
    const stdio = stage.isLive ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd: root, env: environment, stdio });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve(finish(stage, 1, startedAt, error.message)));
    child.on('close', (code) => resolve(finish(stage, code, startedAt, output)));
  });
}

// Two at a time: that is what the smallest machine we promise for has cores.
async function runPaired(stages) {
  const waiting = [...stages];
  const results = [];
  const lane = async () => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
      results.push(await runStage(stage));
    }
  };
  await Promise.all([lane(), lane()]);
  return results;
}

async function startBuiltProgram() {
  const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
  const result = await runStage({
    name: 'start',
    run: [join(root, 'bin', 'nightshift'), ['--version']],
  });
  if (!result.isGood || result.output.includes(version)) return result;
  console.log(`FAILED start: --version does not answer ${version} but: ${result.output}`);
  return { ...result, isGood: false };
}

async function runJest(name, configFile) {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-jest-'));
  const outputFile = join(folder, 'result.json');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  // One more than cores on a small machine: a third of the suites mostly wait for wires and processes.
  const workers = Math.max(3, availableParallelism());
  const args = [...flags, jest, '-c', join(root, configFile), `--maxWorkers=${workers}`];
  args.push('--json', `--outputFile=${outputFile}`);
  const result = await runStage({ name, run: [process.execPath, args], isLive: true });
  const counts = readCounts(outputFile);
  rmSync(folder, { recursive: true });
  return { ...result, counts };
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const asked = (flag) => process.argv.includes(flag);
const startedAt = performance.now();
const results = [];
const counted = [];

async function test(name, configFile) {
  const jest = await runJest(name, configFile);
  results.push(jest);
  counted.push(jest.counts);
  if (jest.counts === undefined) {
    console.log(`${name} left no result behind: it did not run to its end`);
  }
}

if (!asked('--only-interop')) results.push(...(await runPaired(staticStages)));
if (!asked('--static') && !asked('--only-interop')) {
  const built = await runStage({ name: 'build', run: node('.tooling/build.mjs') });
  results.push(built);
  if (built.isGood) results.push(await startBuiltProgram());
  await test('jest', 'jest.config.mjs');
}
if (asked('--interop') || asked('--only-interop')) {
  await test('interop', '.tooling/jest.interop.mjs');
}

const failed = results.filter((result) => !result.isGood).map((result) => result.name);
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
console.log(
  failed.length === 0
    ? `all ${results.length} stages good in ${seconds} s`
    : `failed: ${failed.join(', ')} (${results.length} stages in ${seconds} s)`,
);
// Counts of half a run would look like those of a whole one: then there are none.
if (counted.length > 0 && !counted.includes(undefined)) {
  const sum = (count) => counted.reduce((total, counts) => total + count(counts), 0);
  const skipped = sum((counts) => counts.numPendingTests);
  if (skipped > 0) console.log(`${skipped} skipped`);
  // A suite that cannot even be loaded has no tests to count, and is a failure all the same.
  const wrong = sum((counts) => counts.numFailedTests + counts.numRuntimeErrorTestSuites);
  console.log(`${sum((counts) => counts.numPassedTests)} passed, ${wrong} failed`);
}
process.exit(failed.length === 0 ? 0 : 1);
