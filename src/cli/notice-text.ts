import { formatDuration } from '../kernel/duration.js';
import type { Foretold } from '../notice/foretell.js';
import type { Outbox } from '../notice/outbox.js';
import { utcTime } from './moment.js';
import { oneLine } from './visible.js';

const OPEN_MAX = 5;

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
    ...open
      .slice(0, OPEN_MAX)
      .map(
        ({ notice }) =>
          `nobody has acknowledged: ${oneLine(notice.what)}; nightshift ack ${notice.id} --reason "..."`,
      ),
    ...(open.length > OPEN_MAX ? [`and ${open.length - OPEN_MAX} more; nightshift notices`] : []),
  ];
}

const FORETOLD_MAX = 20;

function foretoldLine({ notice, channels, levels }: Foretold): string {
  const who = levels.map(({ afterMs, people }) => {
    const names = people.length === 0 ? 'nobody of people.yaml' : people.join(', ');
    return afterMs === 0 ? names : `after ${formatDuration(afterMs)} ${names}`;
  });
  const ways = channels.length === 0 ? 'no channel' : channels.join(', ');
  return `  ${utcTime(notice.atMs)} ${notice.kind}: ${oneLine(notice.what)} -> ${who.join('; ')} (${ways})`;
}

/** What a rehearsed night would have told people. */
export function foretoldLines(notices: readonly Foretold[]): readonly string[] {
  if (notices.length === 0) return [];
  const more = notices.length - FORETOLD_MAX;
  return [
    'Notices that such a night sends; this rehearsal sent none:',
    ...notices.slice(0, FORETOLD_MAX).map(foretoldLine),
    ...(more > 0 ? [`  and ${more} more (-o json)`] : []),
  ];
}
