import type { EosModel } from './personality-models.js';
import { modelOf } from './personality-models.js';
import type { Show } from './personality-show.js';
import { ageText, chassis, uptimeMs } from './personality-state.js';

const SENSOR_HEAD: readonly string[] = [
  '                                                                 Alert  Critical',
  '                                               Temp    Setpoint  Limit     Limit',
  'Sensor  Description                             (C)         (C)    (C)       (C)',
  '------- ----------------------------------- ------- ----------- ------ ---------',
];

function sensorRow(index: number, name: string, limits: readonly [number, number]): string {
  const [alert, critical] = limits;
  const degrees = (28 + ((index * 37) % 14)).toFixed(1);
  const target = alert - 10;
  const setpoint = `(${target}) ${(target + 1.2).toFixed(1)}`;
  return `${String(index).padEnd(7)} ${name.padEnd(35)} ${degrees.padStart(7)} ${setpoint.padStart(11)} ${String(alert).padStart(6)} ${String(critical).padStart(9)}`;
}

export const showTemperature: Show = (device) => {
  const model = modelOf(device);
  const supplies = [1, 2].flatMap((slot) => [
    '',
    `PowerSupply ${slot}:`,
    ...SENSOR_HEAD,
    sensorRow(1, 'Inlet', [61, 65]),
    sensorRow(2, 'Secondary hotspot', [74, 78]),
    sensorRow(3, 'Primary hotspot', [68, 73]),
  ]);
  return [
    'System temperature status is: Ok',
    ...SENSOR_HEAD,
    ...model.sensors.map((sensor, index) => sensorRow(index + 1, sensor.name, sensor.limits)),
    ...supplies,
  ];
};

export const showCooling: Show = (device, nowMs) => {
  const model = modelOf(device);
  const up = ageText(uptimeMs(device, nowMs));
  const width = Math.max(6, up.length);
  const fans = Array.from({ length: model.fans }, (_, index) => `${index + 1}/1`);
  const row = (name: string): string =>
    `${name.padEnd(14)} ${'Ok'.padEnd(6)} ${'39%'.padStart(6)} ${'39%'.padStart(6)} ${up.padStart(width)} ${'Stable'.padEnd(9)} ${up.padStart(width)}`;
  return [
    'System cooling status is: Ok',
    'Ambient temperature: 28C',
    `Airflow: ${model.airflow}`,
    'Number of cooling zones is: 1',
    `${' '.repeat(22)}Config Actual ${' '.repeat(width)} ${'Speed'.padStart(9)} ${'Stable'.padStart(width)}`,
    `${'Fan'.padEnd(14)} Status  Speed  Speed ${'Uptime'.padStart(width)} Stability ${'Uptime'.padStart(width)}`,
    `-------------- ------ ------ ------ ${'-'.repeat(width)} --------- ${'-'.repeat(width)}`,
    ...[...fans, 'PowerSupply1/1', 'PowerSupply2/1'].map(row),
  ];
};

export const showPower: Show = (device, nowMs) => {
  const model = modelOf(device);
  const up = ageText(uptimeMs(device, nowMs));
  const width = Math.max(7, up.length);
  const row = (slot: number): string =>
    `${String(slot).padEnd(6)} ${model.powerModel.padEnd(15)} ${`${model.powerWatts}W`.padStart(8)} ${'0.45A'.padStart(7)} ${'7.81A'.padStart(7)} ${'95.0W'.padStart(6)} ${'Ok'.padEnd(6)} ${up.padStart(width)}`;
  return [
    'Power                            Input  Output  Output',
    `Supply Model           Capacity Current Current  Power Status ${'Uptime'.padStart(width)}`,
    `------ --------------- -------- ------- ------- ------ ------ ${'-'.repeat(width)}`,
    row(1),
    row(2),
    `Total  ${'--'.padEnd(15)} ${`${model.powerWatts * 2}W`.padStart(8)} ${'--'.padStart(7)} ${'--'.padStart(7)} 190.0W ${'--'.padEnd(6)} ${'--'.padStart(width)}`,
  ];
};

export const showEnvironment: Show = (device, nowMs) => [
  ...showTemperature(device, nowMs),
  '',
  ...showCooling(device, nowMs),
  '',
  ...showPower(device, nowMs),
];

/** A serial number for a part that nothing else in the lab knows. */
function partSerial(serial: string, suffix: string): string {
  return `${serial.slice(0, 8)}${suffix}`;
}

function transceiverRows(model: EosModel, serial: string, ports: readonly string[]): string[] {
  return ports.map((name) => {
    const slot = name.replace('Ethernet', '').replace(/\/1$/, '');
    const part = partSerial(serial, slot.padStart(3, '0'));
    const type = model.media(name).type;
    if (type.endsWith('GBASE-T')) return `${slot.padEnd(4)} Arista Networks  ${model.name}`;
    const optic = type.startsWith('100G') ? 'QSFP-100G-SR4' : 'SFP-25G-SR';
    return `${slot.padEnd(4)} Arista Networks  ${optic.padEnd(16)} ${part.padEnd(16)} 0002`;
  });
}

export const showInventory: Show = (device) => {
  const model = modelOf(device);
  const { serial } = chassis(device);
  const ports = device.ports.map((port) => port.name).filter((name) => name.startsWith('Eth'));
  const fans = Array.from(
    { length: model.fans },
    (_, index) =>
      `${String(index + 1).padEnd(7)} ${'1'.padEnd(15)} ${model.fanModel.padEnd(16)} N/A`,
  );
  return [
    'System information',
    '    Model                    Description',
    '    ------------------------ ----------------------------------------------------',
    `    ${model.name.padEnd(24)} ${model.description}`,
    '',
    '    HW Version  Serial Number  Mfg Date   Epoch',
    '    ----------- -------------- ---------- -----',
    `    ${model.hardwareVersion.padEnd(11)} ${serial.padEnd(14)} 2021-05-14 01.00`,
    '',
    'System has 2 power supply slots',
    '    Slot Model            Serial Number',
    '    ---- ---------------- ----------------',
    ...[1, 2].map(
      (slot) => `    ${slot}    ${model.powerModel.padEnd(16)} ${partSerial(serial, `P${slot}`)}`,
    ),
    '',
    `System has ${model.fans} fan modules`,
    '    Module  Number of Fans  Model            Serial Number',
    '    ------- --------------- ---------------- ----------------',
    ...fans.map((row) => `    ${row}`),
    '',
    `System has ${ports.length + 1} ports`,
    '    Type               Count',
    '    ------------------ ----',
    '    Management         1',
    `    Switched           ${ports.length}`,
    '',
    `System has ${ports.length} switched transceiver slots`,
    '    Port Manufacturer     Model            Serial Number    Rev',
    '    ---- ---------------- ---------------- ---------------- ----',
    ...transceiverRows(model, serial, ports).map((row) => `    ${row}`),
    '',
    'System has 1 storage device',
    '    Mount      Type Model                Serial Number Rev Size (GB)',
    '    ---------- ---- -------------------- ------------- --- ---------',
    `    /mnt/flash ${model.storage.type.padEnd(4)} ${model.storage.model.padEnd(20)} ${partSerial(serial, 'S1').padEnd(13)} 1.0 ${model.storage.sizeGb}`,
  ];
};
