import { expect, test } from '@jest/globals';
import { configLoss, linesRejected } from '../../src/run/config-loss.js';

const rejected = (before: string, after: string) => linesRejected(configLoss(before, after));

test('a line that went and that nothing new stands for is named', () => {
  expect(
    rejected('hostname r1\nip domain name x\nntp server a\n', 'hostname r1\nntp server a\n'),
  ).toBe('the new release did not take: ip domain name x');
});

test('a line that a new release writes in other words is no loss', () => {
  expect(rejected('spanning-tree mode mstp\n', 'spanning-tree mode rapid-pvst\n')).toBeUndefined();
  expect(rejected(' no shutdown\n', ' shutdown\n')).toBeUndefined();
  expect(rejected('    set mode fast\n', '    set mode quick\n    set level 2\n')).toBeUndefined();
});

test('a new line of another depth or matter stands for nothing', () => {
  expect(rejected(' mode fast\n', 'mode fast\n')).toContain('mode fast');
  expect(rejected('    set mode fast\n', '    set level 2\n')).toContain('set mode fast');
});

test('of many lines three are named, and the rest counted', () => {
  expect(rejected('a 1\nb 1\nc 1\nd 1\n', 'x\n')).toBe(
    'the new release did not take: a 1, b 1, c 1, and 1 more',
  );
});
