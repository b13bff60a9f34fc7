/** Chance as an argument: one named stream a purpose, so that a new consumer does not shift the others. */
export interface Random {
  stream(purpose: string): RandomStream;
}

export interface RandomStream {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [0, below). */
  below(below: number): number;
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
}
