import type { InstantMs } from '../kernel/id.js';
import type { Call, Delivered, NoticeCourier } from '../ports/notice-courier.js';
import type { Inventory } from '../inventory/inventory.js';
import { dueMs, levelsOf, peopleOf } from './duty.js';
import type { Notice } from './notice.js';
import { deliveryId, type Outbox, type Raised } from './outbox.js';
import { passes, type Channel, type Level, type NoticeRules, type Webhook } from './rules.js';
import { callBody, letterText, subjectOf } from './text.js';

/** What deliveries are worked out from. */
export interface Office {
  readonly rules: NoticeRules;
  readonly inventory: Pick<Inventory, 'people'>;
  /** Of the plan. */
  readonly author: string;
  /** Has what a notice asked for come about by itself? Then nobody else is woken. */
  readonly isMoot: (notice: Notice) => boolean;
}

/** Something to be sent at `atMs`. */
export interface Parcel {
  readonly delivery: string;
  readonly notice: Notice;
  readonly channel: Channel;
  readonly level: number;
  readonly to: Level['to'];
  readonly tries: number;
  readonly atMs: InstantMs;
}

/** The channels that take a notice of this kind. */
export function channelsFor(notice: Notice, rules: NoticeRules): readonly string[] {
  return rules.channels.filter((each) => passes(each.filter, notice)).map((each) => each.name);
}

function parcelsOf(raised: Raised, office: Office): readonly Parcel[] {
  const { notice, channels, acknowledged, deliveries } = raised;
  return levelsOf(notice, office.rules, office).flatMap((level, number) => {
    const turnMs = dueMs(notice, level);
    // The first level is told in any case; nobody is woken for what somebody has in hand.
    if (number > 0 && (acknowledged || office.isMoot(notice))) return [];
    return channels.flatMap((name) => {
      const channel = office.rules.channels.find((each) => each.name === name);
      const delivery = deliveryId(notice.id, name, number);
      const known = deliveries.find((each) => each.id === delivery);
      if (!channel || known?.state === 'sent' || known?.state === 'given up') return [];
      const atMs = Math.max(turnMs, known?.againMs ?? turnMs);
      const tries = known?.tries ?? 0;
      return [{ delivery, notice, channel, level: number, to: level.to, tries, atMs }];
    });
  });
}

/** All that is still to be sent, now or later, the soonest first. */
export function parcels(outbox: Outbox, office: Office): readonly Parcel[] {
  return outbox.flatMap((each) => parcelsOf(each, office)).toSorted((a, b) => a.atMs - b.atMs);
}

/** Hands a body to a webhook. */
export function call(
  courier: NoticeCourier,
  webhook: Webhook,
  about: Pick<Call, 'delivery' | 'body' | 'atMs'>,
): Promise<Delivered> {
  const { url, signature, ca } = webhook;
  return courier.post({ url, signature, ...about, ...(ca === undefined ? {} : { ca }) });
}

/** Sends one parcel, once. `to`: whom it reached. */
export async function deliver(
  parcel: Parcel,
  office: Office,
  by: { readonly courier: NoticeCourier; readonly nowMs: InstantMs },
): Promise<{ readonly outcome: Delivered; readonly to: readonly string[] }> {
  const { notice, channel, delivery, level } = parcel;
  const who = peopleOf(parcel.to, office.inventory.people, office.author);
  const atMs = by.nowMs;
  if (channel.kind === 'webhook') {
    const body = JSON.stringify(callBody(notice, { delivery, level, who }));
    const outcome = await call(by.courier, channel.webhook, { delivery, body, atMs });
    return { outcome, to: [new URL(channel.webhook.url).host] };
  }
  const own = who.flatMap((each) => (each.mail === undefined ? [] : [each.mail]));
  const to = [...new Set([...own, ...channel.to])];
  if (to.length === 0) {
    const names = parcel.to.join(', ');
    const why = `nobody to send it to: no mail address in people.yaml for ${names}`;
    return { outcome: { kind: 'undelivered', why }, to };
  }
  const outcome = await by.courier.mail({
    server: channel.server,
    delivery,
    from: channel.from,
    to,
    subject: subjectOf(notice, level),
    text: letterText(notice, { who, level, sinceMs: atMs - notice.atMs }),
    atMs,
  });
  return { outcome, to };
}
