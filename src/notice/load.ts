import { posix } from 'node:path';
import { loadDocument, type DocumentPath, type ReadDocument } from '../document/document.js';
import type { Checked, Diagnostic } from '../kernel/diagnostic.js';
import { parseDurationMs } from '../kernel/duration.js';
import { suggest } from '../kernel/suggest.js';
import type { Files } from '../ports/files.js';
import type { MailServer } from '../ports/notice-courier.js';
import type { Criticality, Inventory } from '../inventory/inventory.js';
import type { NoticeKind } from './notice.js';
import {
  usualLevels,
  usualRules,
  type Channel,
  type Filter,
  type Level,
  type MuteHook,
  type NoticeRules,
  type Webhook,
} from './rules.js';
import { noticesSchema } from './schema.js';

interface FilterEntry {
  readonly events?: readonly NoticeKind[];
  readonly criticality?: readonly Criticality[];
  readonly sites?: readonly string[];
  readonly groups?: readonly string[];
}

interface WebhookEntry {
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
  readonly ca?: string;
}

interface MailEntry {
  readonly host: string;
  readonly port?: number;
  readonly security?: MailServer['security'];
  readonly user?: string;
  readonly password?: string;
  readonly ca?: string;
  readonly from: string;
  readonly to?: readonly string[];
}

interface ChannelEntry {
  readonly mail?: MailEntry;
  readonly webhook?: WebhookEntry;
  readonly for?: FilterEntry;
}

interface MuteEntry {
  readonly webhook?: WebhookEntry;
  readonly exec?: string;
  readonly for?: FilterEntry;
}

interface RulesEntry {
  readonly channels?: Readonly<Record<string, ChannelEntry>>;
  readonly mutes?: Readonly<Record<string, MuteEntry>>;
  readonly escalation?: Partial<
    Readonly<
      Record<Criticality, readonly { readonly after?: string; readonly to: readonly string[] }[]>
    >
  >;
  readonly silentAfter?: string;
}

type Read = Extract<ReadDocument<RulesEntry>, { ok: true }>;

const ROLES = ['author', 'engineer', 'supervisor', 'vice-president'];
const MAIL_PORT = 587;

/** Gathers what is wrong with the document. */
interface Desk {
  readonly document: Read;
  readonly inventory: Inventory;
  readonly found: Diagnostic[];
}

function report(desk: Desk, path: DocumentPath, message: string, mend: string): void {
  const place = desk.document.locate(path);
  desk.found.push({ code: 'document-invalid', severity: 'error', place, message, mend });
}

/** Every name of the list must be known. */
function refer(
  desk: Desk,
  path: DocumentPath,
  about: {
    readonly what: string;
    readonly known: readonly string[];
    readonly names: readonly string[];
  },
): void {
  for (const [index, name] of about.names.entries()) {
    if (about.known.includes(name)) continue;
    const near = suggest(name, about.known);
    const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
    const mend = near === undefined ? `declare the ${about.what}` : `write \`${near}\``;
    report(desk, [...path, index], `there is no ${about.what} \`${name}\`${hint}`, mend);
  }
}

function filterOf(desk: Desk, path: DocumentPath, entry: FilterEntry = {}): Filter {
  const { inventory } = desk;
  const sites = entry.sites ?? [];
  const groups = entry.groups ?? [];
  const siteNames = inventory.sites.map((each) => each.name);
  const groupNames = inventory.groups.map((each) => each.name);
  refer(desk, [...path, 'sites'], { what: 'site', known: siteNames, names: sites });
  refer(desk, [...path, 'groups'], { what: 'group', known: groupNames, names: groups });
  return { events: entry.events ?? [], criticality: entry.criticality ?? [], sites, groups };
}

function located(desk: Desk, file: string | undefined): { readonly ca?: string } {
  if (file === undefined) return {};
  return { ca: posix.isAbsolute(file) ? file : posix.join(desk.inventory.directory, file) };
}

function webhookOf(desk: Desk, path: DocumentPath, entry: WebhookEntry): Webhook {
  const { url, keyId, secret } = entry;
  if (!URL.canParse(url)) report(desk, [...path, 'url'], 'this is no URL', 'https://host/path');
  if (secret === 'agent') {
    const mend = 'env:NAME, file:PATH or exec:COMMAND';
    report(desk, [...path, 'secret'], 'an agent holds no key for signatures of this kind', mend);
  }
  return { url, signature: { keyId, secret }, ...located(desk, entry.ca) };
}

function serverOf(desk: Desk, path: DocumentPath, entry: MailEntry): MailServer {
  const { host, port = MAIL_PORT, security = 'starttls', user, password } = entry;
  if ((user === undefined) !== (password === undefined)) {
    report(desk, path, '`user` and `password` belong together', 'give both, or neither');
  }
  if (security === 'none' && password !== undefined) {
    const message = 'the password would go over the wire in clear text';
    report(desk, [...path, 'security'], message, '`starttls` or `tls`, or no login');
  }
  const login = user === undefined || password === undefined ? {} : { user, password };
  return { host, port, security, ...login, ...located(desk, entry.ca) };
}

