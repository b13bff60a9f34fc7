import type { Checked, Diagnostic } from '../kernel/diagnostic.js';
import { digestOf } from '../kernel/digest.js';
import type { Digest } from '../kernel/id.js';
import type { Files } from '../ports/files.js';
import { resolveFreezes, resolveSites, resolveWindows } from './calendar.js';
import { locateImages, resolveImages, resolvePeople } from './catalogue.js';
import { resolveDevices } from './devices.js';
import type { Declarations } from './entries.js';
import { makeFindings } from './findings.js';
import type { Findings } from './findings.js';
import { readFolder } from './folder.js';
import { resolveAttachments, resolveFlows } from './flows.js';
import { checkGroups } from './groups.js';
import type { Inventory, Unit } from './inventory.js';
import { resolveJumpHosts } from './jump-hosts.js';
import { resolveLinks } from './links.js';
import { checkSettings } from './settings.js';
import { resolveRedundancy, resolveUnits, withRedundancy } from './units.js';

type Content = Omit<Inventory, 'directory' | 'digest'>;

function resolve(declarations: Declarations, findings: Findings): Content {
  const groups = new Map(declarations.groups.map((each) => [each.name, each]));
  checkGroups(groups, findings);
  checkSettings(declarations, findings);
  const jumpHosts = resolveJumpHosts(declarations, findings);
  const devices = resolveDevices({ declarations, groups, jumpHosts }, findings);
  const units = resolveUnits(declarations, devices, findings);
  const redundancyGroups = resolveRedundancy(declarations, units, findings);
  const attachments = resolveAttachments(declarations, units, findings);
  const flows = resolveFlows(declarations, units, findings);
  return {
    units: [...withRedundancy(units, redundancyGroups)].sort((a, b) => (a.id < b.id ? -1 : 1)),
    groups: declarations.groups.map(({ name, value }) => ({ name, parents: value.parents ?? [] })),
    sites: resolveSites(declarations, findings),
    links: resolveLinks(declarations, findings),
    redundancyGroups,
    windows: resolveWindows(declarations, findings),
    freezes: resolveFreezes(declarations, findings),
    images: resolveImages(declarations, findings),
    people: resolvePeople(declarations, findings),
    ...(jumpHosts.size === 0 ? {} : { jumpHosts: [...jumpHosts.values()] }),
    ...(attachments.length === 0 ? {} : { attachments }),
    ...(flows.length === 0 ? {} : { flows }),
  };
}

function withoutPlace(unit: Unit): unknown {
  const { place: _place, ...device } = unit.device;
  return { ...unit, device };
}

function digestOfContent(content: Content): Digest {
  return digestOf({ ...content, units: content.units.map(withoutPlace) });
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [left, right] = [a.place, b.place];
  if (!left || !right) return 0;
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column;
}

/**
 * Reads a folder of YAML files into an Inventory whose names all lead somewhere. All findings come at once, each with
 * its place; what only follows from a file that cannot be read is not reported.
 */
export async function loadInventory(files: Files, directory: string): Promise<Checked<Inventory>> {
  const names = await files.list(directory);
  if (names === undefined) {
    const message = `there is no inventory folder ${directory}`;
    const mend = 'name the folder with -i, or run `nightshift lab init DIRECTORY` for an example';
    const found: Diagnostic = { code: 'inventory-invalid', severity: 'error', message, mend };
    return { ok: false, diagnostics: [found] };
  }
  const found: Diagnostic[] = [];
  const twice: Diagnostic[] = [];
  const declarations = await readFolder({ files, directory, names, found, twice });
  if (found.length > 0) return { ok: false, diagnostics: [...found, ...twice].sort(byPlace) };
  const findings = makeFindings();
  const content = resolve(declarations, findings);
  const wrong = [...twice, ...findings.all].sort(byPlace);
  if (wrong.length > 0) return { ok: false, diagnostics: wrong };
  const images = locateImages(content.images, directory);
  const value = { directory, ...content, images, digest: digestOfContent(content) };
  return { ok: true, value, diagnostics: [] };
}
