import { visible } from './visible.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in SVG, whoever wrote it. */
export function escapeXml(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (each) => ENTITIES[each] ?? each);
}

type Value = string | number;

/** One element; `content` is SVG already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Value>>,
  content = '',
): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  return content === '' ? `<${name}${list}/>` : `<${name}${list}>${content}</${name}>`;
}

export interface TextStyle {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
}

/** One line of text. Its colour stands in a style, so that no page around it changes it. */
export function textAt(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { size = 12, colour = '#1b2430', anchor = 'start', weight = 400 } = style;
  const font = 'system-ui,-apple-system,Segoe UI,Roboto,DejaVu Sans,sans-serif';
  const css = `font:${weight} ${size}px ${font};fill:${colour}`;
  return element('text', { x, y, 'text-anchor': anchor, style: css }, escapeXml(text));
}

/** What fits, the end cut. */
export function fitted(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
