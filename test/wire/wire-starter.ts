import { readFileSync } from 'node:fs';
import { startWire, type StartOptions } from '../../lab/world/wire-control.js';

/** Starts the lab that a file describes, says its process id, and ends. */
const order = process.argv[2];
if (order === undefined) throw new Error('the order is missing');
const state = await startWire(JSON.parse(readFileSync(order, 'utf8')) as StartOptions);
process.stdout.write(`${state.pid}\n`);
