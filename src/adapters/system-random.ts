import { randomBytes } from 'node:crypto';
import type { Random, RandomStream } from '../ports/random.js';

const TWO_TO_53 = 2 ** 53;

function next(): number {
  return Number(randomBytes(8).readBigUInt64BE() >> 11n) / TWO_TO_53;
}

const stream: RandomStream = {
  next,
  below: (below) => Math.floor(next() * below),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};

/** Real chance, from the operating system; all streams are independent anyway. */
export function createSystemRandom(): Random {
  return { stream: () => stream };
}
