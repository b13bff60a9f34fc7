import type { UnitCard } from '../plan/unit-card.js';
import type { Report } from '../report/report.js';
import { wrap } from './text.js';
import { oneLine, visible } from './visible.js';

const NEVER = 'NEVER TYPE';
/** So many cards are printed whole below the end of a run. */
const WHOLE_MAX = 3;

/** One card for a terminal or a printer: what is typed stands alone behind a `>`. */
export function cardLines({ title, sections }: UnitCard, width: number): readonly string[] {
  return [
    `== ${oneLine(title)} ==`,
    ...sections.flatMap(({ heading, entries }) => [
      '',
      oneLine(heading),
      ...entries.flatMap(({ text, type }) => [
        ...wrap(`  - ${oneLine(text)}`, width, '    '),
        ...type.map((each) => `      ${heading === NEVER ? 'X' : '>'} ${visible(each)}`),
      ]),
    ]),
  ];
}

/** What helps a person with the units that wait for one: the card itself where a unit does not answer. */
export function helpLines({ units, plan }: Report, width: number): readonly string[] {
  const waiting = units.filter((each) => each.standing === 'needs a human');
  const whole = waiting.flatMap((each) => each.card ?? []).slice(0, WHOLE_MAX);
  const named = waiting.filter((each) => !whole.some((card) => card.unit === each.unit));
  return [
    ...whole.flatMap((card) => ['', ...cardLines(card, width), '']),
    ...named.map((each) => `recovery card: nightshift plan card ${each.unit} ${plan.short}`),
  ];
}
