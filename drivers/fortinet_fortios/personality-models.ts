/** What differs from model to model, as the data sheets and the MIB have it. */
export interface FortiModel {
  readonly name: string;
  /** In image names and in the configuration's first line. */
  readonly code: string;
  /** In `diagnose sys flash list`. */
  readonly flashCode: string;
  readonly partNumber: string;
  readonly biosVersion: string;
  readonly sysObjectId: string;
  readonly memoryKb: number;
  readonly cpus: number;
  readonly flashBytes: number;
  readonly hasDisk: boolean;
  readonly heartbeats: readonly [string, string];
  readonly management: string;
  readonly sensors: readonly { readonly name: string; readonly value: string }[];
}

const SMALL: FortiModel = {
  name: 'FortiGate-60F',
  code: 'FGT60F',
  flashCode: 'FGT60F',
  partNumber: 'P24286-03',
  biosVersion: '05000030',
  sysObjectId: '1.3.6.1.4.1.12356.101.1.644',
  memoryKb: 1_914_880,
  cpus: 8,
  flashBytes: 3_640_000_000,
  hasDisk: false,
  heartbeats: ['a', 'b'],
  management: 'internal',
  sensors: [
    { name: '+1.05V_CPU', value: '1.0420' },
    { name: '+3.3V', value: '3.2928' },
    { name: 'DTS CPU', value: '57' },
    { name: 'TMP75 Board', value: '41' },
  ],
};

const MIDDLE: FortiModel = {
  name: 'FortiGate-100F',
  code: 'FG100F',
  flashCode: 'FG100F',
  partNumber: 'P24589-04',
  biosVersion: '05000012',
  sysObjectId: '1.3.6.1.4.1.12356.101.1.1006',
  memoryKb: 4_047_872,
  cpus: 8,
  flashBytes: 3_900_000_000,
  hasDisk: false,
  heartbeats: ['ha1', 'ha2'],
  management: 'mgmt',
  sensors: [
    { name: '+3.3VSB', value: '3.3120' },
    { name: '+12V', value: '12.096' },
    { name: 'CPU Core 0', value: '54' },
    { name: 'TD1', value: '38' },
    { name: 'FAN1', value: '5500' },
    { name: 'FAN2', value: '5600' },
    { name: 'PS1 Status', value: '0' },
    { name: 'PS2 Status', value: '0' },
  ],
};

const LARGE: FortiModel = {
  ...MIDDLE,
  name: 'FortiGate-200F',
  code: 'FG200F',
  flashCode: 'FG200F',
  partNumber: 'P25002-02',
  biosVersion: '05000018',
  sysObjectId: '1.3.6.1.4.1.12356.101.1.2008',
  memoryKb: 8_142_848,
  flashBytes: 4_200_000_000,
};

export const MODELS: readonly FortiModel[] = [SMALL, MIDDLE, LARGE];

/** `FGT60F` of `FortiGate-60F`, `FG100F` of `FortiGate-100F`: short names have a T. */
function codeOf(model: string): string {
  const short = model.replace(/^Forti(Gate|WiFi)-?/, '');
  return short.length <= 3 ? `FGT${short}` : `FG${short}`;
}

/** A model that is not in the table behaves as the middle one, under its own name. */
export function modelNamed(name: string): FortiModel {
  const known = MODELS.find((model) => model.name === name);
  return known ?? { ...MIDDLE, name, code: codeOf(name), flashCode: codeOf(name) };
}

/** `FGT_60F`, as image files are named. */
export function imageCode(name: string): string {
  return `FGT_${name.replace(/^Forti(Gate|WiFi)-?/, '').replaceAll('-', '_')}`;
}
