import type { SimDevice } from '../../src/driver/personality.js';
import { masterEngine } from './personality-state.js';

/** What differs from model to model. Object ids of JUNIPER-CHASSIS-DEFINES-MIB. */
export interface JunosModel {
  /** As `show version` prints it. */
  readonly name: string;
  /** As `show chassis hardware` prints it. */
  readonly chassis: string;
  readonly kind: 'router' | 'switch';
  /** Junos runs as a guest of a Linux host: upgrades go by `request vmhost`. */
  readonly isVmhost: boolean;
  readonly engine: string;
  readonly enginePart: string;
  readonly image: (version: string) => string;
  readonly architecture: string;
  readonly sysObjectId: string;
  readonly memoryMb: number;
  readonly storageBytes: number;
  readonly managementPort: string;
  readonly cards: readonly { readonly part: string; readonly name: string }[];
}

const GIB = 1024 ** 3;

const ROUTER: JunosModel = {
  name: 'mx480',
  chassis: 'MX480',
  kind: 'router',
  isVmhost: false,
  engine: 'RE-S-1800x4',
  enginePart: '740-031116',
  image: (version) => `junos-install-mx-x86-64-${version}.tgz`,
  architecture: 'amd64',
  sysObjectId: '1.3.6.1.4.1.2636.1.1.1.2.25',
  memoryMb: 16_384,
  storageBytes: 29 * GIB,
  managementPort: 'fxp0',
  cards: [
    { part: '750-056519', name: 'MPC 3D 16x 10GE' },
    { part: '750-028467', name: 'MPC 3D 16x 10GE' },
  ],
};

const vmhostImage = (version: string) => `junos-vmhost-install-mx-x86-64-${version}.tgz`;

const VMHOST: JunosModel = {
  ...ROUTER,
  name: 'mx204',
  chassis: 'MX204',
  isVmhost: true,
  engine: 'RE-S-1600x8',
  enginePart: 'BUILTIN',
  image: vmhostImage,
  sysObjectId: '1.3.6.1.4.1.2636.1.1.1.2.144',
  memoryMb: 16_384,
  storageBytes: 19 * GIB,
  cards: [{ part: 'BUILTIN', name: 'MPC7 3D MRATE-20xXGE-XQSFP' }],
};

const SWITCH: JunosModel = {
  name: 'ex4300-48t',
  chassis: 'EX4300-48T',
  kind: 'switch',
  isVmhost: false,
  engine: 'EX4300-48T',
  enginePart: '650-044931',
  image: (version) => `jinstall-ex-4300-${version}-signed.tgz`,
  architecture: 'powerpc',
  sysObjectId: '1.3.6.1.4.1.2636.1.1.1.2.63',
  memoryMb: 2048,
  storageBytes: Math.floor(2.8 * GIB),
  managementPort: 'me0',
  cards: [{ part: '650-044931', name: 'EX4300-48T' }],
};

const arm = (version: string) => `junos-arm-32-${version}.tgz`;

export const MODELS: readonly JunosModel[] = [
  ROUTER,
  { ...ROUTER, name: 'mx240', chassis: 'MX240', sysObjectId: '1.3.6.1.4.1.2636.1.1.1.2.29' },
  { ...ROUTER, name: 'mx960', chassis: 'MX960', sysObjectId: '1.3.6.1.4.1.2636.1.1.1.2.21' },
  VMHOST,
  {
    ...VMHOST,
    name: 'mx10003',
    chassis: 'MX10003',
    engine: 'RE-S-1600x8',
    sysObjectId: '1.3.6.1.4.1.2636.1.1.1.2.139',
  },
  SWITCH,
  {
    ...SWITCH,
    name: 'ex3400-48t',
    chassis: 'EX3400-48T',
    engine: 'EX3400-48T',
    enginePart: '650-059878',
    image: arm,
    architecture: 'arm',
    sysObjectId: '1.3.6.1.4.1.2636.1.1.1.2.131',
    cards: [{ part: '650-059878', name: 'EX3400-48T' }],
  },
];

const familyOf = (name: string) => /^[a-z]+\d+/.exec(name)?.[0] ?? name;

/** The model of that name, or its nearest relative under that name. Undefined image kinds do not exist: the family decides. */
export function modelNamed(model: string): JunosModel {
  const name = model.toLowerCase();
  const own = MODELS.find((each) => each.name === name);
  if (own) return own;
  const family = MODELS.find((each) => familyOf(each.name) === familyOf(name));
  const near = family ?? MODELS.find((each) => name.startsWith(each.name.slice(0, 2))) ?? ROUTER;
  return { ...near, name, chassis: model.toUpperCase() };
}

const X6: Partial<JunosModel> = {
  isVmhost: true,
  engine: 'RE-S-2X00x6',
  enginePart: '750-072925',
  image: vmhostImage,
  memoryMb: 65_536,
  storageBytes: 19 * GIB,
};

/** The model as it stands in the rack: a chassis that runs a vmhost package has routing engines of that kind. */
export function modelOf(device: SimDevice): JunosModel {
  const model = modelNamed(device.model);
  const { file } = masterEngine(device).running;
  return !model.isVmhost && file.includes('vmhost') ? { ...model, ...X6 } : model;
}