function oneOfTwo(desk: Desk, path: DocumentPath, kinds: readonly [string, string]): void {
  const [a, b] = kinds;
  report(desk, path, `\`${path.at(-1)}\` needs either \`${a}\` or \`${b}\``, 'give one of them');
}

function channelOf(desk: Desk, name: string, entry: ChannelEntry): readonly Channel[] {
  const path = ['channels', name];
  const filter = filterOf(desk, [...path, 'for'], entry.for);
  if (entry.mail && !entry.webhook) {
    const { from, to = [] } = entry.mail;
    const server = serverOf(desk, [...path, 'mail'], entry.mail);
    return [{ name, filter, kind: 'mail', server, from, to }];
  }
  if (entry.webhook && !entry.mail) {
    const webhook = webhookOf(desk, [...path, 'webhook'], entry.webhook);
    return [{ name, filter, kind: 'webhook', webhook }];
  }
  oneOfTwo(desk, path, ['mail', 'webhook']);
  return [];
}

function muteOf(desk: Desk, name: string, entry: MuteEntry): readonly MuteHook[] {
  const path = ['mutes', name];
  const filter = filterOf(desk, [...path, 'for'], entry.for);
  if (entry.webhook && entry.exec === undefined) {
    const webhook = webhookOf(desk, [...path, 'webhook'], entry.webhook);
    return [{ name, filter, kind: 'webhook', webhook }];
  }
  if (entry.exec !== undefined && !entry.webhook) {
    return [{ name, filter, kind: 'exec', command: entry.exec }];
  }
  oneOfTwo(desk, path, ['webhook', 'exec']);
  return [];
}

function levelsOf(desk: Desk, criticality: Criticality): readonly Level[] {
  const entries = desk.document.value.escalation?.[criticality];
  if (!entries) return usualLevels[criticality];
  const known = [...ROLES, ...desk.inventory.people.map((each) => each.id)];
  let lastMs = -1;
  return entries.map((entry, index) => {
    const path = ['escalation', criticality, index];
    const afterMs = parseDurationMs(entry.after ?? 'PT0S') ?? 0;
    if (afterMs <= lastMs) {
      const mend = 'each level comes later than the one before';
      report(desk, [...path, 'after'], 'this level does not come after the one before it', mend);
    }
    lastMs = afterMs;
    refer(desk, [...path, 'to'], { what: 'person or role', known, names: entry.to });
    return { afterMs, to: entry.to };
  });
}

/** A mail that would reach nobody is found now, and not at night. */
function checkReach(desk: Desk, rules: NoticeRules): void {
  const { people } = desk.inventory;
  if (people.some((each) => each.mail !== undefined)) return;
  for (const channel of rules.channels) {
    if (channel.kind !== 'mail' || channel.to.length > 0) continue;
    const mend = 'give `mail` to people in people.yaml, or `to` to the channel';
    const message = `nobody of people.yaml has a mail address, and \`${channel.name}\` has no \`to\``;
    report(desk, ['channels', channel.name, 'mail'], message, mend);
  }
}

function rulesOf(desk: Desk): NoticeRules {
  const { channels = {}, mutes = {}, silentAfter } = desk.document.value;
  const rules: NoticeRules = {
    channels: Object.entries(channels).flatMap(([name, entry]) => channelOf(desk, name, entry)),
    mutes: Object.entries(mutes).flatMap(([name, entry]) => muteOf(desk, name, entry)),
    escalation: {
      low: levelsOf(desk, 'low'),
      normal: levelsOf(desk, 'normal'),
      high: levelsOf(desk, 'high'),
      critical: levelsOf(desk, 'critical'),
    },
    silentMs: parseDurationMs(silentAfter ?? '') ?? usualRules.silentMs,
  };
  checkReach(desk, rules);
  return rules;
}

/** Reads `notices.yaml` of the inventory folder; without it there are no channels. All findings come at once. */
export async function loadNoticeRules(
  files: Files,
  inventory: Inventory,
): Promise<Checked<NoticeRules>> {
  const file = posix.join(inventory.directory, 'notices.yaml');
  if (!(await files.stat(file))) return { ok: true, value: usualRules, diagnostics: [] };
  const source = { file, schema: noticesSchema, whenEmpty: {} };
  const document = await loadDocument<RulesEntry>(files, source);
  if (!document.ok) return document;
  const desk: Desk = { document, inventory, found: [] };
  const value = rulesOf(desk);
  if (desk.found.length > 0) return { ok: false, diagnostics: desk.found };
  return { ok: true, value, diagnostics: [] };
}
