import type { Report } from './report-form.js';

/** The report as JSON text, ending in a newline; parsing it gives the same report, and its `kind`. */
export function renderJson(report: Report): string {
  return `${JSON.stringify({ kind: 'report@1', ...report }, null, 2)}\n`;
}
