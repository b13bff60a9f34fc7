const FACTORS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** A rate as people write it: `9600`, `400M`, `2.5G`. */
export const BIT_RATE_PATTERN = '^[0-9]{1,12}(\\.[0-9]{1,3})?[KMGT]?$';

/** Bits a second; undefined when the text is no rate. */
export function parseBitRate(text: string): number | undefined {
  const [, number, unit = ''] = /^([0-9]{1,12}(?:\.[0-9]{1,3})?)([KMGT]?)$/.exec(text) ?? [];
  const factor = FACTORS[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
