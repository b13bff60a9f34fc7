import type { FaultSheet } from '../world/fault.js';

export const signatureRejected: FaultSheet = {
  id: 'signature-rejected',
  number: 'F07',
  title: 'The device does not trust the signature of the image',
  strikes: { on: 'start' },
  effect: {
    kind: 'refuse-lines',
    refuses: {
      arista_eos: {
        lines: '^boot system ',
        says: '% Error setting software image (SWI signature verification failed)',
      },
      cisco_iosxe: {
        lines: '^install add ',
        says: 'install_add: Adding PACKAGE\r\ninstall_add: Checking whether new add is allowed ....\r\nFAILED: install_add : Signature verification failed\r\nFAILED: install_add exit(1)',
      },
      juniper_junos: {
        lines: '^request system software (?:validate|add) ',
        says: 'ERROR: Package signature validation failed. Aborting install.',
      },
      fortinet_fortios: {
        lines: '^execute restore ',
        says: 'Verifying the signature of the firmware image.\r\nCheck image error.\r\n\r\nCommand fail. The image is not signed by Fortinet.',
      },
    },
  },
  lasts: 'until-cleared',
  cli: 'The hash is that of the catalogue; the signature is of a key that the device does not know, or knows as revoked.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'failed-untouched',
    because: 'An image that the device does not trust is never booted; nothing was disrupted yet.',
    but: {
      arista_eos: {
        unit: 'reverted',
        because:
          'EOS looks at the signature when the image becomes the boot image: the drain is taken back, without a boot.',
      },
    },
  },
};
