import { isSecretRef } from '../document/document.js';
import type { Place } from '../kernel/diagnostic.js';
import type { Json } from '../kernel/json.js';
import type { Declarations, Declared, DeviceEntry, Settings, SnmpEntry } from './entries.js';
import type { Findings } from './findings.js';
import type { SnmpAccessRef, SshAccess } from './inventory.js';

const SECRET_NAME =
  /(pass(wd|word|phrase)?|secret|community|token|psk|credential|(private|api|auth|priv|shared)_?key)s?$/i;

/** The nearest layer that sets a key has it. */
export function nearest<K extends keyof Settings>(
  layers: readonly Settings[],
  key: K,
): Settings[K] | undefined {
  return layers.find((layer) => layer[key] !== undefined)?.[key];
}

/** Maps joined key by key; the nearest layer first. */
function joined<T extends object>(parts: readonly (T | undefined)[]): T | undefined {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  return given.toReversed().reduce((sum, part) => ({ ...sum, ...part }));
}

/** A setting that lies on the way is missing: told at the device. */
export type Missing = (message: string, mend: string) => void;

export function sshOf(layers: readonly Settings[], missing: Missing): SshAccess {
  const given = joined(layers.map((layer) => layer.ssh)) ?? {};
  if (given.username === undefined) {
    missing('has no `ssh.username`, neither its own nor inherited', 'set it in defaults.yaml');
  }
  return {
    ...given,
    username: given.username ?? '',
    port: given.port ?? 22,
    agent: given.agent ?? false,
  };
}

function v3Of(given: SnmpEntry, port: number, missing: Missing): SnmpAccessRef | undefined {
  const { user, authKey, privKey } = given;
  if (user === undefined || authKey === undefined || privKey === undefined) {
    missing('speaks SNMP v3 but lacks `user`, `authKey` or `privKey`', 'set all three');
    return undefined;
  }
  const authProtocol = given.authProtocol ?? 'sha256';
  const privProtocol = given.privProtocol ?? 'aes';
  return { version: 'v3', port, user, authProtocol, authKey, privProtocol, privKey };
}

export function snmpOf(layers: readonly Settings[], missing: Missing): SnmpAccessRef | undefined {
  const given = joined(layers.map((layer) => layer.snmp));
  if (!given) return undefined;
  const port = given.port ?? 161;
  if (given.version === 'v3') return v3Of(given, port, missing);
  if (given.version === 'v2c' && given.community !== undefined) {
    return { version: 'v2c', port, community: given.community };
  }
  if (given.version === 'v2c') missing('speaks SNMP v2c but lacks `community`', 'set it');
  else missing('has SNMP settings but no `snmp.version`', 'set `version: v3` or `version: v2c`');
  return undefined;
}

export function varsOf(layers: readonly Settings[]): Readonly<Record<string, Json>> {
  return joined(layers.map((layer) => layer.vars)) ?? {};
}

/** Names inside `vars` that look like secrets, with a value that is no reference. */
function plainSecrets(
  value: Json,
  path: readonly (string | number)[],
): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') {
    const named = path.some((each) => SECRET_NAME.test(String(each)));
    const isSecret = named && value !== null && typeof value !== 'boolean';
    return isSecret && !(typeof value === 'string' && isSecretRef(value)) ? [path] : [];
  }
  if (isList(value)) return value.flatMap((each, index) => plainSecrets(each, [...path, index]));
  return Object.entries(value).flatMap(([key, each]) => plainSecrets(each ?? null, [...path, key]));
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

interface Known {
  readonly jumpHosts: ReadonlySet<string>;
  readonly sites: ReadonlySet<string>;
  readonly windows: ReadonlySet<string>;
}

function checkOne(declared: Declared<Settings>, known: Known, findings: Findings): void {
  const { site, windows, vars, jump } = declared.value;
  (jump ?? []).forEach((each, index) => {
    findings.refer(declared.at('jump', index), 'jump host', each, known.jumpHosts);
  });
  if (site !== undefined) findings.refer(declared.at('site'), 'site', site, known.sites);
  (windows ?? []).forEach((each, index) => {
    findings.refer(declared.at('windows', index), 'window', each, known.windows);
  });
  for (const path of plainSecrets(vars ?? {}, ['vars'])) {
    const message = 'a secret stands here as it is; only a reference to it may';
    const mend = 'write `env:NAME`, `file:PATH`, `exec:COMMAND` or `agent`, and change the secret';
    findings.report(declared.at(...path), message, mend);
  }
}

/** Sites and windows that settings name, and secrets in `vars`. */
export function checkSettings(declarations: Declarations, findings: Findings): void {
  const known: Known = {
    jumpHosts: new Set(declarations.jumpHosts.map((each) => each.name)),
    sites: new Set(declarations.sites.map((each) => each.name)),
    windows: new Set(declarations.windows.map((each) => each.name)),
  };
  const { devices, groups, sites, defaults } = declarations;
  for (const each of [...devices, ...groups, ...sites, defaults]) checkOne(each, known, findings);
}

/** A complaint about what one device ends up with. */
export function missingAt(device: Declared<DeviceEntry>, findings: Findings): Missing {
  const place: Place = device.place;
  return (message, mend) => findings.report(place, `device \`${device.name}\` ${message}`, mend);
}
