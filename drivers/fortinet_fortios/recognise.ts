import type { Evidence, Match } from '../../src/driver/driver.js';
import { parseStatus } from './parse.js';
import { platform } from './platform.js';
import { versions } from './versions.js';

const SYS_NAME = '1.3.6.1.2.1.1.5.0';
/** fnSysSerial, fgSysVersion, entPhysicalDescr, -ModelName and -SerialNum of the chassis. */
const FORTINET_SERIAL = '1.3.6.1.4.1.12356.100.1.1.1.0';
const FORTIGATE_VERSION = '1.3.6.1.4.1.12356.101.4.1.1.0';
const CHASSIS_DESCR = '1.3.6.1.2.1.47.1.1.1.1.2.1';
const CHASSIS_SERIAL = '1.3.6.1.2.1.47.1.1.1.1.11.1';
const CHASSIS_SOFTWARE = '1.3.6.1.2.1.47.1.1.1.1.10.1';
const CHASSIS_MODEL = '1.3.6.1.2.1.47.1.1.1.1.13.1';
/** More than this of any text is not looked at. */
const TEXT_MAX = 200_000;
const VALUE_MAX = 300;

const MODEL_CODE = /^(FGT|FGR|FWF|FGVM)_?([A-Z0-9_]{1,30})$/;
const FAMILIES: Readonly<Record<string, string>> = {
  FGT: 'FortiGate-',
  FGR: 'FortiGateRugged-',
  FWF: 'FortiWiFi-',
  FGVM: 'FortiGate-VM',
};

/** `FortiGate-60F` of `FGT_60F`. */
function modelOfCode(code: string): string | undefined {
  const match = MODEL_CODE.exec(code);
  const family = FAMILIES[match?.[1] ?? ''];
  return family === undefined ? undefined : `${family}${(match?.[2] ?? '').replaceAll('_', '-')}`;
}

function value(evidence: Evidence, oid: string): string {
  return (evidence.oids?.[oid] ?? '').slice(0, VALUE_MAX).trim();
}

function hostOf(evidence: Evidence): string | undefined {
  const name = value(evidence, SYS_NAME);
  if (/^[\w.-]{1,253}$/.test(name)) return name;
  const prompt = (evidence.prompt ?? '').slice(-200).trim();
  for (const mode of platform.dialect.modes) {
    const host = mode.prompt.exec(prompt)?.groups?.['host'];
    if (host !== undefined) return host;
  }
  return undefined;
}

function byStatus(evidence: Evidence): Match | undefined {
  const shown = parseStatus((evidence.outputs?.['get system status'] ?? '').slice(0, TEXT_MAX));
  if (!shown) return undefined;
  const version = versions.parse(shown.version)?.normal;
  const hostname = shown.hostname ?? hostOf(evidence);
  return {
    confidence: 'certain',
    reason: '`get system status` is of FortiOS',
    model: shown.model,
    ...(version === undefined ? {} : { version }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(shown.serial === undefined ? {} : { serials: [shown.serial] }),
  };
}

/** `FGT_60F` of `Fortinet FGT_60F, HW Serial#: ...`. */
function chassisOf(evidence: Evidence): string | undefined {
  return /^Fortinet ((?:FGT|FGR|FWF|FGVM)_?[A-Z0-9_]{1,30}), HW Serial#/.exec(
    value(evidence, CHASSIS_DESCR),
  )?.[1];
}

function snmpVersion(evidence: Evidence, chassis: string | undefined): string | undefined {
  const own = versions.parse(value(evidence, FORTIGATE_VERSION));
  if (own || chassis === undefined) return own?.normal;
  const software = value(evidence, CHASSIS_SOFTWARE);
  return versions.parse(software.replace(/^Forti(?:Gate|WiFi)[\w-]{0,30} /, ''))?.normal;
}

function snmpSerials(evidence: Evidence): Pick<Match, 'serials'> {
  const serial = value(evidence, FORTINET_SERIAL) || value(evidence, CHASSIS_SERIAL);
  return /^[A-Z][A-Z0-9-]{7,31}$/i.test(serial) ? { serials: [serial] } : {};
}

function bySnmp(evidence: Evidence): Match | undefined {
  const chassis = chassisOf(evidence);
  const version = snmpVersion(evidence, chassis);
  if (version === undefined && chassis === undefined) return undefined;
  const model = modelOfCode(chassis ?? value(evidence, CHASSIS_MODEL));
  const hostname = hostOf(evidence);
  return {
    confidence: 'certain',
    reason:
      version === undefined
        ? 'SNMP describes a FortiGate chassis'
        : 'SNMP gives the FortiGate version',
    ...(version === undefined ? {} : { version }),
    ...(model === undefined ? {} : { model }),
    ...(hostname === undefined ? {} : { hostname }),
    ...snmpSerials(evidence),
  };
}

/** sysDescr is free text on a FortiGate; some say what they are all the same. */
function bySysDescr(evidence: Evidence): Match | undefined {
  const match =
    /^(Forti(?:Gate|WiFi)[\w-]{1,30}) (v\d{1,2}\.\d{1,2}\.\d{1,3},build\d{4,5}[^\n]{0,40})$/.exec(
      (evidence.sysDescr ?? '').slice(0, VALUE_MAX).trim(),
    );
  const version = versions.parse(match?.[2] ?? '');
  if (!match?.[1] || !version) return undefined;
  const hostname = hostOf(evidence);
  return {
    confidence: 'certain',
    reason: 'sysDescr names a FortiGate and its version',
    version: version.normal,
    model: match[1],
    ...(hostname === undefined ? {} : { hostname }),
  };
}

/** The first line of a configuration: `#config-version=FGT60F-7.2.8-FW-build1639-240313:opmode=0...`. */
function byConfig(evidence: Evidence): Match | undefined {
  const match =
    /^\s{0,20}#config-version=((?:FG|FW)[A-Z0-9]{2,20})-(\d{1,2}\.\d{1,2}\.\d{1,3})-FW-build\d{4,5}/m.exec(
      (evidence.outputs?.['show'] ?? '').slice(0, 2000),
    );
  const version = versions.parse(match?.[2] ?? '');
  if (!version) return undefined;
  const hostname = hostOf(evidence);
  return {
    confidence: 'certain',
    reason: 'the configuration begins as that of a FortiGate',
    version: version.normal,
    ...(hostname === undefined ? {} : { hostname }),
  };
}

/** The enterprise number alone: the vendor's other products share it. */
function byObjectId(evidence: Evidence): Match | undefined {
  const id = (evidence.sysObjectId ?? '').slice(0, VALUE_MAX).trim().replace(/^\./, '');
  const isOurs = platform.sysObjectIds.some((each) => id === each || id.startsWith(`${each}.`));
  if (!isOurs) return undefined;
  const hostname = hostOf(evidence);
  return {
    confidence: 'possible',
    reason: 'sysObjectID is of a FortiGate',
    ...(hostname === undefined ? {} : { hostname }),
  };
}

/** Promises of `Driver.recognise`. */
export function recognise(evidence: Evidence): Match | undefined {
  return (
    byStatus(evidence) ??
    bySnmp(evidence) ??
    bySysDescr(evidence) ??
    byConfig(evidence) ??
    byObjectId(evidence)
  );
}
