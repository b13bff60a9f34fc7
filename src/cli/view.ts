import type { InstantMs } from '../kernel/id.js';
import type { RunEvent } from '../run/event.js';
import type { RunState } from '../run/state.js';
import type { Progress } from '../run/step-context.js';

/** Shows a run as it goes: a grid repainted in place on a terminal, else one line a change. */
export interface RunView {
  /** The run has its name; the state is the one to begin with. */
  begin(run: string, state: RunState): void;
  onEvent(event: RunEvent, state: RunState, atMs: InstantMs): void;
  onProgress(progress: Progress): void;
  notice(text: string): void;
  /** Leaves the last frame standing; harmless twice. */
  end(): void;
}
