import type { SecretRef } from './secrets.js';

/** A mail server as the person who keeps it describes it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** `starttls`: refused without it. `none`: clear text, without a login. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user?: string;
  readonly password?: SecretRef;
  /** PEM file of the authority that signed the server's certificate; left out: those that the machine trusts. */
  readonly ca?: string;
}

export interface Letter {
  readonly server: MailServer;
  /** The same for every try: whoever gets it twice can tell. */
  readonly delivery: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly atMs: number;
}

/** How the receiver of a call knows that it comes from us. */
export interface CallSignature {
  readonly keyId: string;
  readonly secret: SecretRef;
}

export interface Call {
  readonly url: string;
  readonly delivery: string;
  /** JSON. */
  readonly body: string;
  readonly signature: CallSignature;
  readonly ca?: string;
  readonly atMs: number;
}

/** A command of this machine that gets the body on its standard input. */
export interface Errand {
  /** Program and arguments, by blanks; no shell. */
  readonly command: string;
  readonly delivery: string;
  readonly body: string;
}

/** `why` is for people and holds no secret. */
export type Delivered =
  { readonly kind: 'delivered' } | { readonly kind: 'undelivered'; readonly why: string };

/**
 * Carries notices out. Every call is bounded in time and gives an outcome; none rejects but for bugs of ours. Delivered
 * means that the other side said so: it may get the same delivery again when its answer was lost.
 */
export interface NoticeCourier {
  mail(letter: Letter): Promise<Delivered>;
  post(call: Call): Promise<Delivered>;
  run(errand: Errand): Promise<Delivered>;
}
