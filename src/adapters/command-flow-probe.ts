import { execFile } from 'node:child_process';
import type { FlowProbe, FlowReading } from '../ports/flow-probe.js';

const PROBE_MS_MAX = 20_000;
const PROBE_BYTES_MAX = 4096;

function readingOf(output: string): FlowReading {
  const text = output.trim();
  const lossPercent = Number(text.replace(/\s*%$/, ''));
  if (text !== '' && lossPercent >= 0 && lossPercent <= 100) {
    return { kind: 'measured', lossPercent };
  }
  return { kind: 'unmeasured', why: 'the probe printed no percentage from 0 to 100' };
}

/** Probes that are programs of their own, run without a shell, each for twenty seconds at most. */
export function createCommandFlowProbe(
  env: Readonly<Record<string, string | undefined>>,
): FlowProbe {
  return {
    measure({ command }) {
      const [program, ...args] = command.split(/\s+/).filter((word) => word !== '');
      if (program === undefined) {
        return Promise.resolve({ kind: 'unmeasured', why: 'the probe names no command' });
      }
      const limits = { timeout: PROBE_MS_MAX, maxBuffer: PROBE_BYTES_MAX };
      return new Promise((resolve) => {
        const options = { ...limits, killSignal: 'SIGKILL' as const, env: { ...env } };
        execFile(program, args, options, (error, output) => {
          if (!error) return resolve(readingOf(output));
          const why = error.killed ? 'ran into its limit' : `failed (${error.code ?? ''})`;
          return resolve({ kind: 'unmeasured', why: `the probe ${why}` });
        }).stdin?.end();
      });
    },
  };
}
