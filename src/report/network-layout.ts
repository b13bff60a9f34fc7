import type { PlannedNetwork } from '../plan/plan.js';

export interface PlacedNode {
  readonly name: string;
  readonly kind: 'unit' | 'attachment';
  readonly x: number;
  readonly y: number;
}

export interface PlacedSite {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface NetworkLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly sites: readonly PlacedSite[];
}

export const BOX = { width: 112, height: 40 } as const;
const GAP_X = 18;
const GAP_Y = 46;
const PER_ROW = 8;
/** With many sites, narrow ones stand beside each other. */
const MANY_SITES = 3;
const PER_ROW_OF_MANY = 4;
const PAD = 20;
const TITLE = 22;
const WIDTH_MAX = 1360;

type Neighbours = ReadonlyMap<string, readonly string[]>;

function neighboursOf({ links }: PlannedNetwork): Neighbours {
  const found = new Map<string, string[]>();
  const add = (from: string, to: string) => {
    const known = found.get(from) ?? [];
    if (!known.includes(to)) known.push(to);
    found.set(from, known);
  };
  for (const [a, b] of links) {
    add(a, b);
    add(b, a);
  }
  return found;
}

/** Where a site begins: what the outside hangs on, else what other sites hang on, else what has most neighbours. */
function topsOf(
  units: readonly string[],
  network: PlannedNetwork,
  neighbours: Neighbours,
): readonly string[] {
  const own = new Set(units);
  const attachments = new Set(
    network.nodes.filter((each) => each.kind === 'attachment').map((each) => each.name),
  );
  const near = (unit: string) => neighbours.get(unit) ?? [];
  const hung = units.filter((unit) => near(unit).some((each) => attachments.has(each)));
  if (hung.length > 0) return hung;
  const borders = units.filter((unit) => near(unit).some((each) => !own.has(each)));
  if (borders.length > 0) return borders;
  const most = Math.max(0, ...units.map((unit) => near(unit).length));
  return units.filter((unit) => near(unit).length === most);
}

/** The units of a site by their distance from its top; what has no way to it comes last. */
function tiersOf(
  units: readonly string[],
  network: PlannedNetwork,
  neighbours: Neighbours,
): readonly (readonly string[])[] {
  const left = new Set(units);
  const tiers: (readonly string[])[] = [];
  let tier = topsOf(units, network, neighbours);
  while (tier.length > 0) {
    for (const each of tier) left.delete(each);
    tiers.push(ordered(tier, tiers.at(-1) ?? [], neighbours));
    const next = tier
      .flatMap((each) => neighbours.get(each) ?? [])
      .filter((each) => left.has(each));
    tier = [...new Set(next)];
  }
  return left.size > 0 ? [...tiers, [...left].toSorted()] : tiers;
}

/** Below those above that they are linked to, then by name. */
function ordered(
  tier: readonly string[],
  above: readonly string[],
  neighbours: Neighbours,
): readonly string[] {
  const place = (unit: string) => {
    const linked = (neighbours.get(unit) ?? []).map((each) => above.indexOf(each));
    const at = linked.filter((each) => each >= 0);
    return at.length > 0 ? at.reduce((sum, each) => sum + each, 0) / at.length : 0;
  };
  return tier.toSorted(
    (a, b) => place(a) - place(b) || a.localeCompare(b, 'en', { numeric: true }),
  );
}

function rowsOf(
  tiers: readonly (readonly string[])[],
  perRow: number,
): readonly (readonly string[])[] {
  return tiers.flatMap((tier) =>
    Array.from({ length: Math.ceil(tier.length / perRow) }, (_, index) =>
      tier.slice(index * perRow, (index + 1) * perRow),
    ),
  );
}

interface SiteShape {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  readonly width: number;
  readonly height: number;
}

function rowWidth(count: number): number {
  return count * BOX.width + Math.max(0, count - 1) * GAP_X;
}

function shapeOf(name: string, rows: readonly (readonly string[])[]): SiteShape {
  const width = Math.max(...rows.map((row) => rowWidth(row.length)), 160) + 2 * PAD;
  const height = TITLE + rows.length * BOX.height + (rows.length - 1) * GAP_Y + 2 * PAD;
  return { name, rows, width, height };
}

function placeRow(row: readonly string[], site: PlacedSite, index: number): readonly PlacedNode[] {
  const left = site.x + (site.width - rowWidth(row.length)) / 2;
  const y = site.y + PAD + TITLE + index * (BOX.height + GAP_Y);
  return row.map((name, at) => ({ name, kind: 'unit', x: left + at * (BOX.width + GAP_X), y }));
}

/** Sites beside each other, in rows as wide as the page. */
function placeSites(shapes: readonly SiteShape[], top: number): readonly PlacedSite[] {
  let [x, y, tallest] = [PAD, top, 0];
  return shapes.map(({ name, width, height }) => {
    if (x > PAD && x + width > WIDTH_MAX) {
      [x, y, tallest] = [PAD, y + tallest + GAP_Y, 0];
    }
    const placed = { name, x, y, width, height };
    x += width + PAD;
    tallest = Math.max(tallest, height);
    return placed;
  });
}

/** Attachments in one band on top, each as near as it can be to what it hangs on. */
function placeAttachments(
  network: PlannedNetwork,
  neighbours: Neighbours,
  units: ReadonlyMap<string, PlacedNode>,
): readonly PlacedNode[] {
  const wanted = network.nodes
    .filter((each) => each.kind === 'attachment')
    .map(({ name }) => {
      const on = (neighbours.get(name) ?? []).flatMap((each) => units.get(each) ?? []);
      return { name, x: on.length > 0 ? on.reduce((sum, each) => sum + each.x, 0) / on.length : 0 };
    })
    .toSorted((a, b) => a.x - b.x || (a.name < b.name ? -1 : 1));
  let free = PAD;
  return wanted.map(({ name, x }) => {
    const placed = { name, kind: 'attachment' as const, x: Math.max(free, x), y: PAD };
    free = placed.x + BOX.width + GAP_X;
    return placed;
  });
}

/** Where everything stands. The same network gives the same layout. */
export function layoutOf(network: PlannedNetwork): NetworkLayout {
  const neighbours = neighboursOf(network);
  const sites = [
    ...new Set(network.nodes.filter((each) => each.kind === 'unit').map((each) => each.site)),
  ];
  const perRow = sites.length > MANY_SITES ? PER_ROW_OF_MANY : PER_ROW;
  const shapes = sites.toSorted().map((site) => {
    const own = network.nodes.filter((each) => each.kind === 'unit' && each.site === site);
    const tiers = tiersOf(
      own.map((each) => each.name),
      network,
      neighbours,
    );
    return shapeOf(site, rowsOf(tiers, perRow));
  });
  const hasBand = network.nodes.some((each) => each.kind === 'attachment');
  const placed = placeSites(shapes, PAD + (hasBand ? BOX.height + GAP_Y : 0));
  const units = placed.flatMap((site, index) =>
    (shapes[index]?.rows ?? []).flatMap((row, at) => placeRow(row, site, at)),
  );
  const byName = new Map(units.map((each) => [each.name, each]));
  const nodes = [...placeAttachments(network, neighbours, byName), ...units];
  return {
    width:
      Math.max(
        640,
        ...placed.map((each) => each.x + each.width),
        ...nodes.map((each) => each.x + BOX.width),
      ) + PAD,
    height:
      Math.max(
        0,
        ...placed.map((each) => each.y + each.height),
        ...nodes.map((each) => each.y + BOX.height),
      ) + PAD,
    nodes,
    sites: placed,
  };
}
