import type { Plan } from '../plan/plan.js';
import type { Evidence } from '../review/evidence.js';
import { utcTime } from './moment.js';
import type { PlanStyle } from './plan-text.js';
import { count, wrap } from './text.js';
import { oneLine } from './visible.js';

const WORDS: Record<Evidence['level'], string> = {
  none: 'never tried by us',
  simulated: 'rehearsed in the lab only',
  observed: 'observed on real devices',
  staged: 'staged on real devices',
  upgraded: 'upgraded on real devices',
};

export function evidenceText(evidence: Evidence): string {
  if (evidence.level === 'none') return WORDS.none;
  const last = utcTime(evidence.lastAtMs).slice(0, 10);
  return `${WORDS[evidence.level]} (${count(evidence.units, 'unit')}, last ${last})`;
}

/** What our own journal shows of every platform and model of a plan. */
export function evidenceLines(
  plan: Plan,
  evidence: readonly Evidence[],
  { paint, width }: PlanStyle,
): readonly string[] {
  const kinds = new Map(
    plan.body.units.map(({ material: { platform, model } }) => [
      `${platform} ${model}`,
      evidence.find((each) => each.platform === platform && each.model === model) ?? {
        platform,
        model,
        level: 'none' as const,
        units: 0,
        lastAtMs: 0,
      },
    ]),
  );
  if (kinds.size === 0) return [];
  return [
    '',
    paint.bold('Evidence'),
    ...[...kinds].flatMap(([name, each]) =>
      wrap(`  ${oneLine(name)}: ${evidenceText(each)}`, width, '    '),
    ),
  ];
}
