import type { Dialect } from './dialect.js';

/** A prompt longer than this is not one; keeps every match on the last line cheap. */
const PROMPT_LENGTH_MAX = 300;
/** Hostnames cut by the device (some modes show only the first part) are still taken for ours from this length on. */
const HOST_PREFIX_MIN = 10;

/** What was learned about the prompts of this one session. */
export interface LearnedPrompts {
  readonly host: string | undefined;
  /** Prompt texts seen and confirmed, without trailing white space. */
  readonly texts: readonly string[];
}

export const nothingLearned: LearnedPrompts = { host: undefined, texts: [] };

export interface PromptMatch {
  readonly mode: string;
  readonly host: string | undefined;
  readonly text: string;
  /** The text, or the hostname in it, was seen before: no doubt that this is the prompt. */
  readonly certain: boolean;
}

/** The same expression without the flags that make it remember where it stood. */
export function stateless(expression: RegExp): RegExp {
  return new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
}

/** A dialect whose expressions can be used again and again. */
export function prepareDialect(dialect: Dialect): Dialect {
  return {
    ...dialect,
    modes: dialect.modes.map((mode) => ({ ...mode, prompt: stateless(mode.prompt) })),
    pagers: dialect.pagers.map((pager) => ({ ...pager, match: stateless(pager.match) })),
    failures: dialect.failures.map(stateless),
    noise: dialect.noise.map(stateless),
    readOnly: dialect.readOnly.map(stateless),
  };
}

function sameHost(learned: string | undefined, host: string | undefined): boolean {
  if (learned === undefined || host === undefined) return false;
  if (learned === host) return true;
  const [short, long] = host.length < learned.length ? [host, learned] : [learned, host];
  return short.length >= HOST_PREFIX_MIN && long.startsWith(short);
}

/** Drivers write prompts with and without the blank that devices put behind them. */
function wholeMatch(prompt: RegExp, line: string, text: string): RegExpExecArray | undefined {
  const found = prompt.exec(line) ?? prompt.exec(text);
  return found && found[0].trimEnd() === text ? found : undefined;
}

/** Which mode's prompt is `line`, if any? A match that is certain goes before one that is not. */
export function matchPrompt(
  line: string,
  dialect: Dialect,
  learned: LearnedPrompts,
): PromptMatch | undefined {
  const text = line.trimEnd();
  if (text === '' || line.length > PROMPT_LENGTH_MAX) return undefined;
  let doubtful: PromptMatch | undefined;
  for (const mode of dialect.modes) {
    const found = wholeMatch(mode.prompt, line, text);
    if (!found) continue;
    const host = found.groups?.['host'];
    const certain = learned.texts.includes(text) || sameHost(learned.host, host);
    if (certain) return { mode: mode.name, host, text, certain };
    doubtful ??= { mode: mode.name, host, text, certain };
  }
  return doubtful;
}

/** `learned` with an accepted prompt; another hostname replaces all that was known. */
export function learn(learned: LearnedPrompts, match: PromptMatch): LearnedPrompts {
  if (!match.certain) return { host: match.host, texts: [match.text] };
  if (learned.texts.includes(match.text)) return learned;
  return { host: learned.host ?? match.host, texts: [...learned.texts, match.text].slice(-16) };
}

export function isNoise(line: string, dialect: Dialect): boolean {
  return line !== '' && dialect.noise.some((noise) => noise.test(line));
}
