import pico from 'picocolors';
import type { Stream } from './console.js';

type Colour = (text: string) => string;

/** Colours and signs of one stream. Without colour every function gives its text back. */
export interface Paint {
  readonly good: Colour;
  readonly bad: Colour;
  readonly warn: Colour;
  readonly busy: Colour;
  readonly dim: Colour;
  readonly bold: Colour;
  /** May other characters than ASCII be shown? */
  readonly unicode: boolean;
}

export type ColourWish = 'always' | 'never' | 'auto';

type Env = Readonly<Record<string, string | undefined>>;

/** The option wins, then NO_COLOR, then FORCE_COLOR, then whether somebody is looking. */
export function wantsColour(wish: ColourWish, env: Env, stream: Stream): boolean {
  if (wish !== 'auto') return wish === 'always';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTerminal && env['TERM'] !== 'dumb';
}

/** Does the terminal's character set hold more than ASCII, going by the environment? */
export function wantsUnicode(env: Env): boolean {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale);
}

export function makePaint(colour: boolean, unicode: boolean): Paint {
  const p = pico.createColors(colour);
  return {
    good: p.green,
    bad: p.red,
    warn: p.yellow,
    busy: p.cyan,
    dim: p.dim,
    bold: p.bold,
    unicode,
  };
}
