import type { Algorithms } from 'ssh2';
import { sshAlgorithms } from './ssh-algorithms.js';

type Family = 'kex' | 'serverHostKey' | 'cipher' | 'hmac';

const NAMES: readonly (readonly [pattern: RegExp, family: Family, name: string])[] = [
  [/^KEX method$/, 'kex', 'key exchange'],
  [/^Host key format$/, 'serverHostKey', 'host key'],
  [/cipher$/i, 'cipher', 'cipher'],
  [/MAC$/, 'hmac', 'MAC'],
];
const REMOTE = /^Handshake: \(remote\) ([A-Za-z>\- ]+): (.*)$/;
/** Stand among the key exchanges but are none. */
const SIGNALS = /^(kex-strict-|ext-info-)/;
const OFFER_CHARACTERS_MAX = 400;

/** What the other side last said it has, gathered from the debug lines of the handshake: ssh2 tells it nowhere else. */
export class RemoteOffer {
  #family: Family = 'kex';
  #name = '';
  #offered = '';

  /** Takes one debug line. */
  readonly note = (line: string): void => {
    const [, what = '', offered = ''] = REMOTE.exec(line) ?? [];
    const found = NAMES.find(([pattern]) => pattern.test(what));
    if (!found) return;
    [, this.#family, this.#name] = found;
    const names = offered.replaceAll(/[^\x21-\x7e]/g, '').split(',');
    this.#offered = names.filter((each) => !SIGNALS.test(each)).join(',');
  };

  /** `key exchange: it offers only a, b`; empty when nothing was heard. */
  get text(): string {
    if (this.#name === '') return '';
    const shown = this.#offered.slice(0, OFFER_CHARACTERS_MAX).replaceAll(',', ', ');
    return `${this.#name}: it offers only ${shown || 'nothing'}`;
  }

  /** Is one of them in the `legacy` profile? */
  get legacyHelps(): boolean {
    const algorithms: Algorithms = sshAlgorithms.legacy;
    const ours: unknown = algorithms[this.#family];
    return Array.isArray(ours) && this.#offered.split(',').some((each) => ours.includes(each));
  }
}
