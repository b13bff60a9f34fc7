import { unitOf, type Invariant } from './invariant.js';

export const redundancy: Invariant = {
  number: 4,
  id: 'redundancy',
  title: 'No device is reloaded while its redundancy group has too few other members up',
  witness: (scene, violated) => ({
    happened({ kind, device }) {
      if (kind !== 'reload-requested') return;
      const unit = unitOf(scene, device);
      const group = scene.inventory.redundancyGroups.find(({ units }) =>
        units.some((each) => each === unit),
      );
      if (!group) return;
      const others = group.units.filter((each) => each !== unit);
      const up = others.filter((each) => {
        const found = scene.inventory.units.find(({ id }) => id === each);
        return found && scene.sim.deviceState(found.device.id).power === 'up';
      });
      if (up.length < group.minHealthy)
        violated(`${device} goes down while ${group.name} has ${up.length} other members up`);
    },
  }),
};
