// What is done with numbers: their middle, and how people get to see them.

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low + (high - low) * (at - Math.floor(at));
}

export const median = (values) => quantile(values, 0.5);

/** Three significant digits, and every digit before the point. */
export function shown(value) {
  if (value >= 100) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
  return value.toFixed(value >= 10 ? 1 : 2);
}

/**
 * One line of the result. `goal`, where there is one, says what was aimed at; it is not held against the value here.
 */
export function figure(what, value, unit, rest = {}) {
  return { what, value, unit, ...rest };
}

/** The figures as aligned text, a group after the other. */
export function tableOf(groups) {
  const rows = groups.flatMap(({ figures }) =>
    figures.map((each) => [each.what, shown(each.value), each.unit, noteOf(each)]),
  );
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = [];
  let at = 0;
  for (const { title, figures, remarks } of groups) {
    lines.push('', title);
    for (let count = 0; count < figures.length; count += 1) {
      const [what, value, unit, note] = rows[at];
      const cells = [what.padEnd(widths[0]), value.padStart(widths[1]), unit.padEnd(widths[2])];
      lines.push(`  ${cells.join('  ')}  ${note}`.trimEnd());
      at += 1;
    }
    for (const remark of remarks) lines.push(`  - ${remark}`);
  }
  return `${lines.slice(1).join('\n')}\n`;
}

function noteOf({ goal, note }) {
  return [goal === undefined ? '' : `goal ${goal}`, note ?? ''].filter(Boolean).join('; ');
}
