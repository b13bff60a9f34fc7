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

  refused(account: string, device: string): void {
    const devices = this.#refusals.get(account) ?? new Set<string>();
    devices.add(device);
    this.#refusals.set(account, devices);
    const key = `${account}@${device}`;
    this.#perDevice.set(key, (this.#perDevice.get(key) ?? 0) + 1);
  }

  /** A login that works shows that the account is sound; this device has earned its tries back. */
  accepted(account: string, device: string): void {
    this.#refusals.delete(account);
    this.#perDevice.delete(`${account}@${device}`);
  }
}
