import type { Algorithms } from 'ssh2';
import type { AlgorithmProfile } from '../ports/dialer.js';

const modern = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
  hmac: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
  ],
  compress: ['none'],
} satisfies Algorithms;

/** Group exchange stands last: checking the device's prime blocks the event loop for more than a second. */
const legacy = {
  kex: [
    ...modern.kex,
    'diffie-hellman-group14-sha1',
    'diffie-hellman-group1-sha1',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group-exchange-sha1',
  ],
  serverHostKey: [...modern.serverHostKey, 'ssh-rsa', 'ssh-dss'],
  cipher: [...modern.cipher, 'aes128-cbc', 'aes256-cbc', '3des-cbc'],
  hmac: [...modern.hmac, 'hmac-sha1'],
  compress: ['none'],
} satisfies Algorithms;

/** What is offered to a device, best first. */
export const sshAlgorithms: Readonly<Record<AlgorithmProfile, Algorithms>> = { modern, legacy };
