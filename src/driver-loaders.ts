// Generated from the folders under drivers/ by "npm run generate": do not edit.
export const driverLoaders = {
  arista_eos: () => import('../drivers/arista_eos/index.js'),
  cisco_iosxe: () => import('../drivers/cisco_iosxe/index.js'),
} as const;
