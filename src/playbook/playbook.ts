import type { Digest } from '../kernel/id.js';
import type { Json } from '../kernel/json.js';

/** One CEL condition with its name, and how long it may take to come true. */
export interface CheckRule {
  readonly name: string;
  /** CEL over `state` (before) or `before`, `after` (after), `flow`, `unit`. */
  readonly that: string;
  /** Repeated until true for this long; 0: once. */
  readonly withinMs: number;
}

/** `none`: the journal need not show anything. Each says more than the one before it. */
export type EvidenceDemand = 'none' | 'observed' | 'staged' | 'upgraded';

/** `10%`, `3` or `rest`. */
export type WaveSize =
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'rest' };

export interface Strategy {
  /** Canaries: this many of each platform and model, then their own soak. Undefined: none. */
  readonly canary?: { readonly perModel: number; readonly soakMs: number };
  readonly waves: readonly WaveSize[];
  readonly parallel: number;
  /** The run stops when this many units failed or could not be reached. */
  readonly stopAfterFailures: number;
  /** After the commit; a failure here holds and pages. */
  readonly soakMs: number;
}

/** A configuration patch: a Handlebars template of configuration lines, one for all platforms or one a platform. */
export interface ConfigPatch {
  /** As the playbook names it. */
  readonly name: string;
  readonly templates: readonly PatchTemplate[];
  /** What the template may use beside the variables of the inventory, which win. */
  readonly vars: Readonly<Record<string, Json>>;
}

export interface PatchTemplate {
  /** Undefined: any platform. */
  readonly platform?: string;
  readonly file: string;
  readonly text: string;
}

/** A reviewed document: what to change where, how fast, and what must hold before and after. */
export interface Playbook {
  readonly name: string;
  readonly summary: string;
  readonly limit: string;
  /** Undefined: firmware stays as it is. */
  readonly firmware?:
    { readonly kind: 'golden' } | { readonly kind: 'version'; readonly version: string };
  /** In order; empty: the configuration stays as it is. */
  readonly config: readonly ConfigPatch[];
  /** Name of a window; units with windows of their own use those. */
  readonly window: string;
  /** When images are copied by a job of its own; absent: at any time. */
  readonly staging?: {
    /** Name of a window. */
    readonly window?: string;
    /** As written, and in ms: not earlier than so long before the first change window. */
    readonly before?: string;
    readonly beforeMs?: number;
  };
  readonly strategy: Strategy;
  readonly checks: { readonly before: readonly CheckRule[]; readonly after: readonly CheckRule[] };
  readonly rollback: 'automatic' | 'hold';
  /** `strict` refuses also what the plan adds to the risk of one further failure; left out: `warn`. */
  readonly proof?: 'strict' | 'warn';
  readonly approval: {
    readonly quorum: number;
    readonly lab: 'required' | 'optional';
    /** What our own journal must show of each platform and model first. */
    readonly evidence: EvidenceDemand;
    /** An approval older than this no longer counts. */
    readonly expiresMs: number;
  };
  readonly file: string;
  /** Over all of the above but the file's name. */
  readonly digest: Digest;
}
