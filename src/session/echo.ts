import type { Dialect } from './dialect.js';
import { isNoise } from './prompt.js';

/** How many lines from the start an echo is looked for. */
const SEARCH_LINES_MAX = 60;
/** Into how many pieces a terminal or log lines may break one echo. */
const PIECES_MAX = 24;

const squeeze = (text: string) => text.replace(/\s+/g, '');

function withoutPrompt(line: string, prompts: readonly string[]): string {
  const prompt = prompts.find((known) => line.startsWith(known));
  return prompt === undefined ? line : line.slice(prompt.length);
}

function echoFrom(
  lines: readonly string[],
  start: number,
  target: string,
  context: { readonly dialect: Dialect; readonly prompts: readonly string[] },
): number | undefined {
  let missing = target;
  for (let at = start; at < Math.min(lines.length, start + PIECES_MAX); at += 1) {
    const line = lines[at] ?? '';
    const further = at > start;
    if (further && isNoise(line, context.dialect)) continue;
    const bare = squeeze(withoutPrompt(line, context.prompts));
    // A line that is shown again after a log line begins anew.
    if (further && bare === target) return at + 1;
    if (!missing.startsWith(bare)) return undefined;
    missing = missing.slice(bare.length);
    if (missing === '') return at + 1;
  }
  return undefined;
}

/**
 * The index of the first line behind the echo of `sent`; undefined while there is no complete echo. White space is not
 * compared, so that wrapped echoes fit; log lines may stand before, in the middle and behind a repeated prompt.
 */
export function echoEnd(
  lines: readonly string[],
  sent: string,
  context: { readonly dialect: Dialect; readonly prompts: readonly string[] },
): number | undefined {
  const first = lines[0];
  if (first !== undefined && first.trimEnd() === sent) return 1;
  const target = squeeze(sent);
  // Blank lines and lone prompts begin no echo, unless nothing was sent but the return key.
  const blank = (line: string) => squeeze(withoutPrompt(line, context.prompts)) === '';
  for (let start = 0; start < Math.min(lines.length, SEARCH_LINES_MAX); start += 1) {
    if (target !== '' && blank(lines[start] ?? '')) continue;
    const end = echoFrom(lines, start, target, context);
    if (end !== undefined) return end;
  }
  return undefined;
}
