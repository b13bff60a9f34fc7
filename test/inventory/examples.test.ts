import { describe, expect, test } from '@jest/globals';
import { loadInventory } from '../../src/inventory/load.js';
import { selectUnits } from '../../src/inventory/pattern.js';
import { filesIn, folderOnDisk } from './disk.js';

describe('the inventories that are shipped', () => {
  test('two-sites loads without findings', async () => {
    const directory = 'inventories/two-sites';
    const loaded = await loadInventory(filesIn(folderOnDisk(directory)), directory);
    expect(loaded.diagnostics).toEqual([]);
    if (!loaded.ok) throw new Error('not loaded');
    const units = selectUnits(loaded.value, 'access:distribution:edge');
    expect(units.map((each) => each.id)).toEqual([
      'acc-ams-1',
      'acc-ams-2',
      'acc-ams-3',
      'acc-ams-4',
      'acc-lon-1',
      'acc-lon-2',
      'acc-lon-3',
      'dist1a',
      'dist1b',
      'fw-ams-1',
      'rtr-lon-1',
      'stack-lon-1',
    ]);
    expect(units.every((each) => each.device.snmp?.port === 1161)).toBe(true);
    expect(units.every((each) => each.windows[0] === 'campus-weekend')).toBe(true);
    expect(loaded.value.units.at(-1)?.serials).toHaveLength(3);
  });
});
