/** What is needed to say in a few words how a unit changes. */
export interface ChangeInWords {
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly config?: { readonly diff: readonly { readonly sign: string }[] } | undefined;
}

/** What was done to units of which these change: `upgraded`, `configured`, or `changed` where they differ. */
export function changedWord(units: readonly ChangeInWords[]): string {
  const words = new Set(
    units.map(({ fromVersion, toVersion, config }) => {
      if (fromVersion === toVersion) return 'configured';
      return config ? 'upgraded, configured' : 'upgraded';
    }),
  );
  const [word = 'changed'] = words;
  return words.size === 1 ? word : 'changed';
}

/** `4.28.3M → 4.31.2F, config +3 -1`; the version alone where only the configuration changes. */
export function changeWords(change: ChangeInWords, arrow: string): string {
  const { fromVersion, toVersion, config } = change;
  const version = fromVersion === toVersion ? fromVersion : `${fromVersion} ${arrow} ${toVersion}`;
  if (!config) return version;
  const lines = (sign: string) => config.diff.filter((each) => each.sign === sign).length;
  return `${version}, config +${lines('+')} -${lines('-')}`;
}
