import { describe, expect, test } from '@jest/globals';
import { CARD_HOLES } from '../../src/driver/recovery.js';
import { unitCard } from '../../src/plan/unit-card.js';
import { renderCards } from '../../src/report/render-cards.js';
import { each } from './conformer.js';
import { scenarios } from './scenario.js';

const DESTROYS = /\b(?:erase|format|fullrecover|factory|zeroize|emergency-install|rm -)/i;

describe.each(each)('the recovery card of %s', (id, { driver }) => {
  const card = driver.recovery;
  const texts = card
    ? [
        ...card.console,
        ...card.sights.flatMap(({ shows, means }) => [shows, means]),
        ...card.steps.flatMap(({ title, type }) => [title, ...type]),
        ...card.success,
      ]
    : [];

  test('is there, says how the loader looks, what to type, how success looks, and where that is from', () => {
    expect(card?.console.length).toBeGreaterThan(0);
    expect(card?.sights.length).toBeGreaterThan(2);
    expect(card?.steps.some(({ type }) => type.length > 0)).toBe(true);
    expect(card?.success.join()).toContain('<old version>');
    expect(card?.sources.every((one) => /^https?:/.test(one))).toBe(true);
  });

  test('has no hole that no plan fills', () => {
    const holes = texts.flatMap((text) => [...text.matchAll(/<([^>]+)>/g)].map(([, name]) => name));
    expect(holes.filter((name) => !CARD_HOLES.some((known) => known === name))).toEqual([]);
  });

  test('tells nobody to type what destroys, and names what does', () => {
    const typed = card?.steps.flatMap(({ type }) => type) ?? [];
    expect(typed.filter((line) => DESTROYS.test(line))).toEqual([]);
    expect(card?.never.some(({ type, because }) => DESTROYS.test(type + because))).toBe(true);
  });

  test('is filled in for a unit: the versions, the address, and the console with its last answer', () => {
    const plan = scenarios.find(({ one }) => one.id === id)?.inputs.plan.body.units[0];
    expect(plan && card).toBeDefined();
    if (!plan || !card) return;
    const outOfBand = {
      address: '192.0.2.7',
      port: 7001,
      kind: 'console',
      note: 'line 7',
    } as const;
    const lastTest = {
      unit: plan.unit,
      atMs: 0,
      address: '192.0.2.7',
      port: 7001,
      answered: true,
      detail: '',
    };
    const filled = unitCard(plan, card, { unit: plan.unit, outOfBand, lastTest, lastSuccessMs: 0 });
    const text = JSON.stringify(filled);
    for (const part of [
      plan.fromVersion,
      plan.address,
      'console 192.0.2.7 port 7001 (line 7), answered last 1970-01-01',
    ])
      expect(text).toContain(part);
    for (const hole of CARD_HOLES) expect(text).not.toContain(`<${hole}>`);
    expect(renderCards([filled])).toContain(filled.title);
    const none = { unit: plan.unit, outOfBand: undefined, lastTest: undefined } as const;
    const without = unitCard(plan, card, { ...none, lastSuccessMs: undefined });
    expect(JSON.stringify(without)).toContain('address is in the inventory');
    expect(JSON.stringify(unitCard(plan, card, undefined))).toContain('was ever tested');
  });
});
