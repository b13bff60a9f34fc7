import type { Command } from 'commander';
import { formatDuration } from '../../kernel/duration.js';
import type { InstantMs } from '../../kernel/id.js';
import type { App } from '../../app.js';
import type { Inventory, Site } from '../../inventory/inventory.js';
import { oneOf, wholeNumber, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime, siteTime, utcTime } from '../moment.js';

interface Row {
  readonly kind: 'window' | 'freeze';
  readonly name: string;
  readonly site: string;
  readonly timeZone: string;
  readonly startMs: InstantMs;
  readonly endMs: InstantMs;
  readonly notes: readonly string[];
  readonly open: boolean;
}

const columns: readonly Column<Row>[] = [
  {
    key: 'kind',
    value: (row) => row.kind,
    paint: (row, paint) => (row.kind === 'freeze' ? paint.warn : row.open ? paint.good : undefined),
  },
  { key: 'name', value: (row) => row.name },
  { key: 'site', value: (row) => row.site },
  {
    key: 'opensAtSite',
    title: 'from (site)',
    value: (row) => siteTime(row.startMs, row.timeZone),
  },
  {
    key: 'closesAtSite',
    title: 'to (site)',
    value: (row) => siteTime(row.endMs, row.timeZone),
    wide: true,
  },
  {
    key: 'opensAt',
    title: 'from (UTC)',
    value: (row) => isoTime(row.startMs),
    text: (row) => utcTime(row.startMs),
  },
  {
    key: 'closesAt',
    title: 'to (UTC)',
    value: (row) => isoTime(row.endMs),
    text: (row) => utcTime(row.endMs),
    wide: true,
  },
  {
    key: 'lengthMs',
    title: 'long',
    value: (row) => row.endMs - row.startMs,
    text: (row) => formatDuration(row.endMs - row.startMs),
    right: true,
  },
  { key: 'timeZone', title: 'zone', value: (row) => row.timeZone, wide: true },
  { key: 'open', value: (row) => row.open, text: (row) => (row.open ? 'now' : ''), wide: true },
  { key: 'notes', value: (row) => row.notes, text: (row) => row.notes.join('; ') },
];

/** The windows that units at the site use; where none is named, a playbook may name any. */
function windowsOf(inventory: Inventory, site: Site): readonly string[] {
  const units = inventory.units.filter((each) => each.device.site === site.name);
  const names = new Set([...site.windows, ...units.flatMap((each) => each.windows)]);
  return names.size > 0 ? [...names] : inventory.windows.map((each) => each.name);
}

function rowsOf(app: App, inventory: Inventory, site: Site, next: number): readonly Row[] {
  const nowMs = app.world.clock.now();
  const about = { site: site.name };
  const windows = app
    .windows(inventory, site.name, windowsOf(inventory, site), next)
    .map((each): Row => {
      const { window: name, startMs, endMs, timeZone, notes } = each;
      const open = startMs <= nowMs && nowMs < endMs;
      return { kind: 'window', name, startMs, endMs, timeZone, notes, open, ...about };
    });
  const freezes = inventory.freezes
    .filter((each) => each.sites.length === 0 || each.sites.includes(site.name))
    .filter((each) => each.endMs > nowMs)
    .map((each): Row => {
      const { name, startMs, endMs, reason } = each;
      const open = startMs <= nowMs;
      const { timeZone } = site;
      return { kind: 'freeze', name, startMs, endMs, timeZone, notes: [reason], open, ...about };
    });
  return [...windows, ...freezes].sort((a, b) => a.startMs - b.startMs);
}

interface WindowsOptions {
  readonly next: string;
  readonly site?: string;
}

async function list(desk: Desk, options: WindowsOptions): Promise<void> {
  const next = wholeNumber(options.next, '--next', 100);
  const app = await desk.app('read');
  const inventory = await desk.inventory(app);
  const names = inventory.sites.map((each) => each.name);
  const wanted = options.site === undefined ? undefined : oneOf(options.site, '--site', names);
  const sites = inventory.sites.filter((each) => wanted === undefined || each.name === wanted);
  desk.out.list(
    columns,
    sites.flatMap((site) => rowsOf(app, inventory, site, next)),
  );
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('windows')
    .description('the maintenance windows')
    .command('list')
    .description('list the next openings at each site, and the freezes')
    .option('--next <n>', 'so many openings a site', '5')
    .option('--site <site>', 'only this site')
    .action((options: WindowsOptions, command: Command) =>
      invocation.act(command, (desk) => list(desk, options)),
    );
}
