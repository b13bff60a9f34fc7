/** What a night must keep too and is not held against yet, and the part that is missing for it. */
export const pending: readonly {
  readonly number: number;
  readonly title: string;
  readonly needs: string;
}[] = [
  { number: 2, title: 'approval', needs: 'every typed line told apart by the step that sent it' },
  { number: 3, title: 'two persons', needs: 'reviews in a drawn night' },
  {
    number: 5,
    title: 'reachability',
    needs: 'declared flows and their allowed outage in the plan',
  },
  { number: 6, title: 'capacity', needs: 'declared flows in the drawn network' },
  { number: 7, title: 'one further failure', needs: 'the proof asked again at every event' },
  { number: 10, title: 'right image', needs: 'hashes of the files in the flash of a lab device' },
  { number: 11, title: 'space', needs: 'free space of the flash at the first byte of a copy' },
  { number: 12, title: 'fallback', needs: 'what a lab device could still boot, before its reload' },
  { number: 13, title: 'backup', needs: 'the books of the store told to the witnesses' },
  { number: 15, title: 'unknown is unknown', needs: 'lines typed, by attempt of a step' },
  { number: 17, title: 'crash and resume', needs: 'the same night without its crashes beside it' },
  { number: 24, title: 'escalation', needs: 'notices in a drawn night' },
  { number: 27, title: 'identity', needs: 'host keys and serials told to the witnesses' },
  { number: 28, title: 'order', needs: 'the management path of every device in the plan' },
];
