import type { Breach, BreachList, Proof } from '../proof/proof.js';
import type { Paint } from './paint.js';
import { count, wrap } from './text.js';
import { oneLine } from './visible.js';

interface ProofStyle {
  readonly paint: Paint;
  readonly width: number;
  readonly full: boolean;
}

const ADDED_SHOWN = 3;

const verdicts: Readonly<Record<Proof['verdict'], string>> = {
  holds: 'Holds at every instant of the plan, and its order adds nothing to what one failure does.',
  risky: 'Holds at every instant of the plan. Its order adds to what one further failure does:',
  unproven: 'Nothing found that does not hold, but there is more than was looked at:',
  broken: 'DOES NOT HOLD:',
};

function causeOf({ down, failed }: Breach): string {
  const units = down.map(oneLine).join(', ');
  const changed = down.length > 0 ? `${units} changed` : '';
  const fails = failed === undefined ? '' : `${oneLine(failed)} fails`;
  const cause = [changed, fails].filter((each) => each !== '').join(', then ');
  return cause === '' ? 'already now' : cause;
}

function breachLines(breach: Breach, style: ProofStyle): readonly string[] {
  const { what, more, drawing } = breach;
  const also = more > 0 ? `; and ${more} more` : '';
  const lost = `${what.map(oneLine).join('; ')}${also}`;
  return [
    ...wrap(`  ${causeOf(breach)}: ${lost}`, style.width, '    '),
    ...drawing.map((each) => style.paint.dim(`      ${oneLine(each)}`)),
  ];
}

function listLines(title: string, list: BreachList, style: ProofStyle): readonly string[] {
  if (list.count === 0) return [];
  const left = list.count - list.shown.length;
  return [
    `  ${title}:`,
    ...list.shown.flatMap((each) => breachLines(each, style)),
    ...(left > 0 ? [`  and ${left} more`] : []),
  ];
}

/** What was to hold, in numbers: `12 ways to units and services, 3 flows, 2 redundancy groups`. */
function obligationText({ obligations, states }: Proof): string {
  const { management, flow, redundancy } = obligations;
  const parts = [
    count(management, 'way'),
    count(flow, 'flow'),
    count(redundancy, 'redundancy group'),
  ];
  return `${parts.join(', ')}; ${states} networks looked at`;
}

/** A proof about nothing must not read like one. */
function scopeText({ obligations, verdict }: Proof): string {
  const { management, flow, redundancy } = obligations;
  if (management + flow + redundancy === 0)
    return 'Nothing was proven: no links, flows or redundancy groups are declared.';
  if (flow > 0) return verdicts[verdict];
  return `${verdicts[verdict].replace(/:$/, '')} No flows are declared, so what must get through was not looked at.`;
}

function risksText({ ofTheChange, inherent }: Proof, full: boolean): string {
  if (ofTheChange.count + inherent.count === 0) return '';
  return (
    `With one failure more, ${count(ofTheChange.count, 'cause')} of loss while one unit is ` +
    `changed, ${count(inherent.count, 'cause')} with or without the change` +
    (full ? '.' : ' (--full shows them).')
  );
}

/** The proof for the board: one line when there is nothing to read, what the plan adds, and with --full all of it. */
export function proofLines(proof: Proof | undefined, style: ProofStyle): readonly string[] {
  if (!proof) return [];
  const { paint, width, full } = style;
  const { management, flow, redundancy } = proof.obligations;
  const isSound = proof.verdict === 'holds' && management + flow + redundancy > 0;
  const tone = isSound ? paint.good : paint.warn;
  const { added, ofTheChange, inherent, broken, unproven } = proof;
  const risks = risksText(proof, full);
  const head = [
    '',
    paint.bold('Proof'),
    ...wrap(`  ${scopeText(proof)}`, width, '  ').map(tone),
    ...broken.shown.flatMap((each) => breachLines(each, style)),
    ...unproven
      .slice(0, full ? unproven.length : ADDED_SHOWN)
      .flatMap((each) => wrap(`  not proven: ${oneLine(each)}`, width, '    ')),
    ...(full ? [] : added.shown.slice(0, ADDED_SHOWN).flatMap((each) => breachLines(each, style))),
    ...(risks === '' ? [] : wrap(`  ${risks}`, width, '  ')),
  ];
  if (!full) return head;
  return [
    ...head,
    ...wrap(`  ${obligationText(proof)}`, width, '  ').map(paint.dim),
    ...listLines('Added by the order of the plan', added, style),
    ...listLines('Of the change, in any order', ofTheChange, style),
    ...listLines('Of the network as it is', inherent, style),
  ];
}
