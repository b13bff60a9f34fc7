import type { InstantMs } from '../kernel/id.js';
import type { TranscriptEntry } from '../session/dialect.js';

/** One exchange as the report keeps it; long answers lose their middle. */
export interface KeptExchange {
  readonly atMs: InstantMs;
  readonly sent: string;
  readonly received: string;
  readonly outcome: string;
}

export interface KeptTranscript {
  /** How many exchanges there were. */
  readonly exchanges: number;
  /** The newest of them, as many as fit. */
  readonly kept: readonly KeptExchange[];
  /** What was left out, for people; empty when nothing was. */
  readonly note: string;
}

const ANSWER_CHARACTERS_MAX = 12_000;
const SENT_CHARACTERS_MAX = 2000;
const EXCHANGES_MAX = 1000;

function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  const left = text.length - 2 * half;
  return `${text.slice(0, half)}\n[... ${left} characters left out ...]\n${text.slice(-half)}`;
}

function noteOf(missing: number, cut: number): string {
  const notes = [
    ...(missing > 0 ? [`the ${missing} oldest exchanges are left out`] : []),
    ...(cut > 0 ? [`${cut} long ${cut === 1 ? 'answer is' : 'answers are'} shortened`] : []),
  ];
  return notes.length > 0 ? `${notes.join('; ')}: the state directory holds all of it` : '';
}

/** The newest exchanges within `charactersMax`; what is left out is said. */
export function capTranscript(
  entries: readonly TranscriptEntry[],
  charactersMax: number,
): KeptTranscript {
  const kept: KeptExchange[] = [];
  let used = 0;
  let cut = 0;
  for (const entry of entries.toReversed()) {
    const sent = cutMiddle(entry.sent, SENT_CHARACTERS_MAX);
    const received = cutMiddle(entry.received, ANSWER_CHARACTERS_MAX);
    used += sent.length + received.length;
    if (kept.length >= EXCHANGES_MAX || (used > charactersMax && kept.length > 0)) break;
    if (sent !== entry.sent || received !== entry.received) cut += 1;
    kept.push({ atMs: entry.atMs, sent, received, outcome: entry.outcome });
  }
  kept.reverse();
  return { exchanges: entries.length, kept, note: noteOf(entries.length - kept.length, cut) };
}
