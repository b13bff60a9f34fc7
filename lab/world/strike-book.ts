import { Fault } from '../../src/kernel/fault.js';
import { suggest } from '../../src/kernel/suggest.js';
import type { FaultEffect, FaultSheet, FaultStrike, StrikeMoment } from './fault.js';

/** A strike that waits for its moment or is in force. */
export interface LiveStrike {
  readonly sheet: FaultSheet;
  readonly strike: FaultStrike;
  readonly effect: FaultEffect;
}

interface Waiting extends LiveStrike {
  readonly command: RegExp | undefined;
  seen: number;
}

/** Adjusts a sheet's effect by what the strike says. */
function effectOf(sheet: FaultSheet, strike: FaultStrike): FaultEffect {
  const effect = sheet.effect;
  const { atShare, freeBytes, hostname } = strike.params ?? {};
  if ('atShare' in effect && atShare !== undefined) return { ...effect, atShare };
  if (effect.kind === 'fill-flash' && freeBytes !== undefined) return { ...effect, freeBytes };
  if (effect.kind === 'rename' && hostname !== undefined) return { ...effect, hostname };
  return effect;
}

function compile(sheet: FaultSheet, strike: FaultStrike): RegExp | undefined {
  const source = strike.params?.command ?? sheet.strikes.command;
  if (source === undefined) return undefined;
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new Fault('lab-fault', `fault ${sheet.id}: "${source}" is no regular expression`, {
      cause,
    });
  }
}

/** The faults that are to come. Counts the moments that match, and hands a strike out when its turn is there. */
export class StrikeBook {
  private readonly sheets: ReadonlyMap<string, FaultSheet>;
  private waiting: readonly Waiting[] = [];

  constructor(sheets: readonly FaultSheet[]) {
    this.sheets = new Map(sheets.map((sheet) => [sheet.id, sheet]));
  }

  /** Fault `lab-fault` when no such fault is catalogued, or devices of this platform cannot have it. */
  add(strike: FaultStrike, platform: string): void {
    const sheet = this.sheets.get(strike.fault);
    if (!sheet) {
      const near = suggest(strike.fault, [...this.sheets.keys()]);
      const hint = near === undefined ? '' : `; did you mean "${near}"?`;
      throw new Fault('lab-fault', `no fault is called "${strike.fault}"${hint}`);
    }
    const absent = sheet.absentOn?.[platform];
    if (absent !== undefined) {
      throw new Fault('lab-fault', `${strike.device} cannot have fault ${sheet.id}: ${absent}`);
    }
    const nth = strike.nth ?? 1;
    if (!Number.isInteger(nth) || nth < 1) {
      throw new Fault('lab-fault', `fault ${sheet.id}: nth must be a whole number from 1`);
    }
    const effect = effectOf(sheet, strike);
    const live = { sheet, strike, effect, command: compile(sheet, strike), seen: 0 };
    this.waiting = [...this.waiting, live];
  }

  remove(fault: string, device: string | undefined): void {
    this.waiting = this.waiting.filter(
      ({ strike }) => strike.fault !== fault || (device !== undefined && strike.device !== device),
    );
  }

  /** The strikes whose moment this is. A one-time strike is spent by it. */
  due(on: StrikeMoment, device: string, text = ''): readonly LiveStrike[] {
    const struck = this.waiting.filter((waiting) => {
      if (waiting.sheet.strikes.on !== on || waiting.strike.device !== device) return false;
      if (waiting.command && !waiting.command.test(text)) return false;
      waiting.seen += 1;
      return waiting.seen >= (waiting.strike.nth ?? 1);
    });
    this.waiting = this.waiting.filter(
      (waiting) => !struck.includes(waiting) || waiting.strike.params?.sticky === true,
    );
    return struck;
  }
}
