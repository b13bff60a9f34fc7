import type { SignedDecision } from '../review/approval.js';
import type { Standing } from '../review/review.js';
import { utcTime } from './moment.js';
import type { PlanStyle } from './plan-text.js';
import { wrap } from './text.js';
import { oneLine } from './visible.js';

function decisionText(each: SignedDecision): string {
  return `${oneLine(each.by)}, ${utcTime(each.atMs)}: ${oneLine(each.reason)}`;
}

/** How a plan stands with its board: who decided what, what does not count, and what is missing. */
export function standingText(standing: Standing, { paint, width }: PlanStyle): readonly string[] {
  const { author, approvals, rejections, ignored, rehearsed, obstacles, plan } = standing;
  const { quorum, lab } = plan.body.approval;
  const sign = (good: boolean) => {
    if (paint.unicode) return good ? paint.good('✔') : paint.bad('✘');
    return good ? paint.good('+') : paint.bad('-');
  };
  const line = (good: boolean, text: string) =>
    wrap(text, width - 4, '    ').map((each, index) =>
      index === 0 ? `  ${sign(good)} ${each}` : each,
    );
  const rehearsal = rehearsed ? 'rehearsed in the lab, passed' : 'not rehearsed in the lab';
  return [
    paint.bold('Approval'),
    ...line(
      author !== undefined,
      author ? `author ${decisionText(author)}` : `not signed by its author ${plan.body.author}`,
    ),
    ...line(approvals.length >= quorum, `${approvals.length} of ${quorum} approvals`),
    ...approvals.flatMap((each) => line(true, `approved by ${decisionText(each)}`)),
    ...rejections.flatMap((each) => line(false, `rejected by ${decisionText(each)}`)),
    ...ignored.flatMap(({ decision, why }) =>
      line(
        false,
        `does not count (${oneLine(why)}): ${decision.decision} by ${decisionText(decision)}`,
      ),
    ),
    ...line(rehearsed || lab === 'optional', `${rehearsal} (${lab})`),
    '',
    ...(obstacles.length === 0
      ? [paint.good('The plan may run.')]
      : [
          paint.warn('The plan may not run yet:'),
          ...obstacles.flatMap((each) =>
            wrap(`  ${oneLine(each.why)} [${each.code}]`, width, '    '),
          ),
        ]),
  ];
}
