/**
 * How often an account may be refused before it is left alone. One refusal may be one device's; a few of them are an
 * account about to be locked everywhere. Shared by all units of a run.
 */
export class LoginBudget {
  readonly #most: number;
  readonly #refusals = new Map<string, number>();

  constructor(most = 3) {
    this.#most = most;
  }

  /** May this account be tried once more? */
  allows(account: string): boolean {
    return (this.#refusals.get(account) ?? 0) < this.#most;
  }

  refused(account: string): void {
    this.#refusals.set(account, (this.#refusals.get(account) ?? 0) + 1);
  }

  /** A login that works shows that the account is sound. */
  accepted(account: string): void {
    this.#refusals.delete(account);
  }
}
