import { Fault } from '../kernel/fault.js';
import type { FileSource, PullMethod } from '../ports/dialer.js';
import type { ImageOffer, OfferRequest } from '../ports/image-server.js';
import type { World } from '../ports/world.js';
import type { CommandLimits } from '../session/dialect.js';
import type { Known, Step, StepContext } from '../driver/step.js';
import type { SiteTransfer } from './site-transfers.js';

interface OfferParts {
  readonly world: World;
  readonly step: Step;
  readonly client: string;
  readonly transfer: SiteTransfer;
  readonly copyUntilMs?: number;
  readonly image: (name: string) => FileSource;
  readonly report: (doneBytes: number, totalBytes: number) => void;
}

/** The image that one act serves to the device. */
export interface Offers {
  open(): ReturnType<StepContext['offer']>;
  /** With the offer among what is known, under `offer`. */
  fill(known: Known): Known;
  /** Limits of a line that makes the device fetch: bandwidth that is shared takes longer. */
  stretch(limits: Partial<CommandLimits> | undefined): Partial<CommandLimits> | undefined;
  close(): void;
}

const STALL_MS = 60_000;

function placeOf(
  { imageServer }: SiteTransfer,
  method: PullMethod,
): Pick<OfferRequest, 'address' | 'port'> {
  if (!imageServer) return {};
  const { address, httpPort, tftpPort } = imageServer;
  const port = method === 'http' ? httpPort : tftpPort;
  return address === undefined ? { port } : { address, port };
}

function offerFor(parts: OfferParts): OfferRequest {
  const { world, step, client, transfer, copyUntilMs = Infinity } = parts;
  if (!step.transfer) throw new Fault('driver-broken', `step ${step.id} copies nothing`);
  const { method } = step.transfer;
  if (method !== 'http' && method !== 'tftp') {
    throw new Fault('driver-broken', `step ${step.id} offers by ${method}, which is an upload`);
  }
  const leftMs = copyUntilMs - world.clock.now();
  if (leftMs <= 0) throw new Fault('outside-window', 'the staging window is over');
  const source = parts.image(step.transfer.image);
  return {
    source,
    method,
    client,
    expiresMs: Math.min(leftMs, step.maxMs + transfer.worstMs(source.sizeBytes)),
    stallMs: STALL_MS,
    onProgress: (sent) => parts.report(sent, source.sizeBytes),
    ...placeOf(transfer, method),
    ...(transfer.pace ? { pace: transfer.pace } : {}),
  };
}

/** Serves `step.transfer` once it is asked to. Fault `driver-broken` when the step does not pull. */
export function makeOffers(parts: OfferParts): Offers {
  const { world, transfer } = parts;
  let offer: ImageOffer | undefined;
  let extraMs = 0;
  const close = () => {
    offer?.close();
    offer = undefined;
  };
  return {
    async open() {
      close();
      const request = offerFor(parts);
      extraMs = transfer.worstMs(request.source.sizeBytes);
      offer = await world.imageServer.offer(request);
      const { host, port, path } = offer;
      return { host, port, path };
    },
    fill(known) {
      if (!offer) return known;
      const { host, port, path } = offer;
      return { ...known, offer: { host, port, path } };
    },
    stretch(limits) {
      if (!offer || extraMs === 0 || !limits) return limits;
      const { idleMs, totalMs } = limits;
      return {
        ...limits,
        ...(idleMs === undefined ? {} : { idleMs: idleMs + extraMs }),
        ...(totalMs === undefined ? {} : { totalMs: totalMs + extraMs }),
      };
    },
    close,
  };
}
