import { describe, expect, test } from '@jest/globals';
import type { Versions } from '../../src/driver/driver.js';
import type { Facts } from '../../src/driver/facts.js';
import { upgradePath } from '../../src/image/path.js';
import type { ImageEntry } from '../../src/inventory/inventory.js';
import { imageOf } from '../rehearse/network.js';

const versions: Versions = {
  parse: (text) => (/^[0-9.]+$/.test(text) ? { normal: text, train: '' } : undefined),
  compare: (a, b) => Number(a.normal) - Number(b.normal),
};

const at = (runningVersion: string) =>
  ({ platform: 'p', model: 'm1', runningVersion }) as unknown as Facts;

const image = (version: string, from: readonly string[], models: readonly string[] = []) => ({
  ...imageOf('p', version, `i${version}`),
  from,
  models,
});

function path(images: readonly ImageEntry[], running: string, wanted: string) {
  const target = images.find((each) => each.version === wanted);
  if (!target) throw new Error(wanted);
  const found = upgradePath(images, at(running), target, versions);
  return typeof found === 'string' ? found : found.map((each) => each.version);
}

describe('upgradePath', () => {
  const images = [
    image('1.5', ['1.*']),
    image('2', ['1.5', '1.6']),
    image('2.5', ['2*']),
    image('3', ['2.5']),
    image('9', []),
  ];

  test('goes straight where the image takes the running release, or any', () => {
    expect(path(images, '2.5', '3')).toEqual(['3']);
    expect(path(images, '1.0', '9')).toEqual(['9']);
  });

  test('takes the fewest hops, each allowed on the release before it', () => {
    expect(path(images, '1.0', '3')).toEqual(['1.5', '2', '2.5', '3']);
    expect(path(images, '1.6', '3')).toEqual(['2', '2.5', '3']);
  });

  test('never goes over an older release, nor over an image of another model', () => {
    const older = [image('0.5', ['*']), image('2', ['0.5'])];
    expect(path(older, '1', '2')).toContain('no way there from 1');
    const others = [image('1.5', ['*'], ['x*']), image('2', ['1.5'])];
    expect(path(others, '1', '2')).toContain('no way there from 1');
  });

  test('says which releases the wanted image takes when there is no way', () => {
    expect(path(images, '0.9', '3')).toBe(
      'i3 may only be installed on 2.5, and the catalogue has no way there from 0.9: add the images in between',
    );
  });
});
