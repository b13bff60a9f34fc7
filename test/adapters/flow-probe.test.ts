import { describe, expect, test } from '@jest/globals';
import { createCommandFlowProbe } from '../../src/adapters/command-flow-probe.js';

const probe = createCommandFlowProbe(process.env);
const measure = (command: string) => probe.measure({ name: 'ward', command });
const node = `${process.execPath} -p`;

describe('a probe that is a command', () => {
  test('gives the percentage that it prints', async () => {
    expect(await measure(`${node} 12.5`)).toEqual({ kind: 'measured', lossPercent: 12.5 });
    expect(await measure(`${node} '0%'`.replaceAll("'", '"'))).toEqual({
      kind: 'measured',
      lossPercent: 0,
    });
  });

  test.each([
    [`${node} 101`, 'the probe printed no percentage from 0 to 100'],
    [`${node} ""`, 'the probe printed no percentage from 0 to 100'],
    [`${node} nothing`, 'the probe failed (1)'],
    ['/nowhere/probe', 'the probe failed (ENOENT)'],
    [' ', 'the probe names no command'],
  ])('measures nothing with %s', async (command, why) => {
    expect(await measure(command)).toEqual({ kind: 'unmeasured', why });
  });
});
