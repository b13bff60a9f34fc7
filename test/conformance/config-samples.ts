/** A small patch of a platform: what is typed, and a word of it that a configuration holds only with the patch. */
export interface ConfigSample {
  readonly text: string;
  readonly word: string;
  /** Lines that the devices have besides, by shape: where the platform takes a change back one way or another. */
  readonly besides?: Readonly<Record<string, string>>;
}

/** By platform. Every driver whose configuration can be patched has one. */
export const configSamples: Readonly<Record<string, ConfigSample>> = {
  arista_eos: {
    text: 'ntp server 192.0.2.123\nip access-list MONITORING\n   10 permit ip 192.0.2.0/24 any\n',
    word: '192.0.2.123',
  },
  // A stack keeps an archive, a single device does not: the timed rollback, and the scheduled reload.
  cisco_iosxe: {
    text: 'ntp server 192.0.2.123\n',
    word: '192.0.2.123',
    besides: { 'a stack': 'archive\n path flash:archive\n write-memory\n' },
  },
  fortinet_fortios: {
    text: 'config firewall address\n    edit "MONITOR"\n        set subnet 192.0.2.123 255.255.255.255\n    next\nend\n',
    word: '192.0.2.123',
  },
  juniper_junos: { text: 'set system ntp server 192.0.2.123\n', word: '192.0.2.123' },
};
