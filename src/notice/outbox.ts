import type { InstantMs, RunId } from '../kernel/id.js';
import { recall, toJson } from '../kernel/recall.js';
import type { Store } from '../ports/store.js';
import type { Notice } from './notice.js';

/** What became of notices, in the past tense: rows of the book `notice`, keyed by run. All state is folded from them. */
export type NoticeRow =
  /** Durable before anything is sent. `channels`: those that it goes to. */
  | { readonly kind: 'raised'; readonly notice: Notice; readonly channels: readonly string[] }
  | {
      readonly kind: 'sent';
      readonly delivery: string;
      readonly to: readonly string[];
    }
  | {
      readonly kind: 'failed';
      readonly delivery: string;
      readonly why: string;
      /** Undefined: it is not tried again by itself. */
      readonly againMs?: InstantMs;
    }
  | {
      readonly kind: 'acknowledged';
      readonly notices: readonly string[];
      readonly by: string;
      readonly reason: string;
    }
  /** A person asked for what was given up to be tried again. */
  | { readonly kind: 'revived'; readonly deliveries: readonly string[]; readonly by: string };

/** A notice on its way through one channel to one level. */
export interface Delivery {
  readonly id: string;
  readonly notice: string;
  readonly channel: string;
  /** From 0. */
  readonly level: number;
  readonly state: 'sent' | 'failing' | 'given up';
  readonly tries: number;
  /** Of the newest try. */
  readonly atMs: InstantMs;
  readonly againMs: InstantMs | undefined;
  readonly why: string;
  readonly to: readonly string[];
  /** `ops (level 2): sent to ada@example.net`. */
  readonly told: string;
}

export interface Acknowledgement {
  readonly by: string;
  readonly reason: string;
  readonly atMs: InstantMs;
}

export interface Raised {
  readonly notice: Notice;
  readonly channels: readonly string[];
  readonly acknowledged: Acknowledgement | undefined;
  readonly deliveries: readonly Delivery[];
}

/** The notices of one run, oldest first. */
export type Outbox = readonly Raised[];

/** `notice/channel/level`: the receiver gets each once, or knows it again. */
export function deliveryId(notice: string, channel: string, level: number): string {
  return `${notice}/${channel}/${level + 1}`;
}

interface Draft {
  readonly notice: Notice;
  readonly channels: readonly string[];
  acknowledged: Acknowledgement | undefined;
  readonly deliveries: Map<string, Omit<Delivery, 'told'>>;
}

function deliveryOf(id: string): Pick<Delivery, 'id' | 'notice' | 'channel' | 'level'> {
  const [notice = '', channel = '', level = '1'] = id.split('/');
  return { id, notice, channel, level: Number(level) - 1 };
}

type Row<Kind extends NoticeRow['kind']> = Extract<NoticeRow, { kind: Kind }>;

function tried(drafts: Map<string, Draft>, row: Row<'sent' | 'failed'>, atMs: InstantMs): void {
  const name = deliveryOf(row.delivery);
  const known = drafts.get(name.notice)?.deliveries;
  const about = { ...name, tries: (known?.get(row.delivery)?.tries ?? 0) + 1, atMs };
  if (row.kind === 'sent') {
    const done = { state: 'sent', againMs: undefined, why: '', to: row.to } as const;
    known?.set(row.delivery, { ...about, ...done });
    return;
  }
  const { why, againMs } = row;
  const state = againMs === undefined ? 'given up' : 'failing';
  known?.set(row.delivery, { ...about, state, againMs, why, to: [] });
}

function acknowledged(drafts: Map<string, Draft>, row: Row<'acknowledged'>, atMs: InstantMs): void {
  for (const each of row.notices) {
    const draft = drafts.get(each);
    if (draft) draft.acknowledged ??= { by: row.by, reason: row.reason, atMs };
  }
}

function revived(drafts: Map<string, Draft>, row: Row<'revived'>, atMs: InstantMs): void {
  for (const each of row.deliveries) {
    const known = drafts.get(deliveryOf(each).notice)?.deliveries;
    const before = known?.get(each);
    if (before && before.state !== 'sent')
      known?.set(each, { ...before, state: 'failing', tries: 0, againMs: atMs });
  }
}

function fold(drafts: Map<string, Draft>, row: NoticeRow, atMs: InstantMs): void {
  switch (row.kind) {
    case 'raised': {
      const { notice, channels } = row;
      const fresh = { notice, channels, acknowledged: undefined, deliveries: new Map() };
      if (!drafts.has(notice.id)) drafts.set(notice.id, fresh);
      return;
    }
    case 'sent':
    case 'failed':
      return tried(drafts, row, atMs);
    case 'acknowledged':
      return acknowledged(drafts, row, atMs);
    case 'revived':
      return revived(drafts, row, atMs);
  }
}

/** The outbox of a run as it stands. */
export async function readOutbox(store: Pick<Store, 'rows'>, run: RunId): Promise<Outbox> {
  const drafts = new Map<string, Draft>();
  for (const { value, atMs } of await store.rows('notice', { key: run })) {
    fold(drafts, recall<NoticeRow>(value), atMs);
  }
  return [...drafts.values()].map((each) => ({
    ...each,
    deliveries: [...each.deliveries.values()].map((one) => ({ ...one, told: toldOf(one) })),
  }));
}

export async function putNoticeRow(
  store: Pick<Store, 'put'>,
  run: RunId,
  about: { readonly row: NoticeRow; readonly atMs: InstantMs },
): Promise<void> {
  await store.put('notice', { key: run, atMs: about.atMs, value: toJson(about.row) });
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const PAUSES_MS = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
];
/** With the last pause repeated: about seven hours. */
const TRIES_MAX = 25;

/** How long to wait after try number `tries`; undefined: it is given up. */
export function pauseAfterMs(tries: number): number | undefined {
  if (tries >= TRIES_MAX) return undefined;
  return PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1];
}

function toldOf({ channel, level, state, tries, why, to }: Omit<Delivery, 'told'>): string {
  const where = level > 0 ? `${channel} (level ${level + 1})` : channel;
  if (state === 'sent') return `${where}: sent to ${to.join(', ')}`;
  return `${where}: ${state} after ${tries}: ${why}`;
}
