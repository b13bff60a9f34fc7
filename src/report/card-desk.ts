import type { UnitId } from '../kernel/id.js';
import type { World } from '../ports/world.js';
import type { Driver } from '../driver/driver.js';
import { wayIn, type WayIn } from '../fingerprint/out-of-band.js';
import type { Unit } from '../inventory/inventory.js';
import type { Plan } from '../plan/plan.js';
import { unitCard, type UnitCard } from '../plan/unit-card.js';

/** The recovery cards of plans. */
export interface CardDesk {
  /**
   * Of every unit whose platform has one, in the plan's order; ways in as these inventory entries have them, else as they
   * were tested last.
   */
  cards(plan: Plan, units: readonly Unit[]): Promise<readonly UnitCard[]>;
  /** As one page of HTML, a sheet of paper each. */
  cardsPage(cards: readonly UnitCard[]): Promise<string>;
}

/** Without the inventory: the address that was tested last. */
async function testedWay(store: World['store'], id: UnitId): Promise<WayIn | undefined> {
  const row = await store.latest('out-of-band', id);
  const { address, port } = row?.value ?? {};
  if (typeof address !== 'string' || typeof port !== 'number') return undefined;
  return wayIn(store, { id, outOfBand: { address, port, kind: 'console' } });
}

export function cardDesk(
  { store }: Pick<World, 'store'>,
  drivers: () => Promise<ReadonlyMap<string, Driver>>,
): CardDesk {
  return {
    async cards(plan, units) {
      const known = await drivers();
      const found = plan.body.units.map(async (each): Promise<readonly UnitCard[]> => {
        const recovery = known.get(each.material.platform)?.recovery;
        if (!recovery) return [];
        const unit = units.find(({ id }) => id === each.unit);
        const way = unit ? await wayIn(store, unit) : await testedWay(store, each.unit);
        return [unitCard(each, recovery, way)];
      });
      return (await Promise.all(found)).flat();
    },
    async cardsPage(cards) {
      const { renderCards } = await import('./render-cards.js');
      return renderCards(cards);
    },
  };
}
