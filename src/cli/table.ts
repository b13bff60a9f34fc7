import type { Paint } from './paint.js';
import { cut, pad, widthOf, wrap } from './text.js';

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface TableLayout {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Columns whose text stands at the right. */
  readonly right: readonly boolean[];
  /** Columns whose text goes on below where it does not fit, instead of being cut. */
  readonly flow?: readonly boolean[];
  /** Undefined: as wide as it wants to be. */
  readonly width: number | undefined;
  readonly paint: Paint;
}

const GAP = '  ';
const NARROWEST = 3;

/** Takes from the widest columns until all fit; a column is never made narrower than a few characters. */
function fitted(natural: readonly number[], width: number | undefined): readonly number[] {
  const widths = [...natural];
  if (width === undefined) return widths;
  const gaps = GAP.length * Math.max(0, widths.length - 1);
  let over = widths.reduce((sum, each) => sum + each, gaps) - width;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)] = widest - 1;
    over -= 1;
  }
  return widths;
}

/** The lines of one cell; a word that is wider than the column is cut. */
function cellLines(text: string, width: number, flows: boolean, mark: string): readonly string[] {
  const lines = flows ? wrap(text, width) : [text];
  return lines.map((each) => cut(each, width, mark));
}

/**
 * Columns of text under their titles. Cells that do not fit go on below where their column flows; else they are cut and
 * marked.
 */
export function tableLines(layout: TableLayout): readonly string[] {
  const { titles, rows, right, paint, flow = [] } = layout;
  const mark = paint.unicode ? '…' : '..';
  const natural = titles.map((title, index) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[index]?.text ?? ''))),
  );
  const widths = fitted(natural, layout.width);
  const linesOf = (cells: readonly Cell[]) => {
    const columns = cells.map((cell, index) =>
      cellLines(cell.text, widths[index] ?? 0, flow[index] === true, mark),
    );
    const height = Math.max(1, ...columns.map((each) => each.length));
    return Array.from({ length: height }, (_each, at) =>
      cells
        .map((cell, index) => {
          const shown = columns[index]?.[at] ?? '';
          const painted = cell.paint && shown !== '' ? cell.paint(shown) : shown;
          return pad(painted, widths[index] ?? 0, right[index] ? 'right' : 'left');
        })
        .join(GAP)
        .trimEnd(),
    );
  };
  const head = titles.map((text) => ({ text: text.toUpperCase(), paint: paint.dim }));
  return [...linesOf(head), ...rows.flatMap(linesOf)];
}
