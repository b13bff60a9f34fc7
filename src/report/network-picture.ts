import type { PlannedNetwork } from '../plan/plan.js';
import { downStrip, type Span, type StripRow } from './down-strip.js';
import { BOX, layoutOf, type NetworkLayout, type PlacedNode } from './network-layout.js';
import { element, escapeXml, fitted, textAt } from './svg.js';

/** What a picture shows. */
export interface PictureInputs {
  readonly title: string;
  readonly network: PlannedNetwork;
  readonly waves: readonly { readonly name: string; readonly units: readonly string[] }[];
  /** Units that were down, each as often as it was. */
  readonly down: readonly Span[];
  /** Flows that lost something, by name. */
  readonly lost: readonly (Span & { readonly lossPercent: number })[];
  /** IANA zone of the times; empty: UTC. */
  readonly zone: string;
}

/** Fills that people with any colour vision tell apart, dark enough for white text; the wave's name stands there too. */
const COLOURS = ['#0a5c8f', '#b5470b', '#3b6e22', '#7b3f8c', '#8a6100', '#8c1d4f', '#33475b'];
const UNTOUCHED = '#ffffff';
const LOSS = '#f2b8b5';
const HEADER = 64;
const JOINED_MS = 10_000;

function colourOf(wave: number): string {
  return COLOURS[wave % COLOURS.length] ?? '#33475b';
}

function centre(node: PlacedNode): readonly [number, number] {
  return [node.x + BOX.width / 2, node.y + BOX.height / 2];
}

/** Dashed to what only hangs on the network, faint between sites: such lines cross what they do not touch. */
function lineStyle(a: PlacedNode, b: PlacedNode, isFar: boolean) {
  const hangs = a.kind === 'attachment' || b.kind === 'attachment';
  const dash = hangs ? { 'stroke-dasharray': '4 3' } : {};
  return { stroke: '#8794a4', 'stroke-width': 1.4, ...(isFar ? { 'stroke-opacity': 0.4 } : dash) };
}

