import PQueue from 'p-queue';
import type { Dispatcher } from '../ports/dispatcher.js';

/** Jobs in this process. Only concurrency and priority: the queue's own timers read the real clock. */
export function createLocalDispatcher(concurrency: number): Dispatcher {
  const queue = new PQueue({ concurrency });
  return {
    run: (job, options) => queue.add(job, { priority: options?.priority ?? 0 }),
    idle: () => queue.onIdle(),
  };
}
