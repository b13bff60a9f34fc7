// Generated from the folders under drivers/ by "npm run generate": do not edit.
export const driverLoaders = {} as const;