/** The cables between two nodes are one line, with their number when there are several. */
function linksSvg(
  { links, nodes }: PlannedNetwork,
  byName: ReadonlyMap<string, PlacedNode>,
): string {
  const siteOf = new Map(nodes.map((each) => [each.name, each.site]));
  const counts = new Map<string, number>();
  for (const pair of links) {
    const key = pair.toSorted().join('\n');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const lines = [...counts].map(([key, count]) => {
    const [a, b] = key.split('\n').map((name) => byName.get(name));
    if (!a || !b) return '';
    const [[x1, y1], [x2, y2]] = [centre(a), centre(b)];
    const isFar = a.kind === b.kind && siteOf.get(a.name) !== siteOf.get(b.name);
    const line = element('line', { x1, y1, x2, y2, ...lineStyle(a, b, isFar) });
    if (count === 1) return line;
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    const badge = element('circle', { cx: x, cy: y, r: 8, fill: '#ffffff', stroke: '#8794a4' });
    return line + badge + textAt(x, y + 4, `×${count}`, { size: 9, anchor: 'middle' });
  });
  return lines.join('');
}

interface Marks {
  readonly waveOf: ReadonlyMap<string, number>;
  readonly waves: PictureInputs['waves'];
  readonly downs: ReadonlyMap<string, number>;
}

function downMark({ x, y }: PlacedNode, times: number, colour: string): string {
  if (times === 0) return '';
  const text = times > 1 ? `▼${times}` : '▼';
  return textAt(x + BOX.width - 6, y + 13, text, { size: 10, colour, anchor: 'end' });
}

function wordBelow(kind: PlacedNode['kind'], wave: string | undefined): string {
  if (wave !== undefined) return wave;
  return kind === 'attachment' ? '' : 'not changed';
}

function nodeSvg(node: PlacedNode, { waveOf, waves, downs }: Marks): string {
  const { name, x, y, kind } = node;
  const wave = waveOf.get(name);
  const fill = wave === undefined ? UNTOUCHED : colourOf(wave);
  const ink = wave === undefined ? '#1b2430' : '#ffffff';
  const shape = { x, y, width: BOX.width, height: BOX.height, fill, stroke: '#33475b' };
  const look =
    kind === 'attachment' ? { ...shape, rx: 20, 'stroke-dasharray': '4 3' } : { ...shape, rx: 5 };
  const below = wordBelow(kind, wave === undefined ? undefined : (waves[wave]?.name ?? ''));
  const middle = x + BOX.width / 2;
  const style = { colour: ink, anchor: 'middle' } as const;
  return [
    element('rect', look, `<title>${escapeXml(name)}</title>`),
    textAt(middle, y + (below === '' ? 25 : 18), fitted(name, 14), { ...style, weight: 600 }),
    below === '' ? '' : textAt(middle, y + 32, fitted(below, 18), { ...style, size: 10 }),
    downMark(node, downs.get(name) ?? 0, ink),
  ].join('');
}

function sitesSvg({ sites }: NetworkLayout): string {
  return sites
    .map(({ name, x, y, width, height }) => {
      const box = { x, y, width, height, rx: 10, fill: '#f3f6fa', stroke: '#c8d0da' };
      return (
        element('rect', box) +
        textAt(x + 14, y + 22, name, { size: 13, weight: 600, colour: '#55606e' })
      );
    })
    .join('');
}

/** Redundancy groups: a frame around members that stand beside each other. */
function groupsSvg({ groups }: PlannedNetwork, byName: ReadonlyMap<string, PlacedNode>): string {
  return groups
    .map(({ name, units }) => {
      const placed = units.flatMap((unit) => byName.get(unit) ?? []);
      if (placed.length < 2 || placed.some((each) => each.y !== placed[0]?.y)) return '';
      const left = Math.min(...placed.map((each) => each.x)) - 6;
      const right = Math.max(...placed.map((each) => each.x)) + BOX.width + 6;
      const top = (placed[0]?.y ?? 0) - 6;
      const frame = { x: left, y: top, width: right - left, height: BOX.height + 12, rx: 8 };
      const title = `<title>${escapeXml(`redundancy group ${name}`)}</title>`;
      return element(
        'rect',
        { ...frame, fill: 'none', stroke: '#33475b', 'stroke-dasharray': '2 3' },
        title,
      );
    })
    .join('');
}

function legendSvg(inputs: PictureInputs, y: number): string {
  const { waves, network } = inputs;
  let x = 12;
  const parts = waves.map(({ name, units }, wave) => {
    const text = `${name}: ${units.length}`;
    const part =
      element('rect', { x, y: y - 11, width: 14, height: 14, rx: 3, fill: colourOf(wave) }) +
      textAt(x + 20, y, text);
    x += 40 + text.length * 7;
    return part;
  });
  const left = network.unitsInAll - network.nodes.filter((each) => each.kind === 'unit').length;
  const rest = `▼ was down${left > 0 ? `; ${left} units elsewhere are not drawn` : ''}`;
  return parts.join('') + textAt(x, y, rest, { colour: '#55606e' });
}

/** Losses of one flow that follow on each other, as one of the greatest of them. */
function joinedLosses(lost: PictureInputs['lost']): PictureInputs['lost'] {
  return lost
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .reduce<PictureInputs['lost']>((done, each) => {
      const last = done.at(-1);
      if (!last || each.fromMs - last.toMs > JOINED_MS) return [...done, each];
      const toMs = Math.max(last.toMs, each.toMs);
      const lossPercent = Math.max(last.lossPercent, each.lossPercent);
      return [...done.slice(0, -1), { ...last, toMs, lossPercent }];
    }, []);
}

function rowsOf(inputs: PictureInputs, { waveOf, waves }: Marks): readonly StripRow[] {
  const { down, lost } = inputs;
  const soonest = down.toSorted((a, b) => a.fromMs - b.fromMs);
  const units = [...new Set(soonest.map((each) => each.name))];
  const flows = [...new Set(lost.map((each) => each.name))].toSorted();
  return [
    ...units.map((name): StripRow => {
      const wave = waveOf.get(name) ?? 0;
      const spans = down.filter((each) => each.name === name);
      return {
        name,
        tag: waves[wave]?.name ?? '',
        colour: colourOf(wave),
        spans: spans.map((each) => ({ ...each, label: '', hatched: false })),
      };
    }),
    ...flows.map((name): StripRow => ({
      name,
      tag: 'flow lost',
      colour: LOSS,
      spans: joinedLosses(lost.filter((each) => each.name === name)).map((each) => ({
        ...each,
        label: `up to ${Math.round(each.lossPercent)} %`,
        hatched: true,
      })),
    })),
  ];
}

/**
 * The network around a plan as SVG: sites as boxes, tiers by distance, waves by colour and by name, what was down when,
 * and the flows that lost something. Asks for nothing from outside and runs no script; the same inputs give the same
 * picture.
 */
export function drawPicture(inputs: PictureInputs): string {
  const { network, waves, down, title, zone } = inputs;
  const layout = layoutOf(network);
  const byName = new Map(layout.nodes.map((each) => [each.name, each]));
  const downs = new Map<string, number>();
  for (const { name } of down) downs.set(name, (downs.get(name) ?? 0) + 1);
  const marks: Marks = {
    waveOf: new Map(waves.flatMap(({ units }, wave) => units.map((unit) => [unit, wave] as const))),
    waves,
    downs,
  };
  const width = layout.width;
  const strip = downStrip(rowsOf(inputs, marks), { top: HEADER + layout.height, width, zone });
  const height = HEADER + layout.height + strip.height;
  const hatch =
    '<defs><pattern id="ns-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="#8c1d18" stroke-opacity=".35" stroke-width="2"/></pattern></defs>';
  const drawn = [
    sitesSvg(layout),
    linksSvg(network, byName),
    groupsSvg(network, byName),
    ...layout.nodes.map((node) => nodeSvg(node, marks)),
  ].join('');
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
      role: 'img',
      'aria-label': title,
    },
    [
      hatch,
      element('rect', { width: Math.ceil(width), height: Math.ceil(height), fill: '#ffffff' }),
      textAt(12, 24, title, { size: 16, weight: 600 }),
      legendSvg(inputs, 48),
      element('g', { transform: `translate(0 ${HEADER})` }, drawn),
      strip.svg,
    ].join('\n'),
  );
}
