import { Fault } from '../../src/kernel/fault.js';
import type { CancelTimer } from '../../src/ports/clock.js';
import type { ImageOffer, ImageServer, OfferRequest } from '../../src/ports/image-server.js';
import type { Random, RandomStream } from '../../src/ports/random.js';
import type { PullResult } from '../../src/driver/personality.js';
import { PullRun } from './in-process-pull.js';
import type { LabModel } from './model.js';
import type { PullOrder } from './pull-desk.js';
import type { UploadDesk } from './upload-desk.js';

export interface ImageServerParts {
  readonly model: LabModel;
  readonly desk: UploadDesk;
  readonly random: Random;
}

/** Where the controller is when nobody says (a documentation address). */
const CONTROLLER = '192.0.2.10';
const PORTS = { http: 8080, tftp: 69 } as const;
const NO_ANSWER_MS = 30_000;
const ANSWER_MS = 20;
const SHARES = [0.7, 0.6] as const;
/** A lock-step protocol is slower on the same line. */
const TFTP_SHARE = 0.25;
const NOMINAL_BPS = 4_000_000;

interface Offer {
  readonly request: OfferRequest;
  readonly host: string;
  readonly port: number;
  readonly runs: Set<PullRun>;
  close(): void;
}

/** The controller's image server in process: the same promises as the real one, on lab time and without bytes. */
export class InProcessImageServer implements ImageServer {
  private readonly parts: ImageServerParts;
  private readonly tokens: RandomStream;
  private readonly offers = new Map<string, Offer>();
  private dead = false;

  constructor(parts: ImageServerParts) {
    this.parts = parts;
    this.tokens = parts.random.stream('image server');
  }

  offer(request: OfferRequest): Promise<ImageOffer> {
    const { source, method } = request;
    const { scheduler } = this.parts.model;
    if (this.dead) return Promise.reject(new Fault('image-server', 'the controller is gone'));
    const name = source.path.slice(source.path.lastIndexOf('/') + 1);
    const path = `${this.tokens.hex(16)}/${name}`;
    const host = request.address ?? CONTROLLER;
    const port = request.port === undefined || request.port === 0 ? PORTS[method] : request.port;
    const label = `offer of ${name}`;
    const expire = scheduler.schedule(request.expiresMs, () => offer.close(), label);
    const close = () => {
      expire();
      this.offers.delete(path);
      for (const run of Array.from(offer.runs)) run.break('the server ended the transfer');
    };
    const offer: Offer = { request, host, port, runs: new Set(), close };
    this.offers.set(path, offer);
    return Promise.resolve({ host, port, path, close });
  }

  /** What a device gets that fetches so. */
  fetch(order: PullOrder, done: (result: PullResult) => void): () => void {
    const offer = this.offers.get(order.path);
    const elsewhere = [...this.offers.values()].every(
      ({ host, port }) => host !== order.host || port !== order.port,
    );
    if (elsewhere) return this.fail(order, NO_ANSWER_MS, () => done(timedOut));
    const { address } = this.parts.model.labDevice(order.device);
    const isMeant = offer?.request.method === order.method && offer.request.client === address;
    if (!offer || !isMeant) return this.fail(order, ANSWER_MS, () => done(notFound));
    return this.run(order, offer, done);
  }

  /** The controller died: nobody is told on its side, and the devices get no byte more. */
  kill(): void {
    this.dead = true;
    for (const offer of Array.from(this.offers.values())) offer.close();
  }

  private fail(order: PullOrder, delayMs: number, tell: () => void): CancelTimer {
    return this.parts.model.scheduler.schedule(delayMs, tell, `fetch of ${order.device}`);
  }

  private run(order: PullOrder, offer: Offer, done: (result: PullResult) => void): () => void {
    const { model, desk, random } = this.parts;
    const { request } = offer;
    const device = model.labDevice(order.device);
    const [least, spread] = SHARES;
    const share = least + spread * random.stream(`fetch ${order.device}`).next();
    const nominal = device.pullBps ?? device.uploadBps ?? NOMINAL_BPS;
    const bytesAMs = (nominal * share * (order.method === 'tftp' ? TFTP_SHARE : 1)) / 1000;
    const trouble = desk.trouble(order.device, request.source.sizeBytes);
    const run = new PullRun({ model, desk, order, request, bytesAMs, trouble }, (result) => {
      offer.runs.delete(run);
      if (result.kind === 'got') offer.close();
      done(result);
    });
    offer.runs.add(run);
    run.start();
    return () => {
      offer.runs.delete(run);
      run.abandon();
    };
  }
}

const timedOut: PullResult = { kind: 'failed', why: 'connection timed out' };
const notFound: PullResult = { kind: 'failed', why: 'file not found' };
