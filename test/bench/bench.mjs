// How fast it is on this machine. Nothing here passes or fails; compare figures of one run only.
//   npm run bench [-- --json] [-- --quick] [-- --only connect,fingerprint,rehearsal,scale,store,config]
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchConfig } from './config.mjs';
import { tableOf } from './figures.mjs';
import { benchRehearsal, benchStore } from './in-process.mjs';
import { benchScale } from './scale.mjs';
import { benchConnect, benchFingerprint, withLab } from './wire.mjs';

const PARTS = ['connect', 'fingerprint', 'rehearsal', 'scale', 'store', 'config'];
const full = {
  connect: { count: 300, warmUps: 50 },
  devices: 500,
  fingerprint: { rounds: 3, fastUnits: 500, slowUnits: 128 },
  rehearsal: { units: 20, rounds: 7 },
  scale: { units: 2000 },
  store: { forMs: 2000 },
  config: { lines: 20_000, rounds: 5 },
};
const quick = {
  connect: { count: 200, warmUps: 20 },
  devices: 100,
  fingerprint: { rounds: 1, fastUnits: 100, slowUnits: 64 },
  rehearsal: { units: 20, rounds: 3 },
  scale: { units: 200 },
  store: { forMs: 500 },
  config: { lines: 20_000, rounds: 3 },
};

function optionsOf() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: PARTS.join(',') },
    },
  });
  const parts = values.only.split(',');
  const unknown = parts.find((each) => !PARTS.includes(each));
  if (unknown !== undefined) throw new Error(`no part ${unknown}; known: ${PARTS.join(', ')}`);
  return { json: values.json, size: values.quick ? quick : full, parts: new Set(parts) };
}

function progress(text) {
  process.stderr.write(`${text} ...\n`);
}

async function onTheWire({ parts, size }) {
  if (!parts.has('connect') && !parts.has('fingerprint')) return [];
  const count = parts.has('fingerprint') ? size.devices : 2;
  progress(`starting a lab of ${count} devices`);
  return withLab(count, async (lab) => {
    const groups = [];
    if (parts.has('connect')) {
      progress('connecting, one at a time');
      groups.push(await benchConnect(lab, size.connect));
    }
    if (parts.has('fingerprint')) {
      progress('fingerprinting, in turn with netmiko where it is installed');
      groups.push(await benchFingerprint(lab, size.fingerprint));
    }
    return groups;
  });
}

async function inProcess({ parts, size }) {
  const groups = [];
  if (parts.has('rehearsal')) {
    progress('rehearsing');
    groups.push(await benchRehearsal(size.rehearsal));
  }
  if (parts.has('scale')) {
    progress('upgrading a large network');
    groups.push(await benchScale(size.scale));
  }
  if (parts.has('store')) {
    progress('writing to the store');
    groups.push(await benchStore(size.store));
  }
  if (parts.has('config')) {
    progress('comparing configurations');
    groups.push(benchConfig(size.config));
  }
  return groups;
}

const options = optionsOf();
const groups = [...(await onTheWire(options)), ...(await inProcess(options))];
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
if (options.json) process.stdout.write(`${JSON.stringify({ machine, groups }, undefined, 2)}\n`);
else process.stdout.write(`\n${machine}\n\n${tableOf(groups)}`);
