import type { Outbox } from '../notice/outbox.js';
import { oneLine } from './visible.js';

/** What a person should know of notices that did not get out, or that nobody has taken in hand. */
export function noticeComplaints(outbox: Outbox): readonly string[] {
  const undelivered = outbox.flatMap(({ deliveries }) =>
    deliveries.filter((each) => each.state !== 'sent'),
  );
  const channels = new Map(undelivered.map((each) => [each.channel, each.why]));
  const open = outbox.filter(
    (each) => each.notice.needsPerson && !each.acknowledged && each.channels.length > 0,
  );
  return [
    ...[...channels].map(([channel, why]) => {
      const count = undelivered.filter((each) => each.channel === channel).length;
      return `${count} notice(s) not sent by ${channel}: ${oneLine(why)}; nightshift notices retry`;
    }),
    ...(open.length === 0
      ? []
      : [
          `nobody has acknowledged ${open.map((each) => each.notice.id).join(', ')}; nightshift ack`,
        ]),
  ];
}
