import type { Dispatcher } from '../../src/ports/dispatcher.js';
import type { FlowProbe } from '../../src/ports/flow-probe.js';
import type { Files } from '../../src/ports/files.js';
import type { Knocker } from '../../src/ports/knocker.js';
import type { Delivered, NoticeCourier } from '../../src/ports/notice-courier.js';
import type { Signer } from '../../src/ports/signer.js';
import type { World } from '../../src/ports/world.js';
import { Fault } from '../../src/kernel/fault.js';
import type { MemoryStore } from '../../src/store/memory-store.js';
import type { SimWorld } from '../world/world.js';

/** What every secret of the inventory stands for among the twins. */
export const LAB_SECRET = 'lab-secret';

/** Starts jobs at once, in order: bounded by the plan's own `parallel`. */
function dispatcherOf(concurrency: number): Dispatcher {
  let running = 0;
  const waiting: (() => void)[] = [];
  const idlers: (() => void)[] = [];
  const next = () => {
    running -= 1;
    const job = waiting.shift();
    if (job) job();
    else if (running === 0) for (const each of idlers.splice(0)) each();
  };
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const start = () => {
          running += 1;
          job().then(resolve, reject).finally(next);
        };
        if (running < concurrency) start();
        else waiting.push(start);
      }),
    idle: () => (running === 0 ? Promise.resolve() : new Promise((done) => idlers.push(done))),
  };
}

const noFiles: Files = {
  readText: () => Promise.resolve(undefined),
  stat: () => Promise.resolve(undefined),
  list: () => Promise.resolve(undefined),
  writeText: () => Promise.reject(new Fault('lab-fault', 'the lab writes no files')),
  hash: () => Promise.resolve(undefined),
};

const nobodySigns = () => new Fault('lab-fault', 'nothing is signed in the lab');
const noSigner: Signer = {
  sign: () => Promise.reject(nobodySigns()),
  publicKeyOf: () => Promise.reject(nobodySigns()),
  generate: () => Promise.reject(nobodySigns()),
  verify: () => false,
};

const noKnocker: Knocker = {
  knock: () => Promise.resolve({ kind: 'silent', detail: 'the lab has no way in but the network' }),
};

const nothingLeaves: Delivered = { kind: 'undelivered', why: 'nothing leaves a rehearsal' };
const noCourier: NoticeCourier = {
  mail: () => Promise.resolve(nothingLeaves),
  post: () => Promise.resolve(nothingLeaves),
  run: () => Promise.resolve(nothingLeaves),
};

/** The twins' own traffic, whatever command would measure it in production. */
function probeOf(sim: SimWorld): FlowProbe {
  return {
    measure({ name }) {
      const found = sim.flowLosses().find((each) => each.name === name);
      return Promise.resolve(
        found
          ? { kind: 'measured', lossPercent: found.lossPercent }
          : { kind: 'unmeasured', why: 'the lab has no such flow' },
      );
    },
  };
}

/** The controller's world among the twins: virtual time, no disk, no network, nobody to notify. */
export function rehearsalWorld(sim: SimWorld, store: MemoryStore): World {
  return {
    ...sim.ports,
    knocker: noKnocker,
    files: sim.files(noFiles),
    secrets: {
      resolve: () => Promise.resolve(LAB_SECRET),
      redact: (text) => text.replaceAll(LAB_SECRET, '<secret>'),
    },
    signer: noSigner,
    store,
    courier: noCourier,
    flowProbe: probeOf(sim),
    log: { write: () => undefined },
    dispatcher: dispatcherOf,
  };
}
