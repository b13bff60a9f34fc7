import type { UnitKind } from '../run/state.js';
import type { Paint } from './paint.js';

type Tone = 'good' | 'bad' | 'warn' | 'busy' | 'dim';

interface Sign {
  readonly unicode: string;
  readonly ascii: string;
  readonly tone: Tone;
}

const busy: Sign = { unicode: '▶', ascii: '>', tone: 'busy' };
const bad: Sign = { unicode: '✘', ascii: 'X', tone: 'bad' };

/** Every state has a sign of its kind, so that colour alone tells nothing. */
const signs: Record<UnitKind, Sign> = {
  queued: { unicode: '·', ascii: '.', tone: 'dim' },
  waiting: { unicode: '◷', ascii: 'w', tone: 'dim' },
  asking: { unicode: '?', ascii: '?', tone: 'warn' },
  checking: busy,
  staging: busy,
  verified: busy,
  draining: busy,
  armed: { unicode: '◆', ascii: '*', tone: 'warn' },
  reloading: { unicode: '↻', ascii: '@', tone: 'warn' },
  returning: { unicode: '↻', ascii: '@', tone: 'warn' },
  settling: busy,
  committed: { unicode: '●', ascii: 'o', tone: 'good' },
  soaking: { unicode: '◔', ascii: '~', tone: 'good' },
  reverting: { unicode: '↶', ascii: '<', tone: 'warn' },
  done: { unicode: '✔', ascii: '+', tone: 'good' },
  dropped: { unicode: '–', ascii: '-', tone: 'dim' },
  reverted: { unicode: '↶', ascii: '<', tone: 'bad' },
  held: { unicode: '‖', ascii: '!', tone: 'bad' },
  quarantined: bad,
  lost: { unicode: '?', ascii: '?', tone: 'bad' },
};

export function toneOf(kind: UnitKind, paint: Paint): (text: string) => string {
  return paint[signs[kind].tone];
}

/** `✔ done`, not painted. */
export function signed(kind: UnitKind, paint: Paint): string {
  const { unicode, ascii } = signs[kind];
  return `${paint.unicode ? unicode : ascii} ${kind}`;
}
