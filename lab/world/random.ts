import { createHash } from 'node:crypto';
import type { Random, RandomStream } from '../../src/ports/random.js';

/** sfc32 (Chris Doty-Humphrey, public domain): 128 bits of state, passes PractRand, four adds and three shifts. */
function sfc32(words: readonly number[]): () => number {
  let [a = 0, b = 0, c = 0, counter = 1] = words;
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
}

function seedWords(text: string): readonly number[] {
  const digest = createHash('sha256').update(text, 'utf8').digest();
  return [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
}

function createStream(seedText: string): RandomStream {
  const draw = sfc32(seedWords(seedText));
  for (let warmUp = 0; warmUp < 12; warmUp += 1) draw();
  const next = () => draw() / 0x1_0000_0000;
  return {
    next,
    below: (below) => Math.floor(next() * below),
    hex: (bytes) =>
      Array.from({ length: bytes }, () => (draw() & 0xff).toString(16).padStart(2, '0')).join(''),
  };
}

/** Chance from a seed. Asking twice for a purpose gives the same stream, which goes on where it was. */
export function createRandom(seed: string): Random {
  const streams = new Map<string, RandomStream>();
  return {
    stream(purpose) {
      const known = streams.get(purpose);
      if (known) return known;
      const made = createStream(`${seed}\n${purpose}`);
      streams.set(purpose, made);
      return made;
    },
  };
}

/** Whole milliseconds in [low, high]. */
export function between(stream: RandomStream, low: number, high: number): number {
  return low + stream.below(high - low + 1);
}
