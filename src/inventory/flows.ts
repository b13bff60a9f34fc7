import { parseDurationMs } from '../kernel/duration.js';
import { unitId } from '../kernel/id.js';
import { parseBitRate } from './bit-rate.js';
import type { AttachmentEntry, Declarations, Declared, FlowEntry } from './entries.js';
import type { Findings } from './findings.js';
import type { Attachment, Flow, Inventory } from './inventory.js';

function bitRateOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseBitRate(text);
}

function attachmentOf({ name, value }: Declared<AttachmentEntry>): Attachment {
  const capacityBps = bitRateOf(value.capacity);
  return {
    name,
    units: value.units.map(unitId).toSorted(),
    services: (value.services ?? []).toSorted(),
    sites: (value.sites ?? []).toSorted(),
    ...(capacityBps === undefined ? {} : { capacityBps }),
  };
}

/** The attachments. A name stands for one thing only: a flow that names it must not be ambiguous. */
export function resolveAttachments(
  declarations: Declarations,
  units: Inventory['units'],
  findings: Findings,
): readonly Attachment[] {
  const known = new Set<string>(units.map((each) => each.id));
  const sites = new Set(declarations.sites.map((each) => each.name));
  return declarations.attachments.map((declared) => {
    const { name, value } = declared;
    value.units.forEach((each, index) => {
      findings.refer(declared.at('units', index), 'unit', each, known);
    });
    (value.sites ?? []).forEach((each, index) => {
      findings.refer(declared.at('sites', index), 'site', each, sites);
    });
    const taken = [known.has(name) ? 'unit' : '', sites.has(name) ? 'site' : ''].find(Boolean);
    if (taken !== undefined) {
      const message = `the attachment \`${name}\` has the name of a ${taken}`;
      findings.report(declared.place, message, 'give it a name of its own');
    }
    return attachmentOf(declared);
  });
}

function flowOf({ name, value }: Declared<FlowEntry>): Flow {
  const { from, to, loss, outage, probe } = value;
  const demandBps = bitRateOf(value.demand) ?? 0;
  const outageMs = outage === undefined ? 0 : (parseDurationMs(outage) ?? 0);
  return {
    name,
    from,
    to,
    demandBps,
    lossPercent: loss ?? 0,
    outageMs,
    ...(probe === undefined ? {} : { probe: probe.replace(/^exec:/, '') }),
  };
}

/** The flows, their ends all known. */
export function resolveFlows(
  declarations: Declarations,
  units: Inventory['units'],
  findings: Findings,
): readonly Flow[] {
  const unitNames = new Set<string>(units.map((each) => each.id));
  const siteNames = new Set(declarations.sites.map((each) => each.name));
  const known = new Set([
    ...unitNames,
    ...siteNames,
    ...declarations.attachments.map((each) => each.name),
  ]);
  return declarations.flows.map((declared) => {
    for (const side of ['from', 'to'] as const) {
      const end = declared.value[side];
      findings.refer(declared.at(side), 'unit, site or attachment', end, known);
      if (unitNames.has(end) && siteNames.has(end)) {
        const message = `\`${end}\` is both a unit and a site: nobody knows which is meant`;
        findings.report(declared.at(side), message, 'rename one of the two');
      }
    }
    if (declared.value.from === declared.value.to) {
      findings.report(declared.at('to'), 'a flow ends where it begins', 'name another end');
    }
    return flowOf(declared);
  });
}
