import type { ImageServerSite, Inventory, Site } from '../inventory/inventory.js';
import type { CancelTimer, Clock } from '../ports/clock.js';
import type { Pace } from '../ports/pace.js';

/** What the transfers to one site share. */
export interface SiteTransfer {
  readonly imageServer: ImageServerSite | undefined;
  /** Undefined: as fast as it goes. */
  readonly pace: Pace | undefined;
  /** How much longer so many bytes may take because the others of this site have their share; 0 without a limit. */
  worstMs(bytes: number): number;
  /** Resolves when there is room for one more transfer; the result gives the place back, once. */
  place(): Promise<() => void>;
}

/** A burst is what the line takes in this time. */
const BURST_MS = 250;

/** A token bucket on monotonic time. Larger requests than the bucket holds wait for it to fill several times. */
export function tokenBucket(clock: Clock, bytesPerSecond: number): Pace {
  const burst = Math.max(1, (bytesPerSecond * BURST_MS) / 1000);
  let tokens = burst;
  let atMs = clock.monotonicMs();
  let armed: CancelTimer | undefined;
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  const serve = () => {
    const nowMs = clock.monotonicMs();
    tokens = Math.min(burst, tokens + ((nowMs - atMs) / 1000) * bytesPerSecond);
    atMs = nowMs;
    // A request goes when the bucket is not in debt, and leaves its debt to those behind it.
    while (waiting[0] && tokens > 0) {
      tokens -= waiting[0].bytes;
      waiting.shift()?.go();
    }
    if (waiting.length === 0 || armed) return;
    const delayMs = Math.max(1, Math.ceil((-tokens / bytesPerSecond) * 1000) + 1);
    armed = clock.monotonicTimer(delayMs, () => {
      armed = undefined;
      serve();
    });
  };
  return {
    take: (bytes) =>
      new Promise((resolve) => {
        waiting.push({ bytes: Math.max(0, bytes), go: resolve });
        serve();
      }),
  };
}

function siteTransfer(site: Site | undefined, clock: Clock): SiteTransfer {
  const { bytesPerSecond, parallel = Infinity } = site?.transfer ?? {};
  let taken = 0;
  const waiting: (() => void)[] = [];
  // A place that somebody waits for goes to them directly: nobody slips in between.
  const giveBack = () => {
    const next = waiting.shift();
    if (next) next();
    else taken -= 1;
  };
  return {
    imageServer: site?.imageServer,
    pace: bytesPerSecond === undefined ? undefined : tokenBucket(clock, bytesPerSecond),
    worstMs(bytes) {
      if (bytesPerSecond === undefined) return 0;
      const shares = Math.max(1, Math.min(parallel, taken));
      return Math.ceil((bytes * shares * 1000) / bytesPerSecond);
    },
    async place() {
      if (taken < parallel) taken += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let held = true;
      return () => {
        if (held) giveBack();
        held = false;
      };
    },
  };
}

/** The transfers of a run, by the name of the site. */
export function siteTransfers(
  inventory: Pick<Inventory, 'sites'>,
  clock: Clock,
): (site: string) => SiteTransfer {
  const bySite = new Map<string, SiteTransfer>();
  return (name) => {
    const known = bySite.get(name);
    if (known) return known;
    const site = inventory.sites.find((each) => each.name === name);
    const made = siteTransfer(site, clock);
    bySite.set(name, made);
    return made;
  };
}
