import { connect } from 'node:net';
import { messageOf } from '../kernel/fault.js';
import type { Knocker, KnockOutcome } from '../ports/knocker.js';

/** A console server may say nothing until somebody types. */
const GREETING_MS_MAX = 1500;
const GREETING_CHARACTERS_MAX = 200;

/** The first line without what could drive a terminal: telnet negotiation, colours. */
function firstLine(bytes: Buffer): string {
  const printable = bytes.toString('latin1').replaceAll(/[^\x20-\x7e\r\n]/g, '');
  const line = printable.split(/[\r\n]+/).find((each) => each.trim() !== '') ?? '';
  return line.trim().slice(0, GREETING_CHARACTERS_MAX);
}

function knock(
  endpoint: Parameters<Knocker['knock']>[0],
  timeoutMs: number,
): Promise<KnockOutcome> {
  return new Promise((resolve) => {
    const socket = connect(endpoint);
    let greetingTimer: NodeJS.Timeout | undefined;
    const settle = (outcome: KnockOutcome) => {
      clearTimeout(timer);
      clearTimeout(greetingTimer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(
      () => settle({ kind: 'silent', detail: `no answer within ${timeoutMs} ms` }),
      timeoutMs,
    );
    socket.on('error', (error) => settle({ kind: 'silent', detail: messageOf(error) }));
    socket.once('connect', () => {
      clearTimeout(timer);
      const waitMs = Math.min(GREETING_MS_MAX, timeoutMs);
      greetingTimer = setTimeout(() => settle({ kind: 'answers', greeting: '' }), waitMs);
    });
    socket.once('data', (bytes) => settle({ kind: 'answers', greeting: firstLine(bytes) }));
    socket.once('end', () => settle({ kind: 'answers', greeting: '' }));
  });
}

/** Knocks by TCP. */
export function createTcpKnocker(): Knocker {
  return { knock };
}
