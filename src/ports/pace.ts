/** A share of bandwidth, used by several transfers at once. First come, first served. */
export interface Pace {
  /** Resolves when so many bytes may leave. */
  take(bytes: number): Promise<void>;
}
