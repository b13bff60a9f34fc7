/** What evaluating one check came to. `broken`: the expression could not be evaluated on this state. */
export type CheckOutcome =
  | { readonly kind: 'passed'; readonly name: string }
  | { readonly kind: 'failed'; readonly name: string; readonly why: string }
  | { readonly kind: 'broken'; readonly name: string; readonly why: string };
