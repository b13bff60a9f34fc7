import type { InstantMs, UnitId } from '../kernel/id.js';
import { CARD_HOLES, type CardHole, type RecoveryCard } from '../driver/recovery.js';
import type { WayIn } from '../fingerprint/out-of-band.js';
import type { UnitPlan } from './plan.js';

/** Words, and what is typed below them. */
export interface CardEntry {
  readonly text: string;
  readonly type: readonly string[];
}

export interface CardSection {
  readonly heading: string;
  readonly entries: readonly CardEntry[];
}

/** How one unit of a plan is brought back by hand when it does not return: one page, on its own. */
export interface UnitCard {
  readonly unit: UnitId;
  readonly title: string;
  readonly sections: readonly CardSection[];
}

const UNKNOWN = '________ (the plan does not know)';

function holesOf(plan: UnitPlan): Readonly<Record<CardHole, string>> {
  const { unit, address, material, fromVersion, toVersion, images } = plan;
  return {
    unit,
    address,
    serials: material.serials.join(', '),
    'old version': fromVersion,
    'new version': toVersion,
    boot: material.nextBoot,
    'old image': material.nextBoot.replace(/^.*[:/]/, ''),
    'new image': images.at(-1)?.fileName ?? '',
  };
}

/** The text with its holes filled; what the plan does not know stays a blank for a pen. */
function filled(text: string, holes: Readonly<Record<CardHole, string>>): string {
  return CARD_HOLES.reduce(
    (line, hole) => line.replaceAll(`<${hole}>`, holes[hole] === '' ? UNKNOWN : holes[hole]),
    text,
  );
}

const day = (atMs: InstantMs) =>
  `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function wayText(way: WayIn | undefined): string {
  if (!way) return 'no console or out-of-band address was ever tested: look in the inventory';
  const { outOfBand, lastTest, lastSuccessMs } = way;
  if (!outOfBand) return 'no console or out-of-band address is in the inventory';
  const { kind, address, port, note } = outOfBand;
  const place = `${kind === 'console' ? 'console' : 'out of band'} ${address} port ${port}`;
  const told = note === undefined ? '' : ` (${note})`;
  const last =
    lastSuccessMs === undefined ? 'never seen to answer' : `answered last ${day(lastSuccessMs)}`;
  const failed = lastTest?.answered === false ? `; did not answer ${day(lastTest.atMs)}` : '';
  return `${place}${told}, ${last}${failed}`;
}

const words = (text: string): CardEntry => ({ text, type: [] });

/** The platform's card, filled in for one unit; `way` is undefined where the inventory was not read. Pure. */
export function unitCard(plan: UnitPlan, card: RecoveryCard, way: WayIn | undefined): UnitCard {
  const holes = holesOf(plan);
  const fill = (text: string) => filled(text, holes);
  const { platform, model, serials } = plan.material;
  const section = (heading: string, entries: readonly CardEntry[]): CardSection => ({
    heading,
    entries: entries.map(({ text, type }) => ({ text: fill(text), type: type.map(fill) })),
  });
  return {
    unit: plan.unit,
    title: `${plan.unit}: when it does not come back`,
    sections: [
      section('Which', [
        words(`${platform} ${model}, serial ${serials.join(', ')}, site ${plan.site}`),
        words('ran <old version>, was to run <new version>'),
        ...(plan.material.nextBoot === '' ? [] : [words('booted <boot>')]),
      ]),
      section('Way in', [
        words(wayText(way)),
        ...card.console.map(words),
        words(`its own address: ${plan.address}`),
      ]),
      section(
        'What the console shows',
        card.sights.map(({ shows, means }) => words(`"${shows}": ${means}`)),
      ),
      section(
        'What to do, in this order, until it is back',
        card.steps.map(({ title, type }) => ({ text: title, type })),
      ),
      section('It is back when', card.success.map(words)),
      section(
        'NEVER TYPE',
        card.never.map(({ type, because }) => ({ text: because, type: [type] })),
      ),
      section('Where this was checked', card.sources.map(words)),
      ...(card.unconfirmed.length > 0
        ? [section('Not confirmed by any page: be careful with', card.unconfirmed.map(words))]
        : []),
    ],
  };
}
