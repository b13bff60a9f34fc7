import type { InstantMs, UnitId } from '../kernel/id.js';
import type { App } from '../app.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Foretold } from '../notice/foretell.js';
import type { Plan } from '../plan/plan.js';

/** Where the lab works and whom it tells. */
export interface LabContext {
  /** The App over the real state directory: plans are read from it and rehearsals are recorded in it. */
  readonly app: App;
  /** `--state`: the lab keeps its own files in the folder `lab` below it. */
  readonly stateDirectory: string;
  /** `--inventory`, resolved. */
  readonly inventoryDirectory: string;
  /** Talk for the person, one line. */
  readonly say: (line: string) => void;
  /** Aborted when the person wants to stop; the lab then takes down what it started. */
  readonly stop: AbortSignal;
}

export interface RehearsalOptions {
  /** Another seed, another night; default: one that the plan's digest gives. */
  readonly seed?: string;
  /** `unit=fault`, as typed. */
  readonly faults: readonly string[];
  /** At least this long a soak, whatever the plan says. */
  readonly soakMs?: number;
  /** A simulated person types what a run by hand asks for; recorded as no evidence. */
  readonly manual?: boolean;
  /** Draw the network, what was down when, and the flows that lost something. */
  readonly picture?: boolean;
}

/** What a rehearsal of a plan came to; the same is stored in the rehearsal book. */
export interface RehearsalResult {
  readonly passed: boolean;
  readonly seed: string;
  /** One sentence. */
  readonly headline: string;
  readonly units: readonly {
    readonly unit: UnitId;
    readonly ended: string;
    readonly why: string;
    /** Does the lab, which knows, agree? */
    readonly isTrue: boolean;
  }[];
  /** Those that the night would have given; none was sent. */
  readonly notices: readonly Foretold[];
  /** Flows that lost something, each with its time. */
  readonly lost: readonly {
    readonly name: string;
    readonly fromMs: InstantMs;
    readonly toMs: InstantMs;
    readonly lossPercent: number;
  }[];
  /** SVG, when it was asked for. */
  readonly picture?: string;
  readonly virtualMs: number;
  readonly tookMs: number;
  readonly atMs: InstantMs;
}

export interface NightsOf {
  /** The plan whose nights are played; left out, the lab's own network of twenty devices. */
  readonly of?: { readonly plan: Plan; readonly inventory: Inventory };
}

export interface ShrinkOptions extends NightsOf {
  readonly seed: string;
  readonly night: number;
  readonly limitMs: number;
}

/** The fewest events of a night that break a rule. */
export interface ShrinkResult {
  readonly seed: string;
  readonly night: number;
  /** The rule that it breaks; undefined: none. */
  readonly invariant: string | undefined;
  readonly why: string;
  /** How many events the night has. */
  readonly of: number;
  readonly events: readonly { readonly number: number; readonly what: string }[];
  readonly played: number;
  /** False: time ran out before every event had been tried. */
  readonly isWhole: boolean;
}

export interface SeedsOptions extends NightsOf {
  /** Of each night only the events of these numbers. */
  readonly only?: readonly number[];
  readonly seed: string;
  /** Number of the first night. */
  readonly first: number;
  readonly count: number;
}

/** What many drawn nights came to. */
export interface SeedsResult {
  readonly seed: string;
  readonly first: number;
  readonly played: number;
  /** What an invariant found broken, and in which night. */
  readonly violations: readonly {
    readonly night: number;
    readonly invariant: string;
    readonly why: string;
  }[];
  /** How often a fault struck a unit in a phase of its change. */
  readonly struck: readonly {
    readonly fault: string;
    readonly phase: string;
    readonly times: number;
  }[];
  /** Units by how they ended. */
  readonly endings: Readonly<Record<string, number>>;
  /** Runners that died, and runs that a person resumed after a stop. */
  readonly deaths: number;
  readonly resumed: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly tookMs: number;
  readonly perHour: number;
}

export interface LabUpOptions {
  /** Wall time runs this many times faster. */
  readonly speed?: number;
}

/** A device of a folder that is begun; `platform` undefined: not known yet. */
export interface StartHost {
  readonly name: string;
  readonly host: string;
  readonly platform: string | undefined;
  readonly site: string | undefined;
  readonly groups: readonly string[];
  readonly port: number | undefined;
}

/** Where a wire lab is and how to use it. */
export interface LabPlace {
  readonly stateFile: string;
  readonly inventory: string;
  readonly devices: number;
  readonly pid: number;
}

export interface LabFault {
  readonly id: string;
  readonly title: string;
  /** What a run must conclude when it meets the fault. */
  readonly conclusion: string;
}

/** What the lab can do for the command line. */
export interface LabCommands {
  /** Rehearses exactly this plan in process, on virtual time, soak included, and records what came of it. */
  rehearse(plan: Plan, inventory: Inventory, options: RehearsalOptions): Promise<RehearsalResult>;
  /** Plays drawn nights and holds them against the invariants; ends early when it is stopped. */
  seeds(options: SeedsOptions): Promise<SeedsResult>;
  /** Takes away what a broken rule of one night does not need. */
  shrink(options: ShrinkOptions): Promise<ShrinkResult>;
  /** Makes a folder that works at once with the lab, and gives the lines to type next. Fault `usage`. */
  init(directory: string, network?: string): Promise<readonly string[]>;
  /** Makes a folder for one's own devices that works with the lab, and gives the lines to type next. Fault `usage`. */
  begin(directory: string, hosts: readonly StartHost[]): Promise<readonly string[]>;
  /** Starts the wire lab as a process of its own. Fault `lab-fault`. */
  up(options: LabUpOptions): Promise<LabPlace>;
  /** False when none was up. */
  down(): Promise<boolean>;
  /** The whole way, on the wire; resolves with the exit code. */
  demo(): Promise<number>;
  faults(): Promise<readonly LabFault[]>;
  /** What the declared flows of the wire lab lose at this instant. Fault `lab-fault` when none is up. */
  flows(): Promise<readonly { readonly name: string; readonly lossPercent: number }[]>;
  /** Lets a fault strike a device of the wire lab. */
  strike(device: string, fault: string): Promise<void>;
  /** Takes faults away again: of one device, or all. */
  clear(device?: string): Promise<void>;
}
