import Handlebars from 'handlebars';
import type { UnitCard } from '../plan/unit-card.js';
import { CARD } from './templates/card.js';
import { STYLE } from './templates/style.js';
import { allVisible } from './visible.js';

const OPTIONS = { strict: true, noEscape: false, preventIndent: true } as const;
const engine = Handlebars.create();
engine.registerPartial('card', engine.compile(CARD, OPTIONS));

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Recovery cards</title><style>{{{style}}}
.card{break-after:page}.card pre{margin:.2rem 0 .5rem}</style></head><body><main>
{{#each cards}}<section class="card"><h1>{{title}}</h1>{{> card}}</section>
{{/each}}</main></body></html>
`;
const page = engine.compile(PAGE, OPTIONS);

/** Cards for the binder, one a sheet: asks for nothing from outside and runs no script. */
export function renderCards(cards: readonly UnitCard[]): string {
  return page(
    { cards: allVisible(cards), style: STYLE },
    { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false },
  );
}
