/** SNMP access of one device. Secrets are already resolved. */
export type SnmpAccess =
  | { readonly version: 'v2c'; readonly community: string }
  | {
      readonly version: 'v3';
      readonly user: string;
      readonly authProtocol: 'sha' | 'sha256' | 'sha512' | 'md5';
      readonly authKey: string;
      readonly privProtocol: 'aes' | 'aes256b' | 'aes256r' | 'des';
      readonly privKey: string;
    };

export interface SnmpRequest {
  readonly host: string;
  readonly port: number;
  readonly access: SnmpAccess;
  /** Dotted numeric, no leading dot; at most 32. */
  readonly oids: readonly string[];
  readonly timeoutMs: number;
  readonly retries: number;
}

/** Value as text: octet strings as UTF-8 if printable, else `0x` hex; numbers and time ticks decimal; OIDs dotted. */
export interface Varbind {
  readonly oid: string;
  readonly value: string;
}

export type SnmpOutcome =
  | { readonly kind: 'answer'; readonly varbinds: readonly Varbind[] }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'refused'; readonly detail: string };

/** Reads only: there is no way to SET through this port. OIDs that the agent lacks are left out of the answer. */
export interface Snmp {
  get(request: SnmpRequest): Promise<SnmpOutcome>;
}
