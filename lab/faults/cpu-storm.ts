import type { FaultSheet } from '../world/fault.js';

export const cpuStorm: FaultSheet = {
  id: 'cpu-storm',
  number: 'F39',
  title: 'For ten minutes after the boot the processor is busy with itself',
  strikes: { on: 'boot' },
  effect: { kind: 'slow-answers', cpuPercent: 97, byMs: 4000 },
  lasts: 'until-cleared',
  passesAfterMs: 10 * 60_000,
  cli: 'Every answer comes seconds late.',
  snmp: 'The processor is at 97 %.',
  verdict: { unit: 'done', because: 'Slow is not wrong: limits on silence are longer than that.' },
};
