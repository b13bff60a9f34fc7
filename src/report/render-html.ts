import Handlebars from 'handlebars';
import { pageView } from './page-view.js';
import type { Report } from './report-form.js';
import { CARD } from './templates/card.js';
import { CHART, DEFS } from './templates/chart.js';
import { PAGE } from './templates/page.js';
import { STYLE } from './templates/style.js';
import { UNIT } from './templates/unit.js';
import { allVisible } from './visible.js';

const OPTIONS = { strict: true, noEscape: false, preventIndent: true } as const;
const engine = Handlebars.create();

for (const [name, text] of Object.entries({ defs: DEFS, chart: CHART, card: CARD, unit: UNIT })) {
  engine.registerPartial(name, engine.compile(text, OPTIONS));
}

const page = engine.compile(PAGE, OPTIONS);

/**
 * The report as one HTML file that asks for nothing from outside and runs no script: for the change board, on screen and
 * on paper. Whatever devices or people wrote is shown as text.
 */
export function renderHtml(report: Report): string {
  return page(
    { ...pageView(allVisible(report)), style: STYLE },
    { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false },
  );
}
