import { changeState } from '../config/change-state.js';
import { parseConfig } from '../config/parse.js';
import type { CheckOutcome } from '../check/outcome.js';
import type { ConfigSupport } from '../driver/config-support.js';
import type { PlannedConfig } from '../plan/plan.js';
import type { ConfigLoss } from './config-loss.js';

/** Where a planned change stands on the device: `before`, `after`, or in words why neither. */
export type ConfigStanding =
  | { readonly kind: 'before' }
  | { readonly kind: 'after' }
  | { readonly kind: 'neither'; readonly why: string };

const SHOWN_MAX = 3;

function some(lines: readonly string[]): string {
  const more = lines.length > SHOWN_MAX ? `, and ${lines.length - SHOWN_MAX} more` : '';
  return `${lines.slice(0, SHOWN_MAX).join(', ')}${more}`;
}

/** Holds a running config against a planned change. */
export function configStanding(
  running: string,
  planned: PlannedConfig,
  support: ConfigSupport,
): ConfigStanding {
  const parsed = parseConfig(running, support.rules);
  if (parsed.kind === 'malformed') {
    const [first] = parsed.findings;
    return { kind: 'neither', why: `the running config cannot be read: ${first?.why}` };
  }
  const state = changeState(parsed.tree, planned.delta);
  if (state.kind !== 'between') return { kind: state.kind };
  const missing = state.missing.length > 0 ? [`not there: ${some(state.missing)}`] : [];
  const surplus = state.surplus.length > 0 ? [`still there: ${some(state.surplus)}`] : [];
  return { kind: 'neither', why: [...missing, ...surplus].join('; ') };
}

const NAME = 'the configuration is as planned';

/** As a post-check. A change of the configuration alone must take nothing else with it. */
export function configOutcome(
  standing: ConfigStanding,
  loss: ConfigLoss,
  isAlone: boolean,
): CheckOutcome {
  if (standing.kind === 'neither') return { kind: 'failed', name: NAME, why: standing.why };
  if (standing.kind === 'before') {
    return { kind: 'failed', name: NAME, why: 'the change is not there: the device took it back' };
  }
  if (isAlone && loss.gone.length > 0) {
    const why = `lines left it that the plan does not name: ${some(loss.gone)}`;
    return { kind: 'failed', name: NAME, why };
  }
  return { kind: 'passed', name: NAME };
}

function bare(line: string): string {
  return line.trim().replace(/\s*[;{]$/, '');
}

/** A loss without the lines that the plan takes away. */
export function lossBeyond(loss: ConfigLoss, planned: PlannedConfig | undefined): ConfigLoss {
  if (!planned) return loss;
  const { removed, ordered } = planned.delta;
  const expected = new Set([
    ...removed.flatMap((path) => path.map(bare)),
    ...ordered.flatMap(({ before }) => before.map(bare)),
  ]);
  return { ...loss, gone: loss.gone.filter((line) => !expected.has(bare(line))) };
}
