// Generated from the folders under drivers/ by "npm run generate": do not edit.
export const driverLoaders = {
  arista_eos: () => import('../drivers/arista_eos/index.js'),
  cisco_iosxe: () => import('../drivers/cisco_iosxe/index.js'),
  fortinet_fortios: () => import('../drivers/fortinet_fortios/index.js'),
  juniper_junos: () => import('../drivers/juniper_junos/index.js'),
} as const;
