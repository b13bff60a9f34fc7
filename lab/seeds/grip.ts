import type { CancelTimer, Clock } from '../../src/ports/clock.js';
import type {
  ByteChannel,
  Connection,
  Dialer,
  DialOutcome,
  UploadRequest,
} from '../../src/ports/dialer.js';
import type { ImageServer } from '../../src/ports/image-server.js';
import type { Snmp } from '../../src/ports/snmp.js';
import type { World } from '../../src/ports/world.js';

/** A controller's world, and what can be done to the machine that it runs on. */
export interface Grip {
  readonly world: World;
  /** The process stands still: nothing that comes to it is heard, no timer fires; devices go on. */
  freeze(): void;
  /** It goes on, and hears all that came meanwhile, in order. */
  thaw(): void;
  /** Its wall clock is set, forward or back. */
  setClock(byMs: number): void;
}

/** Lets through what comes to the controller, or keeps it until the controller moves again. */
class Gate {
  #isShut = false;
  #kept: (() => void)[] = [];

  pass(what: () => void): void {
    if (this.#isShut) this.#kept.push(what);
    else what();
  }

  shut(): void {
    this.#isShut = true;
  }

  open(): void {
    this.#isShut = false;
    for (const what of this.#kept.splice(0)) this.pass(what);
  }

  /** The same promise, heard through the gate. */
  hear<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => this.pass(() => resolve(value)),
        (thrown: unknown) => this.pass(() => reject(thrown)),
      );
    });
  }
}

function channelThrough(gate: Gate, channel: ByteChannel): ByteChannel {
  return {
    write: (text) => channel.write(text),
    onData: (listener) => channel.onData((chunk) => gate.pass(() => listener(chunk))),
    onClose: (listener) => channel.onClose((detail) => gate.pass(() => listener(detail))),
    close: () => channel.close(),
  };
}

function connectionThrough(gate: Gate, connection: Connection): Connection {
  return {
    hostKey: connection.hostKey,
    get isOpen() {
      return connection.isOpen;
    },
    async openShell() {
      const channel = await gate.hear(connection.openShell());
      return channel && channelThrough(gate, channel);
    },
    upload: (request: UploadRequest) => {
      const onProgress = (sentBytes: number) => gate.pass(() => request.onProgress(sentBytes));
      return gate.hear(connection.upload({ ...request, onProgress }));
    },
    close: () => connection.close(),
  };
}

function dialerThrough(gate: Gate, dialer: Dialer): Dialer {
  return {
    async dial(request): Promise<DialOutcome> {
      const outcome = await gate.hear(dialer.dial(request));
      if (outcome.kind !== 'connected') return outcome;
      return { ...outcome, connection: connectionThrough(gate, outcome.connection) };
    },
  };
}

function clockThrough(gate: Gate, clock: Clock, offMs: () => number): Clock {
  const timed = (set: (delayMs: number, callback: () => void) => CancelTimer) => {
    return (delayMs: number, callback: () => void): CancelTimer => {
      let isCancelled = false;
      const cancel = set(delayMs, () => gate.pass(() => (isCancelled ? undefined : callback())));
      return () => {
        isCancelled = true;
        cancel();
      };
    };
  };
  return {
    now: () => clock.now() + offMs(),
    steadyMs: () => clock.steadyMs(),
    monotonicMs: () => clock.monotonicMs(),
    timer: timed((delayMs, callback) => clock.timer(delayMs, callback)),
    monotonicTimer: timed((delayMs, callback) => clock.monotonicTimer(delayMs, callback)),
  };
}

/** Takes hold of the machine that a controller runs on. */
export function gripOn(world: World): Grip {
  const gate = new Gate();
  let offMs = 0;
  const snmp: Snmp = { get: (request) => gate.hear(world.snmp.get(request)) };
  const imageServer: ImageServer = {
    offer: (request) => {
      const onProgress = (sentBytes: number) => gate.pass(() => request.onProgress(sentBytes));
      return gate.hear(world.imageServer.offer({ ...request, onProgress }));
    },
  };
  return {
    world: {
      ...world,
      clock: clockThrough(gate, world.clock, () => offMs),
      dialer: dialerThrough(gate, world.dialer),
      snmp,
      imageServer,
    },
    freeze: () => gate.shut(),
    thaw: () => gate.open(),
    setClock: (byMs) => {
      offMs += byMs;
    },
  };
}
