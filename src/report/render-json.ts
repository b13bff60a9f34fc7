import type { Report } from './report-form.js';

/** The report as JSON text, ending in a newline; parsing it gives the same report. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
