import type { SimDevice } from '../../src/driver/personality.js';
import { baseModel } from './personality-state.js';

/** What differs from model to model. Descriptions and object ids as Arista publishes them. */
export interface EosModel {
  readonly name: string;
  readonly description: string;
  readonly hardwareVersion: string;
  readonly sysObjectId: string;
  readonly architecture: string;
  readonly optimization: string;
  readonly memoryKb: number;
  readonly flashBytes: number;
  readonly storage: { readonly type: string; readonly model: string; readonly sizeGb: number };
  readonly powerModel: string;
  readonly powerWatts: number;
  readonly fanModel: string;
  readonly fans: number;
  readonly airflow: string;
  readonly sensors: readonly {
    readonly name: string;
    readonly limits: readonly [number, number];
  }[];
  /** Speed and type of the port, as `show interfaces status` has them. */
  readonly media: (portName: string) => { readonly speed: string; readonly type: string };
}

const DATA_CENTRE: EosModel = {
  name: 'DCS-7050SX3-48YC8',
  description: '48 25GbE SFP & 8 100GbE QSFP 1RU Switch',
  hardwareVersion: '11.02',
  sysObjectId: '1.3.6.1.4.1.30065.1.3011.7050.3741.3.48.1654.8',
  architecture: 'x86_64',
  optimization: 'Default',
  memoryKb: 8_098_984,
  flashBytes: 7_681_908_736,
  storage: { type: 'SSD', model: 'M.2 TS32GMTS', sizeGb: 32 },
  powerModel: 'PWR-500AC-F',
  powerWatts: 500,
  fanModel: 'FAN-7000-F',
  fans: 4,
  airflow: 'port-side exhaust',
  sensors: [
    { name: 'Cpu temp sensor', limits: [90, 95] },
    { name: 'Cpu board temp sensor', limits: [75, 80] },
    { name: 'Back-panel temp sensor', limits: [75, 85] },
    { name: 'Board sensor', limits: [65, 75] },
    { name: 'Front-panel temp sensor', limits: [65, 75] },
    { name: 'SwitchAsic center sensor', limits: [100, 110] },
  ],
  media: (portName) => {
    if (portName.startsWith('Management')) return { speed: 'a-1G', type: '10/100/1000' };
    if (portName.includes('/')) return { speed: '100G', type: '100GBASE-SR4' };
    return { speed: '25G', type: '25GBASE-SR' };
  },
};

const CAMPUS: EosModel = {
  name: 'CCS-720XP-48ZC2',
  description: '48 PoE 2.5GBase-T & 4 SFP25 & 2 QSFP100 Switch',
  hardwareVersion: '10.50',
  sysObjectId: '1.3.6.1.4.1.30065.1.2546.720.858.48.207.2',
  architecture: 'i686',
  optimization: 'Strata-4GB',
  memoryKb: 3_952_948,
  flashBytes: 7_306_919_936,
  storage: { type: 'eMMC', model: 'Smart Modular 16GP1A', sizeGb: 8 },
  powerModel: 'PWR-1021-AC-RED',
  powerWatts: 1050,
  fanModel: 'FAN-7000-F',
  fans: 3,
  airflow: 'port-side intake',
  sensors: [
    { name: 'Cpu temp sensor', limits: [90, 95] },
    { name: 'Inlet temp sensor', limits: [50, 60] },
    { name: 'Outlet temp sensor', limits: [65, 75] },
    { name: 'Board temp sensor', limits: [65, 75] },
    { name: 'SwitchAsic center sensor', limits: [100, 110] },
    { name: 'PoE Chip0', limits: [95, 100] },
  ],
  media: (portName) => {
    if (portName.startsWith('Management')) return { speed: 'a-1G', type: '10/100/1000' };
    if (portName.includes('/')) return { speed: '100G', type: '100GBASE-SR4' };
    const number = Number(portName.replace(/\D/g, ''));
    return number > 48
      ? { speed: '25G', type: '25GBASE-SR' }
      : { speed: 'a-2.5G', type: '2.5GBASE-T' };
  },
};

export const MODELS: readonly EosModel[] = [DATA_CENTRE, CAMPUS];

/** A model that is not in the table behaves as the data-centre switch, under its own name. */
export function modelOf(device: SimDevice): EosModel {
  const name = baseModel(device);
  return MODELS.find((model) => model.name === name) ?? { ...DATA_CENTRE, name };
}

export function modelNamed(model: string): EosModel {
  const name = model.replace(/-[FR]$/, '');
  return MODELS.find((candidate) => candidate.name === name) ?? DATA_CENTRE;
}
