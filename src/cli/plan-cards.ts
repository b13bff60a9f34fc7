import type { Command } from 'commander';
import { Fault } from '../kernel/fault.js';
import type { UnitCard } from '../plan/unit-card.js';
import { cardLines } from './card-text.js';
import type { Desk } from './desk.js';
import type { Invocation } from './invocation.js';

/** The cards of a plan, with the ways in of the inventory if it can be read. */
async function cardsOf(desk: Desk, name: string): Promise<readonly UnitCard[]> {
  const app = await desk.app('read');
  const plan = await app.findPlan(name);
  const inventory = await desk.inventory(app).catch(() => undefined);
  return app.cards(plan, inventory?.units ?? []);
}

async function one(desk: Desk, unit: string, name: string): Promise<void> {
  const cards = await cardsOf(desk, name);
  const card = cards.find((each) => each.unit === unit);
  if (!card) {
    throw new Fault('usage', `the plan has no card of ${unit}`, {
      mend: `it has: ${cards.map((each) => each.unit).join(', ') || 'none'}`,
    });
  }
  desk.out.value(card, () => cardLines(card, desk.out.width));
}

/** As a page, or for a printer: a page break between two. */
async function pageOf(desk: Desk, cards: readonly UnitCard[], asHtml: boolean): Promise<string> {
  if (asHtml) return (await desk.app('read')).cardsPage(cards);
  const texts = cards.map((each) => cardLines(each, desk.out.width).join('\n'));
  return `${texts.join('\n\f\n')}\n`;
}

async function all(desk: Desk, name: string, file: string | undefined): Promise<void> {
  const { out, settings } = desk;
  const cards = await cardsOf(desk, name);
  const asHtml = settings.format === 'html' || (file?.endsWith('.html') ?? false);
  if (file === undefined) {
    const page = await pageOf(desk, cards, asHtml);
    if (asHtml) return out.raw(page);
    return out.value({ cards }, () => [page.replace(/\n$/, '')]);
  }
  const app = await desk.app('read');
  await app.world.files.writeText(file, desk.redact(await pageOf(desk, cards, asHtml)));
  out.say(`${cards.length} cards are in ${file}: print them before the night`);
}

export function defineCards(plan: Command, invocation: Invocation): void {
  plan
    .command('card')
    .description('how one unit is brought back at its console when it does not return')
    .argument('<unit>', 'the unit')
    .argument('[plan]', 'digest, name or last', 'last')
    .action((unit: string, name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => one(desk, unit, name)),
    );
  plan
    .command('cards')
    .description('the cards of all units, one a page, for the binder; -o html for the browser')
    .argument('[plan]', 'digest, name or last', 'last')
    .option('--out <file>', 'write them there (a page where it ends in .html); else to stdout')
    .action((name: string, { out }: { readonly out?: string }, command: Command) =>
      invocation.act(command, (desk) => all(desk, name, out)),
    );
}
