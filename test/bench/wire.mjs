// What is measured over real SSH and SNMP on loopback, against a lab in a process of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWire, stopWire } from '../../dist/lab/world/wire-control.js';
import { twinOf } from '../../dist/lab/rehearse/twin.js';
import { createLocalDispatcher } from '../../dist/src/adapters/local-dispatcher.js';
import { createSecrets } from '../../dist/src/adapters/secrets.js';
import { createSnmpClient } from '../../dist/src/adapters/snmp-client.js';
import { createSshDialer } from '../../dist/src/adapters/ssh-dialer.js';
import { createSystemClock } from '../../dist/src/adapters/system-clock.js';
import { Contact } from '../../dist/src/fingerprint/contact.js';
import { fingerprint } from '../../dist/src/fingerprint/fingerprint.js';
import { LoginBudget } from '../../dist/src/fingerprint/login-budget.js';
import { openSqliteStore } from '../../dist/src/store/sqlite-store.js';
import { figure, median, quantile } from './figures.mjs';
import { netmikoProblem, runNetmiko } from './netmiko.mjs';
import { inventoryOf, loadDrivers, SECRET, START_MS, twinFactsOf, withPorts } from './network.mjs';

const PARALLEL = 64;

export function newFolder() {
  return mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
}

/** Starts the lab, runs `work` against it and stops it, whatever becomes of the work. */
export async function withLab(count, work) {
  const folder = newFolder();
  // Two of these on one machine get in each other's way less often.
  const net = 64 + (process.pid % 128);
  const inventory = inventoryOf(count, { net, linked: false });
  const spec = twinOf({
    inventory,
    facts: twinFactsOf(count),
    images: [],
    secrets: { resolve: () => SECRET },
    seed: 'bench',
    startMs: START_MS,
    faults: [],
  });
  try {
    await startWire({ folder, spec: { ...spec, devices: spec.devices.map(withPorts) }, speed: 1 });
    return await work({ inventory, drivers: await loadDrivers() });
  } finally {
    await stopWire(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The parts of the world that looking at devices needs, all of them the real ones. */
function worldOf(store) {
  return {
    clock: createSystemClock(),
    dialer: createSshDialer(),
    snmp: createSnmpClient(),
    secrets: createSecrets({ env: { BENCH: SECRET } }),
    dispatcher: createLocalDispatcher,
    store,
  };
}

function contactOf(unit, { drivers, world }) {
  const { platform } = drivers.get(unit.device.platform);
  const budget = new LoginBudget();
  return new Contact({
    world,
    device: unit.device,
    platform,
    budget,
    hostKeys: [],
    acceptFirst: true,
  });
}

/** A new connection, one command, and the end: the milliseconds of each stage. */
async function connectOnce(unit, context) {
  const contact = contactOf(unit, context);
  try {
    const startMs = performance.now();
    await contact.connection();
    const loggedInMs = performance.now();
    const session = await contact.session();
    const openMs = performance.now();
    const text = await session.read('show version');
    const endMs = performance.now();
    if (text.length < 40) throw new Error(`${unit.id} showed no version: ${text}`);
    return {
      login: loggedInMs - startMs,
      open: openMs - loggedInMs,
      command: endMs - openMs,
      total: endMs - startMs,
    };
  } finally {
    contact.close();
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Connects one after the other; between two of them the lab has the time to close the one before. */
async function connectAlone(unit, context, { warmUps, count }) {
  for (let done = 0; done < warmUps; done += 1) await connectOnce(unit, context);
  const rounds = [];
  for (let done = 0; done < count; done += 1) {
    rounds.push(await connectOnce(unit, context));
    await pause(1);
  }
  return rounds;
}

export async function benchConnect(lab, { count, warmUps }) {
  const context = { drivers: lab.drivers, world: worldOf(undefined) };
  const figures = [];
  for (const unit of lab.inventory.units.slice(0, 2)) {
    const rounds = await connectAlone(unit, context, { count, warmUps });
    const of = (stage) => rounds.map((each) => each[stage]);
    const parts = ['login', 'open', 'command'].map((stage) => median(of(stage)).toFixed(1));
    const note = `login ${parts[0]} + prompt and opening lines ${parts[1]} + command ${parts[2]}`;
    const { platform } = unit.device;
    figures.push(
      figure(`${platform}, median`, median(of('total')), 'ms', { goal: '<= 6', note }),
      figure(`${platform}, p90`, quantile(of('total'), 0.9), 'ms'),
    );
  }
  const title = `Connect and "show version", one at a time, ${count} new connections each`;
  return { title, figures, remarks: [] };
}

async function timed(count, work) {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  await work();
  const tookMs = performance.now() - startMs;
  const used = process.cpuUsage(cpu);
  return { perSecond: (count / tookMs) * 1000, cpuMs: (used.user + used.system) / 1000 / count };
}

/** First contact with all units: SNMP, login, facts, running config, all of it stored. */
async function fingerprintAll(units, drivers) {
  const directory = newFolder();
  const store = await openSqliteStore({ directory, clock: createSystemClock() });
  try {
    let sightings = [];
    const result = await timed(units.length, async () => {
      sightings = await fingerprint({
        world: worldOf(store),
        drivers,
        units,
        parallel: PARALLEL,
        acceptFirst: { by: 'bench', reason: 'a lab of its own' },
      });
    });
    const failed = sightings.find((each) => each.kind !== 'seen');
    if (failed) throw new Error(`${failed.unit} was not seen: ${failed.why}`);
    return result;
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Login and "show version" only: the same work as that of netmiko. */
async function showVersions(units, drivers) {
  const context = { drivers, world: worldOf(undefined) };
  const dispatcher = createLocalDispatcher(PARALLEL);
  return timed(units.length, () =>
    Promise.all(units.map((unit) => dispatcher.run(() => connectOnce(unit, context)))),
  );
}

/** All contestants in turn, so that a busy machine is busy for each of them. */
async function alternate(contestants, rounds) {
  const results = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, run } of contestants) results.get(name).push(await run());
  }
  const middle = (name, field) => median(results.get(name).map((each) => each[field] ?? 0));
  return (name) => ({
    perSecond: middle(name, 'perSecond'),
    cpuMs: middle(name, 'cpuMs'),
    failed: middle(name, 'failed'),
    firstFailure: results.get(name).find((each) => each.failed > 0)?.firstFailure,
  });
}

export async function benchFingerprint(lab, { rounds, fastUnits, slowUnits }) {
  const { drivers } = lab;
  const { units } = lab.inventory;
  const problem = netmikoProblem();
  const netmiko = (count, fast) => () => runNetmiko(units.slice(0, count), PARALLEL, fast);
  const peers = [
    { name: 'fast', run: netmiko(fastUnits, true) },
    { name: 'standard', run: netmiko(slowUnits, false) },
  ];
  const own = [
    { name: 'fingerprint', run: () => fingerprintAll(units, drivers) },
    { name: 'version', run: () => showVersions(units, drivers) },
  ];
  await fingerprintAll(units.slice(0, PARALLEL), drivers);
  const result = await alternate(problem === undefined ? [...own, ...peers] : own, rounds);
  const speed = (what, name, note) => [
    figure(what, result(name).perSecond, 'devices/s', note ? { note } : {}),
    figure('  client CPU', result(name).cpuMs, 'ms/device'),
  ];
  const figures = [
    ...speed('fingerprint, stored', 'fingerprint'),
    ...speed('login and show version', 'version'),
  ];
  const title = `${units.length} devices at ${PARALLEL} in parallel, median of ${rounds} rounds`;
  if (problem !== undefined) {
    return { title, figures, remarks: [`no comparison with netmiko: ${problem}`] };
  }
  figures.push(
    ...speed('netmiko, fast_cli, show version', 'fast', `${fastUnits} of the devices`),
    ...speed('netmiko, defaults, show version', 'standard', `${slowUnits} of the devices`),
    ...ratios(result),
  );
  const remarks = [
    'a fingerprint is SNMP, login, all facts and the running config, written to SQLite with',
    '  every commit synced; netmiko logs in and shows the version, nothing is written',
    'netmiko is timed inside its own process, from the first login on',
    ...peers.flatMap(({ name }) => failuresOf(name, result(name))),
  ];
  return { title, figures, remarks };
}

function failuresOf(name, { failed, firstFailure }) {
  if (firstFailure === undefined) return [];
  return [`netmiko ${name} failed on ${failed} devices a round (${firstFailure}), counted as done`];
}

function ratios(result) {
  const ratio = (what, own, peer, goal) =>
    figure(what, result(own).perSecond / result(peer).perSecond, 'x', goal ? { goal } : {});
  return [
    ratio('fingerprint : netmiko fast_cli', 'fingerprint', 'fast', '>= 5'),
    ratio('fingerprint : netmiko defaults', 'fingerprint', 'standard', '>= 30'),
    ratio('same work : netmiko fast_cli', 'version', 'fast'),
    ratio('same work : netmiko defaults', 'version', 'standard'),
  ];
}
