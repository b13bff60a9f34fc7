import type { Invariant } from './invariant.js';

export const identity: Invariant = {
  number: 27,
  id: 'identity',
  title:
    'Nothing is changed on a device that shows another host key until a person has accepted it',
  witness(scene, violated) {
    const { model } = scene.sim;
    const accepted = new Map(model.spec.devices.map(({ id }) => [id, model.hostKeySeed(id)]));
    return {
      happened({ kind, device, detail }) {
        if (kind !== 'mutation' || model.hostKeySeed(device) === accepted.get(device)) return;
        violated(`${device}: ${detail}, under a host key that nobody accepted`);
      },
    };
  },
};
