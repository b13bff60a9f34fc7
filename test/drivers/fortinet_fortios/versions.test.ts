import { describe, expect, test } from '@jest/globals';
import {
  imageOfFileName,
  maturityOf,
  versions,
} from '../../../drivers/fortinet_fortios/versions.js';

const normal = (text: string) => versions.parse(text)?.normal;
const order = (a: string, b: string) => {
  const [left, right] = [versions.parse(a), versions.parse(b)];
  if (!left || !right) throw new Error(`${a} or ${b} is no version`);
  return versions.compare(left, right);
};

describe('a FortiOS version', () => {
  test.each([
    ['7.2.8', '7.2.8'],
    ['v7.2.8', '7.2.8'],
    ['v7.2.8 build1639', '7.2.8'],
    ['v7.2.8,build1639,240313 (GA.M)', '7.2.8'],
    ['v6.4.9,build1966,220421 (GA)', '6.4.9'],
    ['7.2.8.M', '7.2.8'],
    ['FortiOS 7.4.10', '7.4.10'],
    ['v7.0.12,build8083,230911 (Interim)', '7.0.12-build8083'],
    ['7.0.12-build8083', '7.0.12-build8083'],
  ])('%s is %s', (text, wanted) => {
    expect(normal(text)).toBe(wanted);
  });

  test.each(['7.2', '7', 'build1639', 'v7.2.8-7.2.9', 'EOS-4.28.3M.swi', '7.2.8; reboot'])(
    '%s is none',
    (text) => {
      expect(versions.parse(text)).toBeUndefined();
    },
  );

  test('is ordered by its numbers, whatever its build', () => {
    expect(order('7.2.9', '7.2.10')).toBeLessThan(0);
    expect(order('7.4.0', '7.2.11')).toBeGreaterThan(0);
    expect(order('v7.2.8 build1639', '7.2.8')).toBe(0);
  });

  test('has no order to a build that was made from it for a single case', () => {
    expect(order('7.0.12', '7.0.12-build8083')).toBeUndefined();
    expect(order('7.0.13', '7.0.12-build8083')).toBeGreaterThan(0);
    expect(versions.parse('7.0.12-build8083')).toMatchObject({ hotfix: 'build8083' });
  });

  test('tells its maturity where the device prints it', () => {
    expect(maturityOf('v7.2.8,build1639,240313 (GA.M)')).toBe('mature');
    expect(maturityOf('v7.4.0,build2360,230509 (GA.F)')).toBe('feature');
    expect(maturityOf('v6.4.9,build1966,220421 (GA)')).toBeUndefined();
  });
});

describe('the name of an image file', () => {
  test.each([
    ['FGT_60F-v7.2.8.M-build1639-FORTINET.out', 'FGT_60F', '7.2.8', 1639],
    ['FGT_VM64_KVM-v7.4.0.F-build2360-FORTINET.out', 'FGT_VM64_KVM', '7.4.0', 2360],
    ['FGT_100D-v6-build0163-FORTINET.out', undefined, undefined, undefined],
    ['FGT_61E-v6.4.11-build2030-FORTINET.out', 'FGT_61E', '6.4.11', 2030],
  ])('%s', (name, model, version, build) => {
    const found = imageOfFileName(name);
    expect(found?.model).toBe(model);
    expect(found?.version.normal).toBe(version);
    expect(found?.build).toBe(build);
  });

  test.each(['image.out', 'FMG_VM64-v7.2.5-build1574-FORTINET.out', '../FGT_60F-v7.2.8.out', ''])(
    '%j tells nothing',
    (name) => {
      expect(imageOfFileName(name)).toBeUndefined();
    },
  );
});
