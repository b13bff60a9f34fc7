import type { Command } from 'commander';
import { Fault } from '../kernel/fault.js';
import type { UnitCard } from '../plan/unit-card.js';
import { cardLines } from './card-text.js';
import { oneOf, type Desk } from './desk.js';
import type { Invocation } from './invocation.js';

const FORMATS = ['text', 'html'] as const;

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

interface CardsOptions {
  readonly format: string;
  readonly out?: string;
}

async function all(desk: Desk, name: string, { format, out }: CardsOptions): Promise<void> {
  const wanted = oneOf(format, '--format', FORMATS);
  const app = await desk.app('read');
  const cards = await cardsOf(desk, name);
  const text =
    wanted === 'html'
      ? await app.cardsPage(cards)
      : cards.map((each) => cardLines(each, desk.out.width).join('\n')).join('\n\f\n');
  if (out === undefined) return desk.out.text(`${text}\n`);
  await app.world.files.writeText(out, desk.redact(text));
  desk.out.say(`${cards.length} cards are in ${out}: print them before the night`);
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
    .description('the cards of all units, one a page, for the binder')
    .argument('[plan]', 'digest, name or last', 'last')
    .option('--format <format>', 'text or html', 'text')
    .option('--out <file>', 'write them there; without it: to stdout')
    .action((name: string, options: CardsOptions, command: Command) =>
      invocation.act(command, (desk) => all(desk, name, options)),
    );
}
