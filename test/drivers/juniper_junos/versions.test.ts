import { describe, expect, test } from '@jest/globals';
import { isSame, versionInFileName, versions } from '../../../drivers/juniper_junos/versions.js';

function order(a: string, b: string): number | undefined {
  const [left, right] = [versions.parse(a), versions.parse(b)];
  if (!left || !right) throw new Error('no version');
  return versions.compare(left, right);
}

describe('a version', () => {
  test.each([
    ['18.4R3-S9.2', '18.4R3-S9.2', '18.4', 'S9'],
    ['21.2R3-S5', '21.2R3-S5', '21.2', 'S5'],
    ['20.4R3.8', '20.4R3.8', '20.4', undefined],
    ['12.3R12-S13', '12.3R12-S13', '12.3', 'S13'],
    ['22.4X50-D10.5', '22.4X50-D10.5', '22.4X50', undefined],
    ['15.1X49-D150.2', '15.1X49-D150.2', '15.1X49', undefined],
    ['22.2R3-S1.3-EVO', '22.2R3-S1.3-EVO', '22.2-EVO', 'S1'],
    ['20.4R3-EVO', '20.4R3-EVO', '20.4-EVO', undefined],
    ['15.1F6-S10', '15.1F6-S10', '15.1', 'S10'],
    ['10.0B2', '10.0B2', '10.0', undefined],
    ['16.1R7.8-C1', '16.1R7.8-C1', '16.1', undefined],
    ['JUNOS 18.4R3-S9.2', '18.4R3-S9.2', '18.4', 'S9'],
    ['21.4r3-s5', '21.4R3-S5', '21.4', 'S5'],
  ])('%s is read as %s of train %s', (text, normal, train, hotfix) => {
    expect(versions.parse(text)).toEqual({ normal, train, ...(hotfix ? { hotfix } : {}) });
  });

  test.each([
    '',
    '21.4',
    'R3',
    '21.4R',
    '21R3',
    '21.4R3-',
    '21.4R3 S5',
    '4.28.3M',
    '17.9.4a',
    '7.2.8',
  ])('is not made of %j', (text) => {
    expect(versions.parse(text)).toBeUndefined();
  });

  test.each([
    ['21.4R3-S4', '21.4R3-S5'],
    ['21.4R3-S9', '21.4R3-S10.1'],
    ['21.4R2-S2', '21.4R3'],
    ['21.4R3', '21.4R3-S1'],
    ['10.0B2', '10.0R1'],
    ['21.4R3-S5.4', '22.4R3-S2.11'],
    ['9.6R1.13', '10.0R2'],
    ['20.1R1', '20.2R1'],
    ['15.1X49-D140', '15.1X49-D150.2'],
    ['22.2R3-EVO', '22.2R3-S1.3-EVO'],
  ])('%s goes before %s', (older, newer) => {
    expect(order(older, newer)).toBe(-1);
    expect(order(newer, older)).toBe(1);
  });

  test.each([
    ['21.3R3-S5', '21.4R1'],
    ['20.4R2', '21.1R1-S1'],
    ['15.1X49-D150', '15.1R7'],
    ['15.1X49-D150', '15.1X53-D60'],
    ['15.1F6', '15.1R3'],
    ['20.4R3', '20.4R3-EVO'],
    ['21.4R3-S5.3', '21.4R3-S5.4'],
    ['16.1R7.8-C1', '16.1R7-S1'],
  ])('%s and %s have no order', (a, b) => {
    expect(order(a, b)).toBeUndefined();
    expect(order(b, a)).toBeUndefined();
  });

  test('without its build is that with it', () => {
    expect(order('21.4R3-S5', '21.4R3-S5.4')).toBe(0);
    expect(isSame('21.4R3-S5', '21.4R3-S5.4')).toBe(true);
    expect(isSame('21.4R3-S5.3', '21.4R3-S5.4')).toBe(false);
    expect(isSame('', '')).toBe(true);
    expect(isSame('', '21.4R3')).toBe(false);
  });
});

test.each([
  ['junos-install-mx-x86-64-21.4R3-S5.4.tgz', '21.4R3-S5.4'],
  ['junos-vmhost-install-mx-x86-64-22.4R3-S2.11.tgz', '22.4R3-S2.11'],
  ['jinstall-ex-4300-20.4R3-S4.8-signed.tgz', '20.4R3-S4.8'],
  ['jinstall-ppc-19.4R3.11-domestic-signed.tgz', '19.4R3.11'],
  ['junos-srxsme-15.1X49-D170.4-domestic.tgz', '15.1X49-D170.4'],
  ['junos-evo-install-ptx-x86-64-22.3R1-S1.4-EVO.iso', '22.3R1-S1.4-EVO'],
  ['image.tgz', undefined],
])('the package %s holds %s', (name, version) => {
  expect(versionInFileName(name)?.normal).toBe(version);
});
