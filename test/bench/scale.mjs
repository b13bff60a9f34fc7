// A large network: copies of the lab's own one, upgraded side by side and soaked for two days, on virtual time.
import { proofNetwork } from '../../dist/lab/seeds/proof-network.js';
import { planInLab } from '../../dist/lab/rehearse/plan-in-lab.js';
import { rehearse } from '../../dist/lab/rehearse/rehearse.js';
import { createNodeFiles } from '../../dist/src/adapters/node-files.js';
import { createApp } from '../../dist/src/app.js';
import { driverLoaders } from '../../dist/src/driver-loaders.js';
import { figure } from './figures.mjs';
import { START_MS } from './network.mjs';

const HOUR_MS = 3_600_000;
/** Networks in one of the address blocks 127.30.x, 127.31.x and so on. */
const BLOCK = 250;

function copyOf({ inventory, facts }, nth) {
  const named = (name) => `${name}-${nth}`;
  const units = inventory.units.map((unit, index) => ({
    ...unit,
    id: named(unit.id),
    device: {
      ...unit.device,
      id: named(unit.device.id),
      host: `127.${30 + Math.floor(nth / BLOCK)}.${nth % BLOCK}.${index + 1}`,
    },
    ...(unit.redundancyGroup && { redundancyGroup: named(unit.redundancyGroup) }),
  }));
  const end = (each) => ({ ...each, device: named(each.device) });
  return {
    units,
    links: inventory.links.map(({ a, b, ...rest }) => ({ ...rest, a: end(a), b: end(b) })),
    redundancyGroups: inventory.redundancyGroups.map((group) => ({
      ...group,
      name: named(group.name),
      units: group.units.map(named),
    })),
    facts: [...facts].map(([unit, each]) => [named(unit), each]),
  };
}

export async function benchScale({ units: wanted }) {
  const app = createApp({ files: createNodeFiles() }, driverLoaders);
  const [one] = await proofNetwork(app);
  const copies = Array.from(
    { length: Math.ceil(wanted / one.inventory.units.length) },
    (_none, nth) => copyOf(one, nth),
  );
  const { flows: _flows, attachments: _attachments, ...bare } = one.inventory;
  const inventory = {
    ...bare,
    units: copies.flatMap((each) => each.units),
    links: copies.flatMap((each) => each.links),
    redundancyGroups: copies.flatMap((each) => each.redundancyGroups),
  };
  const facts = new Map(copies.flatMap((each) => each.facts));
  const shipped = await app.playbook('playbooks/campus-firmware.yaml');
  const strategy = { ...shipped.strategy, parallel: 500, waves: [{ kind: 'rest' }] };
  const about = { inventory, facts, drivers: one.drivers, personalities: one.personalities };
  const playbook = { ...shipped, strategy };
  const plan = await planInLab({ ...about, playbook, author: 'otto', startMs: START_MS });
  let soaksMs = 0;
  const watcher = {
    onEvent: ({ kind }) => kind === 'unit-soaking' && (soaksMs = performance.now()),
  };
  const startMs = performance.now();
  const night = await rehearse({ ...about, plan, seed: '1', faults: [], watcher });
  const endMs = performance.now();
  const others = night.units.filter((each) => each.ended !== 'done');
  const hours = Math.round(night.virtualMs / HOUR_MS);
  const count = plan.body.units.length;
  return {
    title: `Upgrade of ${count} devices side by side, with a soak of 48 h`,
    figures: [
      figure('the whole of it', (endMs - startMs) / 1000, 's', { note: `${hours} h in the lab` }),
      figure('the soak, from the last device in it', (endMs - soaksMs) / 1000, 's', { goal: 60 }),
    ],
    remarks: [
      ...plan.body.leftOut.slice(0, 3).map((each) => `${each.unit} is left out: ${each.why}`),
      ...others.slice(0, 5).map((each) => `${each.unit} ended ${each.ended}: ${each.why}`),
    ],
  };
}
