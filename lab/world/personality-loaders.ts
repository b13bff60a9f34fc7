// Generated from the folders under drivers/ by "npm run generate": do not edit.
export const personalityLoaders = {
  arista_eos: () => import('../../drivers/arista_eos/personality.js'),
  cisco_iosxe: () => import('../../drivers/cisco_iosxe/personality.js'),
  fortinet_fortios: () => import('../../drivers/fortinet_fortios/personality.js'),
  juniper_junos: () => import('../../drivers/juniper_junos/personality.js'),
} as const;
