/** A flow and the command that measures it. */
export interface ProbedFlow {
  readonly name: string;
  /** A program and its arguments; it prints the loss in percent. */
  readonly command: string;
}

/** What a measurement came to. */
export type FlowReading =
  | { readonly kind: 'measured'; readonly lossPercent: number }
  | { readonly kind: 'unmeasured'; readonly why: string };

/** Measures how much of a flow is lost right now. */
export interface FlowProbe {
  measure(flow: ProbedFlow): Promise<FlowReading>;
}
