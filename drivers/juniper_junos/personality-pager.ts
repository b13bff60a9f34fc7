import type { SimAnswer, SimShell } from '../../src/driver/personality.js';
import { answered, print, type Turn } from './personality-state.js';

/** Rows of a terminal that said nothing of its size; the last one is the pager's own. */
const PAGE_LINES = 23;
const WIPE = `\r${' '.repeat(40)}\r`;

type Question = NonNullable<SimShell['question']>;

/** Prints all of it, or the first page with `---(more)---` when the shell pages. */
export function page(turn: Turn, lines: readonly string[]): SimAnswer {
  if (!turn.shell.paging || lines.length < PAGE_LINES) {
    const effects = lines.length === 0 ? [] : [print(lines)];
    return { device: turn.device, shell: turn.shell, effects };
  }
  return morePage(turn, lines, { from: 0, count: PAGE_LINES - 1, before: '' });
}

function morePage(
  turn: Turn,
  lines: readonly string[],
  how: { readonly from: number; readonly count: number; readonly before: string },
): SimAnswer {
  const to = how.from + how.count;
  const shown = lines.slice(how.from, to).map((line) => `${line}\r\n`);
  const text = how.before + shown.join('');
  if (to >= lines.length) {
    const shell = answered(turn.shell);
    return { device: turn.device, shell, effects: [{ kind: 'print', text }] };
  }
  const percent = Math.floor((100 * to) / lines.length);
  const more = how.from === 0 ? '---(more)---' : `---(more ${percent}%)---`;
  const question: Question = { id: 'more', takes: 'key', data: { lines, at: to } };
  return {
    device: turn.device,
    shell: { ...turn.shell, question },
    effects: [{ kind: 'print', text: text + more }],
  };
}

export function moreKey(turn: Turn, question: Question, key: string): SimAnswer {
  const { lines: kept, at } = question.data;
  const lines = Array.isArray(kept) ? kept.filter((line) => typeof line === 'string') : [];
  const from = typeof at === 'number' ? at : lines.length;
  if (key === 'q' || key === 'Q' || key === '\u0003') {
    const shell = answered(turn.shell);
    return { device: turn.device, shell, effects: [{ kind: 'print', text: WIPE }] };
  }
  const count = key === '\r' || key === '\n' || key === '' ? 1 : PAGE_LINES - 1;
  return morePage(turn, lines, { from, count, before: WIPE });
}
