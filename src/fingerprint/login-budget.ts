/**
 * How often an account may be refused before it is left alone. Refusals of one device may be that device's own trouble;
 * refusals of several are an account about to be locked everywhere. Shared by all units of a run.
 */
export class LoginBudget {
  readonly #triesMax: number;
  readonly #devicesMax: number;
  /** By account: the devices that refused it since it was last accepted anywhere. */
  readonly #refusals = new Map<string, Set<string>>();
  readonly #perDevice = new Map<string, number>();
  /** Accounts that were accepted somewhere and refused nowhere since. */
  readonly #sound = new Set<string>();
  readonly #underWay = new Map<string, number>();
  #waiting: (() => void)[] = [];

  constructor(options: { readonly triesMax?: number; readonly devicesMax?: number } = {}) {
    this.#triesMax = options.triesMax ?? 3;
    this.#devicesMax = options.devicesMax ?? 3;
  }

  /** May this account be tried once more on this device? */
  allows(account: string, device: string): boolean {
    const elsewhere = this.#refusals.get(account)?.size ?? 0;
    const here = this.#perDevice.get(`${account}@${device}`) ?? 0;
    return here < this.#triesMax && elsewhere < this.#devicesMax;
  }

  /**
   * Waits until a try may begin; false when the account is to be left alone. Until an account is known to be sound, no
   * more tries are under way at once than refusals are borne, or many devices at a time would refuse it together.
   * Every `true` is followed by one `leave`.
   */
  async enter(account: string, device: string): Promise<boolean> {
    while (this.allows(account, device)) {
      const underWay = this.#underWay.get(account) ?? 0;
      const refused = this.#refusals.get(account)?.size ?? 0;
      if (this.#sound.has(account) || underWay + refused < this.#devicesMax) {
        this.#underWay.set(account, underWay + 1);
        return true;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return false;
  }

  /** The try is over, whatever came of it; tell `refused` or `accepted` before. */
  leave(account: string): void {
    this.#underWay.set(account, Math.max(0, (this.#underWay.get(account) ?? 0) - 1));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  refused(account: string, device: string): void {
    this.#sound.delete(account);
    const devices = this.#refusals.get(account) ?? new Set<string>();
    devices.add(device);
    this.#refusals.set(account, devices);
    const key = `${account}@${device}`;
    this.#perDevice.set(key, (this.#perDevice.get(key) ?? 0) + 1);
  }

  /** A login that works shows that the account is sound; this device has earned its tries back. */
  accepted(account: string, device: string): void {
    this.#sound.add(account);
    this.#refusals.delete(account);
    this.#perDevice.delete(`${account}@${device}`);
  }
}
