import type { FaultSheet } from '../world/fault.js';

export const imageOfOtherPlatform: FaultSheet = {
  id: 'image-of-other-platform',
  number: 'F06',
  title: 'The image is whole, and for another platform',
  strikes: { on: 'start' },
  effect: {
    kind: 'refuse-lines',
    refuses: {
      arista_eos: {
        lines: '^boot system ',
        says: '% Error setting software image (Not a valid EOS software image for this platform)',
      },
      cisco_iosxe: {
        lines: '^install add ',
        says: 'install_add: Adding PACKAGE\r\ninstall_add: Checking whether new add is allowed ....\r\nFAILED: install_add : Package verification failed, not a valid image for this platform\r\nFAILED: install_add exit(1)',
      },
      juniper_junos: {
        lines: '^request system software (?:validate|add) ',
        says: 'ERROR: the package is not compatible with this platform\r\nERROR: Aborting install.',
      },
      fortinet_fortios: {
        lines: '^execute restore ',
        says: 'Check image error.\r\n\r\nCommand fail. Invalid image: it is for another platform.',
      },
    },
  },
  lasts: 'until-cleared',
  cli: 'The hash is that of the catalogue; the device refuses the image as one of another platform.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'failed-untouched',
    because:
      'The device checks the image before anything is disrupted, and its word ends the unit.',
    but: {
      arista_eos: {
        unit: 'reverted',
        because:
          'EOS looks into the image when it becomes the boot image: by then traffic is drained, and is brought back without a boot.',
      },
    },
  },
};
