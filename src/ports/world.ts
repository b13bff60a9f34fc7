import type { Clock } from './clock.js';
import type { Dialer } from './dialer.js';
import type { Dispatcher } from './dispatcher.js';
import type { Files } from './files.js';
import type { FlowProbe } from './flow-probe.js';
import type { ImageServer } from './image-server.js';
import type { Knocker } from './knocker.js';
import type { Log } from './log.js';
import type { NoticeCourier } from './notice-courier.js';
import type { Random } from './random.js';
import type { Secrets } from './secrets.js';
import type { Signer } from './signer.js';
import type { Snmp } from './snmp.js';
import type { Store } from './store.js';

/** Everything the program asks of the outside. Production and lab differ only behind this record. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialer: Dialer;
  readonly imageServer: ImageServer;
  readonly knocker: Knocker;
  readonly snmp: Snmp;
  readonly files: Files;
  readonly secrets: Secrets;
  readonly signer: Signer;
  readonly store: Store;
  readonly courier: NoticeCourier;
  /** Absent: nothing here measures flows. */
  readonly flowProbe?: FlowProbe;
  readonly log: Log;
  /** A dispatcher with room for `concurrency` jobs at once. */
  dispatcher(concurrency: number): Dispatcher;
}
