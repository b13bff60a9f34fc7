/** What a night must keep too and is not held against yet, and the part that is missing for it. */
export const pending: readonly {
  readonly number: number;
  readonly title: string;
  readonly needs: string;
}[] = [
  { number: 3, title: 'two persons', needs: 'reviews in a drawn night' },
  { number: 6, title: 'capacity', needs: 'demands and capacities in the network of the proof' },
  { number: 7, title: 'one further failure', needs: 'the proof asked again at every event' },
  { number: 24, title: 'escalation', needs: 'notices in a drawn night' },
  { number: 28, title: 'order', needs: 'the management path of every device in the plan' },
];
