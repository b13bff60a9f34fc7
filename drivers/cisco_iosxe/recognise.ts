import type { Evidence, Match } from '../../src/driver/driver.js';
import { parseInventory, parseShowVersion, serialsOf } from './parse.js';
import { versions } from './versions.js';

const SYS_DESCR_MAX = 4096;
const OTHER_SYSTEM =
  /Cisco IOS XR|Cisco NX-OS|NX-OS\(tm\)|Nexus Operating System|Adaptive Security Appliance/i;
/** Only IOS-XE says so: its own name, the image family of Catalyst 9000 and 3x50, or IOS run as a Linux process. */
const OWN_NAME =
  /Cisco IOS[- ]XE Software|, IOS-XE Software,|\((?:CAT9K(?:_LITE)?_IOSXE|CAT3K_CAA-[\w-]+)\)|_LINUX_IOSD-|Cisco IOS Software \[[A-Za-z ]*\],/;
/** Hardware that runs nothing but IOS-XE. */
const OWN_HARDWARE =
  /^(?:C9[2-6]\d{2}[A-Z]*-|C9[2-6]\d{2}R|WS-C3[68]50-|ISR4\d{3}|ASR10\d{2}|C8[0235]\d{2}[A-Z]*|CSR1000V|C11\d{2}-|ASR-9(?:0[237]|20)-|IE-3[1-4]\d{2}-)/;
const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';
const CLASS_CHASSIS = '3';

/** Some agents hand out text as hexadecimal digits. */
function plain(text: string): string {
  const cut = text.slice(0, SYS_DESCR_MAX);
  if (!/^0x(?:[0-9a-f]{2})+$/i.test(cut)) return cut;
  return cut.slice(2).replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}

/** As people write it where it is a release, as it was printed where it is not. */
function shown(version: string | undefined): { readonly version?: string } {
  if (version === undefined || version === '') return {};
  return { version: versions.parse(version)?.normal ?? version };
}

function fromSysDescr(sysDescr: string): Match | undefined {
  if (OTHER_SYSTEM.test(sysDescr)) return undefined;
  const version = /\bVersion ([A-Za-z0-9][\w.():-]{2,60})/.exec(sysDescr)?.[1];
  if (OWN_NAME.test(sysDescr)) {
    return { confidence: 'certain', reason: 'sysDescr names IOS-XE', ...shown(version) };
  }
  // PROFINET form of industrial switches: vendor, order number, serial, hardware revision, V x y z.
  const profinet = /^Cisco\s+(\S+)\s+(\S{8,16})\s+\d+\s+V\s+(\d+)\s+(\d+)\s+(\d+)\s*$/.exec(
    sysDescr,
  );
  if (!profinet || Number(profinet[3]) < 16) return undefined;
  return {
    confidence: 'likely',
    reason: 'sysDescr in PROFINET form with a release that only IOS-XE has',
    ...shown(`${profinet[3]}.${profinet[4]}.${profinet[5]}`),
    model: profinet[1] ?? '',
    serials: [profinet[2] ?? ''],
  };
}

/** Model and serials of the chassis in the entity table. */
function fromEntities(oids: Readonly<Record<string, string>>): {
  readonly model?: string;
  readonly serials?: readonly string[];
} {
  const column = (number: number, index: string) =>
    oids[`${ENTITY}.${number}.${index}`]?.trim() ?? '';
  const indices = Object.keys(oids)
    .filter((oid) => oid.startsWith(`${ENTITY}.13.`))
    .map((oid) => oid.slice(ENTITY.length + 4))
    .filter((index) => /^\d{1,10}$/.test(index) && column(13, index) !== '')
    .toSorted((a, b) => Number(a) - Number(b));
  const chassis = indices.filter((index) => column(5, index) === CLASS_CHASSIS);
  const chosen = chassis.length > 0 ? chassis : indices.slice(0, 1);
  const model = chosen[0] === undefined ? '' : column(13, chosen[0]);
  const serials = [
    ...new Set(chosen.map((index) => column(11, index)).filter((each) => each !== '')),
  ];
  return {
    ...(model === '' ? {} : { model }),
    ...(serials.length === 0 ? {} : { serials: serials.toSorted() }),
  };
}

function fromShowVersion(text: string): Match | undefined {
  const head = text.slice(0, 8192);
  if (OTHER_SYSTEM.test(head) || !OWN_NAME.test(head)) return undefined;
  const seen = parseShowVersion(text);
  const serials = serialsOf(seen);
  return {
    confidence: 'certain',
    reason: '`show version` names IOS-XE',
    ...shown(seen.release ?? seen.iosVersion),
    ...(seen.model === undefined ? {} : { model: seen.model }),
    ...(serials.length === 0 ? {} : { serials }),
    ...(seen.hostname === undefined ? {} : { hostname: seen.hostname }),
  };
}

function fromInventory(text: string): Match | undefined {
  const parts = parseInventory(text.slice(0, 200_000));
  const chassis = parts.filter((each) =>
    /^(?:Chassis(?: \d+)?|Switch \d+(?: Chassis)?|c\w{3,8} Stack)$/i.test(each.name),
  );
  const first = chassis[0];
  if (!first || !chassis.every((each) => OWN_HARDWARE.test(each.productId))) return undefined;
  const serials = [...new Set(chassis.map((each) => each.serial).filter((each) => each !== ''))];
  return {
    confidence: 'likely',
    reason: `${first.productId} runs nothing but IOS-XE`,
    model: first.productId,
    ...(serials.length === 0 ? {} : { serials: serials.toSorted() }),
  };
}

/** Tells IOS-XE from classic IOS, NX-OS and IOS XR by what the software calls itself, never by sysObjectID alone. */
export function recognise(evidence: Evidence): Match | undefined {
  const oids = evidence.oids ?? {};
  const outputs = evidence.outputs ?? {};
  const fromCli =
    fromShowVersion(outputs['show version'] ?? '') ??
    fromInventory(outputs['show inventory'] ?? '');
  const fromSnmp = fromSysDescr(plain(evidence.sysDescr ?? oids[SYS_DESCR] ?? ''));
  if (fromSnmp === undefined) return fromCli;
  return { ...fromSnmp, ...fromEntities(oids), ...fromCli };
}
