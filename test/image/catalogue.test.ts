import { describe, expect, test } from '@jest/globals';
import type { Facts } from '../../src/driver/facts.js';
import type { Files } from '../../src/ports/files.js';
import { chooseImage, modelMatches, verifyImageFiles } from '../../src/image/catalogue.js';
import { driver, inventoryOf } from '../plan/plan-inputs.js';

const [image] = inventoryOf([]).images;
const entry = image!;
const facts = { platform: 'test', model: 'C9300-48P' } as Facts;
const choose = (images: readonly (typeof entry)[], version?: string) =>
  chooseImage(
    images,
    facts,
    version === undefined ? { kind: 'golden' } : { kind: 'version', version },
    driver.versions,
  );

describe('a model pattern', () => {
  test.each([
    [[], 'anything', true],
    [['C9300-*'], 'C9300-48P', true],
    [['c9300-*'], 'C9300-48P', true],
    [['C9300-??P'], 'C9300-48P', true],
    [['C9300'], 'C9300-48P', false],
    [['C9200*', '*48P'], 'C9300-48P', true],
    [['C9300.48P'], 'C9300-48P', false],
    [['[A-Z]*'], 'C9300-48P', false],
    [['C9300-48P|x'], 'x', false],
  ])('%p on %s gives %p', (patterns, model, wanted) => {
    expect(modelMatches(patterns, model)).toBe(wanted);
  });
});

describe('the image for a unit', () => {
  test('is the golden one of its platform and model', () => {
    const others = [
      { ...entry, name: 'a', platform: 'other' },
      { ...entry, name: 'b', models: ['C9500*'] },
      { ...entry, name: 'c', golden: false },
    ];
    expect(choose([...others, entry])).toBe(entry);
  });

  test('is none, in words, when two are golden for it', () => {
    expect(choose([entry, { ...entry, name: 'twin' }])).toBe(
      'the catalogue has more than one golden image for C9300-48P: two, twin',
    );
  });

  test('is that of a version by name, golden or not', () => {
    const three = { ...entry, name: 'three', version: '3', golden: false };
    expect(choose([entry, three], '3')).toBe(three);
    expect(choose([entry, three], '4')).toBe(
      'the catalogue has no image of version 4 for test C9300-48P',
    );
  });
});

describe('an image file', () => {
  const filesWith = (hash: Awaited<ReturnType<Files['hash']>>) =>
    ({ hash: () => Promise.resolve(hash) }) as unknown as Files;
  const { sizeBytes, sha512, md5 } = entry;

  test('that is what the catalogue says passes', async () => {
    const files = filesWith({ sizeBytes, sha512, md5 });
    await expect(verifyImageFiles(files, [entry])).resolves.toBeUndefined();
  });

  test('that is missing is a fault of its own', async () => {
    await expect(verifyImageFiles(filesWith(undefined), [entry])).rejects.toMatchObject({
      code: 'image-unknown',
    });
  });

  test.each([
    ['size', { sizeBytes: 2, sha512, md5 }],
    ['SHA-512', { sizeBytes, sha512: 'ff', md5 }],
    ['MD5', { sizeBytes, sha512, md5: 'ff' }],
  ])('of another %s is refused', async (_what, found) => {
    await expect(verifyImageFiles(filesWith(found), [entry])).rejects.toMatchObject({
      code: 'image-hash-wrong',
    });
  });
});
