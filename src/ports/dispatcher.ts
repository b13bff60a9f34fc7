/** Runs jobs with bounded concurrency and priority, in this process or (later) at the sites. Never journals. */
export interface Dispatcher {
  /** Starts `job` when there is room; higher priority first, then first come. Rejections reach the caller. */
  run<T>(job: () => Promise<T>, options?: { readonly priority?: number }): Promise<T>;
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>;
}
