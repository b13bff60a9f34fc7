import type { Json } from '../kernel/json.js';
import type { FileSource, TransferMethod, UploadOutcome } from '../ports/dialer.js';
import type { CliSession, CommandLimits, CommandOutcome, Dialog } from '../session/dialect.js';

export type Disruption = 'nothing' | 'control plane' | 'forwarding' | 'whole device';

/** Where in the life of an upgrade a step stands; the engine puts its gates between phases. */
export type Phase =
  | 'prepare' // backup, space: before anything is copied
  | 'stage' // copy and hash: no effect on forwarding, may run before the window
  | 'drain' // traffic away
  | 'arm' // hash again, boot changes
  | 'activate' // the reload
  | 'verify' // version, members
  | 'undrain' // traffic back
  | 'configure' // configuration changes, under the device's own timed revert
  | 'commit'; // after the post-checks: make it permanent, save

/** A value known only at run time, shown to the board as `<name>`. */
export interface Hole {
  readonly name: string;
  /** The observation of an earlier step that fills it: `step id.key`. */
  readonly from: string;
  /** Source of an anchored regular expression; any other value holds the unit. */
  readonly permitted: string;
}

/** One line that may be sent, with the questions that may come. Literal but for its holes (`<name>`). */
export interface Line {
  readonly send: string;
  readonly dialogs: readonly Dialog[];
  readonly holes?: readonly Hole[];
  /** `prompt`: the session goes on. `disconnect`: the device goes away; a prompt is also fine. */
  readonly ends: 'prompt' | 'disconnect';
  /**
   * When it is not always sent. `refused`: only to clear up, where the device refused a line before it. `needed`: what the
   * device shows then decides (`StepKind.needed`).
   */
  readonly when?: 'refused' | 'needed';
  readonly limits?: Partial<CommandLimits>;
}

/** One smallest change or check of a unit, as it stands in the plan. Pure JSON. */
export interface Step {
  /** Unique within its list, for people: `reload`. */
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly phase: Phase;
  readonly title: string;
  readonly params: Readonly<Record<string, Json>>;
  /** All that this step may send beyond read-only commands, in order. */
  readonly commands: readonly Line[];
  /** A file that this step copies. */
  readonly transfer?: {
    readonly image: string;
    readonly remotePath: string;
    readonly method: TransferMethod;
  };
  readonly disrupts: Disruption;
  readonly pointOfNoReturn: boolean;
  readonly expectedMs: number;
  /** The engine gives up on `done` after this long, and fails the step. */
  readonly maxMs: number;
  /**
   * After a crash with an intent and no outcome, `absent` is only believed this long after the intent:
   * a device that is about to go down still answers.
   */
  readonly settleMs: number;
}

/** What earlier steps of this unit observed, by step id. Journaled; survives a restart. */
export type Known = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/**
 * `absent`: the step's effect is not there. `partial`: begun, not finished (acting again is safe, or waiting helps).
 * `done`: it is there. `failed`: it can no longer come about (another version booted). `unknown`: the device's state
 * cannot be told: the unit is held.
 */
export type Probe = {
  readonly answer: 'absent' | 'partial' | 'done' | 'failed' | 'unknown';
  readonly why: string;
  /** Goes into `known` under the step's id when the step is done. */
  readonly known?: Readonly<Record<string, Json>>;
};

export type Act =
  /** Sent and answered; the probe that follows decides. */
  | { readonly kind: 'acted'; readonly known?: Readonly<Record<string, Json>> }
  /** The device said no, or a limit of ours did, and nothing changed. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The session ended or went silent in the middle: what happened is unknown until observed. Normal for a reload. */
  | {
      readonly kind: 'ambiguous';
      readonly why: string;
      readonly known?: Readonly<Record<string, Json>>;
    };

/** What a step implementation may use. All of it is recorded in the transcript. */
export interface StepContext {
  readonly step: Step;
  readonly known: Known;
  /** Epoch ms now, and of this step's first intent (undefined before it). */
  readonly nowMs: number;
  readonly intentAtMs: number | undefined;
  /** The latest instant at which the step's effect can have begun: later than the intent where a person was asked for it. */
  readonly begunByMs?: number | undefined;
  /** Pause of `ms`, for polling inside an act; cut short when the run aborts. */
  pause(ms: number): Promise<void>;
  /** The unit's session, opened anew if it was lost. Fault `unreachable` and the like when it cannot be. */
  session(): Promise<CliSession>;
  /** Sends `step.commands[index]` with its holes filled. */
  send(index: number): Promise<CommandOutcome>;
  /** Copies `step.transfer` on the unit's connection; `resumeFromBytes` only where the method can. */
  upload(resumeFromBytes: number): Promise<UploadOutcome>;
  /**
   * Serves `step.transfer` for the device to fetch, until the act is over; only with a method that pulls. The holes
   * `offer.host`, `offer.port` and `offer.path` of the step's lines are filled from it.
   */
  offer(): Promise<{ readonly host: string; readonly port: number; readonly path: string }>;
  /** The catalogued identity of `step.transfer.image` or of an image named in params. */
  image(name: string): FileSource;
  /** Keeps a text (config backup, show output) under this unit in the state directory; returns its digest. */
  keep(name: string, text: string): Promise<string>;
  /** Progress of a long act, for the screen only. */
  progress(doneBytes: number, totalBytes: number): void;
}

/** The code behind a `kind@version`. No closures: everything it needs is in the context. */
export interface StepKind {
  readonly kind: string;
  readonly version: number;
  /** Does `act` change the device? Such a kind must have a real probe. */
  readonly changes: boolean;
  probe(context: StepContext): Promise<Probe>;
  act(context: StepContext): Promise<Act>;
  /**
   * Of the lines marked `needed`: the positions of those that `act` would send now; or why it would send nothing at all.
   * Only reads. Absent: none, and nothing stands against it.
   */
  needed?(context: StepContext): Promise<readonly number[] | { readonly obstacle: string }>;
  /** What a person's word that the step was done stands for, where no probe sees its effect; goes into `known`. */
  attest?(context: StepContext): Readonly<Record<string, Json>>;
}
