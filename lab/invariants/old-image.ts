import type { SimDevice } from '../../src/driver/personality.js';
import type { Scene } from './invariant.js';

const hasImage = (device: SimDevice, id: string, version: string) =>
  device.members.some(
    (each) => each.id === id && each.flash.files.some(({ image }) => image?.version === version),
  );

/**
 * Which members lack an image of what the device runs, of those that had one when the night began. Where an image is taken
 * apart into packages when it is installed, a member may have none from the first.
 */
export function oldImages(scene: Scene): (device: string) => readonly string[] {
  const first = new Map(
    scene.sim.model.spec.devices.map(({ id }) => {
      const device = scene.sim.deviceState(id);
      const had = device.members.filter((each) => hasImage(device, each.id, device.runningVersion));
      return [id, had.map((each) => each.id)] as const;
    }),
  );
  return (id) => {
    const device = scene.sim.deviceState(id);
    const had = first.get(id) ?? [];
    return had.filter((member) => !hasImage(device, member, device.runningVersion));
  };
}
