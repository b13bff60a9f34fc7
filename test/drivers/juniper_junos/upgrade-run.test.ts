import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/juniper_junos/index.js';
import type { Step } from '../../../src/driver/step.js';
import { bench, imageFor } from './bench.js';
import { recorded } from './recorded.js';

const BOOT_MS = 45 * 60_000;
const STAGED = ['backup-config', 'stage-image'];

function courseOf(file: string) {
  const transcript = recorded(file);
  const image = imageFor(transcript.facts.model);
  const proposal = driver.upgrade({ version: image.version, image, drain: true }, transcript.facts);
  if (proposal.kind !== 'steps') throw new Error(proposal.why);
  const steps = proposal.steps.filter((each) => !STAGED.includes(each.kind));
  return { device: bench(transcript), steps, rollback: proposal.rollback };
}

type Device = ReturnType<typeof bench>;

async function runAll(device: Device, steps: readonly Step[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const step of steps) {
    const { answer, why } = await device.run(step, step.phase === 'activate' ? BOOT_MS : 60_000);
    answers.push(answer === 'done' ? `${step.id} done` : `${step.id} ${answer}: ${why}`);
    if (answer !== 'done') break;
  }
  return answers;
}

const done = (steps: readonly Step[]) => steps.map((each) => `${each.id} done`);

describe.each(['mx-single-before', 'mx-dual-before', 'mx-vmhost-before'])(
  'the device %s',
  (file) => {
    test('is upgraded step by step', async () => {
      const { device, steps } = courseOf(file);
      expect(await runAll(device, steps)).toEqual(done(steps));
      expect(device.device().runningVersion).toBe('22.4R3-S2.11');
      expect(device.device().bootCount).toBe(bench(recorded(file)).device().bootCount + 1);
    });

    test('is brought back after the reboot, by one more reboot', async () => {
      const { device, steps, rollback } = courseOf(file);
      const before = device.device().bootCount;
      await runAll(device, steps);
      expect(await runAll(device, rollback)).toEqual(done(rollback));
      expect(device.device().runningVersion).toBe('21.4R3-S5.4');
      expect(device.device().bootCount).toBe(before + 2);
    });

    test('is brought back before the reboot without one', async () => {
      const { device, steps, rollback } = courseOf(file);
      const before = device.device().bootCount;
      const reload = steps.findIndex((each) => each.phase === 'activate');
      await runAll(device, steps.slice(0, reload));
      expect(await runAll(device, rollback)).toEqual(done(rollback));
      expect(device.device().bootCount).toBe(before);
      await device.reboot();
      expect(device.device()).toMatchObject({
        bootCount: before + 1,
        runningVersion: '21.4R3-S5.4',
      });
    });
  },
);

test('the software of the other engine is taken back after a login from the active one', async () => {
  const { device, steps, rollback } = courseOf('mx-dual-before');
  await runAll(device, steps);
  device.sent.length = 0;
  await runAll(device, rollback.slice(0, 2));
  expect(device.sent).toEqual([
    'request routing-engine login other-routing-engine',
    'request system software rollback',
    'exit',
    'request system software rollback',
  ]);
});
