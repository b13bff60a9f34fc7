/** Tells people that they are needed. A failure to tell is logged and never stops a run. */
export interface Notifier {
  notify(notice: {
    readonly subject: string;
    readonly text: string;
    readonly who: readonly string[];
  }): Promise<void>;
}
