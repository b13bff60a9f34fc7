/** A secret by reference, never by value: `env:NAME`, `file:PATH`, `agent` or `exec:COMMAND ARG ...`. */
export type SecretRef = string;

/** Fetches secrets. Every value handed out is remembered, so that the log and every transcript can blank it. */
export interface Secrets {
  /** Fault `secret-unavailable` names the reference, never the value. */
  resolve(reference: SecretRef): Promise<string>;
  /** `text` with every secret handed out so far replaced by `<secret>`. */
  redact(text: string): string;
}
