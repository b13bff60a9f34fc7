import { describe, expect, test } from '@jest/globals';
import { LoginBudget } from '../../src/fingerprint/login-budget.js';

async function refuse(budget: LoginBudget, device: string): Promise<boolean> {
  if (!(await budget.enter('admin', device))) return false;
  budget.refused('admin', device);
  budget.leave('admin');
  return true;
}

describe('a login budget', () => {
  test('leaves an account alone that three devices refused', async () => {
    const budget = new LoginBudget();
    const tried: boolean[] = [];
    for (const device of ['a', 'b', 'c', 'd']) tried.push(await refuse(budget, device));
    expect(tried).toEqual([true, true, true, false]);
    expect(budget.allows('other', 'd')).toBe(true);
  });

  test('leaves a device alone that refused three times', async () => {
    const budget = new LoginBudget({ devicesMax: 9 });
    const tried: boolean[] = [];
    for (let each = 0; each < 4; each += 1) tried.push(await refuse(budget, 'a'));
    expect(tried).toEqual([true, true, true, false]);
    expect(budget.allows('admin', 'b')).toBe(true);
  });

  test('is whole again when the account was accepted anywhere', async () => {
    const budget = new LoginBudget();
    await refuse(budget, 'a');
    await refuse(budget, 'b');
    budget.accepted('admin', 'c');
    expect(await refuse(budget, 'd')).toBe(true);
    expect(await refuse(budget, 'e')).toBe(true);
  });

  test('lets no more tries be under way than refusals are borne, until one is accepted', async () => {
    const budget = new LoginBudget();
    const begun: string[] = [];
    const devices = ['a', 'b', 'c', 'd', 'e'];
    const all = devices.map(async (device) => {
      if (await budget.enter('admin', device)) begun.push(device);
    });
    await Promise.all(all.slice(0, 3));
    expect(begun).toEqual(['a', 'b', 'c']);
    budget.accepted('admin', 'a');
    budget.leave('admin');
    await Promise.all(all);
    expect(begun).toEqual(devices);
  });

  test('gives the place of a silent device to the next one', async () => {
    const budget = new LoginBudget({ devicesMax: 1 });
    await budget.enter('admin', 'a');
    const next = budget.enter('admin', 'b');
    budget.leave('admin');
    await expect(next).resolves.toBe(true);
  });
});
