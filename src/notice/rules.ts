import type { CallSignature, MailServer } from '../ports/notice-courier.js';
import type { Criticality } from '../inventory/inventory.js';
import type { NoticeKind } from './notice.js';

/** Which notices; an empty list: any. */
export interface Filter {
  readonly events: readonly NoticeKind[];
  readonly criticality: readonly Criticality[];
  readonly sites: readonly string[];
  readonly groups: readonly string[];
}

export interface Webhook {
  readonly url: string;
  readonly signature: CallSignature;
  readonly ca?: string;
}

/** A way to tell people. */
export type Channel = { readonly name: string; readonly filter: Filter } & (
  | {
      readonly kind: 'mail';
      readonly server: MailServer;
      readonly from: string;
      /** Addresses besides those of the people whom a notice is for. */
      readonly to: readonly string[];
    }
  | { readonly kind: 'webhook'; readonly webhook: Webhook }
);

/** A way to tell a monitoring that an outage is meant. */
export type MuteHook = { readonly name: string; readonly filter: Filter } & (
  | { readonly kind: 'webhook'; readonly webhook: Webhook }
  | { readonly kind: 'exec'; readonly command: string }
);

/** Who acts when: `author`, a role, or a person by id. */
export interface Level {
  readonly afterMs: number;
  readonly to: readonly string[];
}

/** What `notices.yaml` says. Without the file: no channels, and the usual levels. */
export interface NoticeRules {
  readonly channels: readonly Channel[];
  readonly mutes: readonly MuteHook[];
  readonly escalation: Readonly<Record<Criticality, readonly Level[]>>;
  /** A runner that shows no sign of life for so long is told of. */
  readonly silentMs: number;
}

const MINUTE_MS = 60_000;
const first: Level = { afterMs: 0, to: ['author'] };
const then = (minutes: number, to: string): Level => ({ afterMs: minutes * MINUTE_MS, to: [to] });

/** What counts where `notices.yaml` says nothing of a criticality. */
export const usualLevels: NoticeRules['escalation'] = {
  critical: [first, then(10, 'supervisor'), then(20, 'vice-president')],
  high: [first, then(15, 'supervisor'), then(45, 'vice-president')],
  normal: [first, then(60, 'supervisor')],
  low: [first],
};

export const usualRules: NoticeRules = {
  channels: [],
  mutes: [],
  escalation: usualLevels,
  silentMs: 5 * MINUTE_MS,
};

const admits = (wanted: readonly string[], found: readonly string[]) =>
  wanted.length === 0 || found.some((each) => wanted.includes(each));

/** Is it one of those that the filter asks for? */
export function passes(
  filter: Filter,
  about: {
    readonly kind?: NoticeKind;
    readonly criticality: string;
    readonly sites: readonly string[];
    readonly groups: readonly string[];
  },
): boolean {
  const kinds = about.kind === undefined ? filter.events : [about.kind];
  return (
    admits(filter.events, kinds) &&
    admits(filter.criticality, [about.criticality]) &&
    admits(filter.sites, about.sites) &&
    admits(filter.groups, about.groups)
  );
}
