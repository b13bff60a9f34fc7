/** Where a private key is. The passphrase is a secret reference. */
export type KeyRef =
  | { readonly kind: 'file'; readonly path: string; readonly passphrase: string }
  | { readonly kind: 'agent'; readonly socket: string; readonly publicKey: string };

/** Ed25519. Public keys are OpenSSH lines, `ssh-ed25519 AAAA... comment`. */
export interface Signer {
  /** Base64 signature over the UTF-8 bytes of `text`. Fault `key-unusable`. */
  sign(key: KeyRef, text: string): Promise<string>;
  /** The OpenSSH public line of a private key. Fault `key-unusable`. */
  publicKeyOf(key: KeyRef): Promise<string>;
  verify(publicKey: string, text: string, signature: string): boolean;
  /** A new key pair: private half passphrase-encrypted PEM written with mode 0600. Returns the OpenSSH public line. */
  generate(path: string, passphrase: string, comment: string): Promise<string>;
}
