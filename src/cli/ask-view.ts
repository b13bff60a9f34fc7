import type { App } from '../app.js';
import type { Plan } from '../plan/plan.js';
import type { Ask, Word } from '../run/manual-word.js';
import type { RunState } from '../run/state.js';
import { answerLine, askLines } from './ask-text.js';
import { complaint } from './complain.js';
import type { Desk } from './desk.js';
import { speakAt } from './speak.js';
import type { RunView } from './view.js';
import { oneLine } from './visible.js';

const WORDS: readonly Word[] = ['done', 'let', 'refuse', 'stop'];
const TYPED_MAX = 500;
const ENTER = /[\r\n]/;
const ERASE = /[\u007f\b]/;

/** What a typed line means among what is asked; a sentence where it means nothing. */
export function meaningOf(
  typed: string,
  asks: readonly Ask[],
): { readonly ask: Ask; readonly word: Word; readonly remark: string } | string {
  const [first = '', second = '', ...rest] = typed.trim().split(/\s+/);
  const word = WORDS.find((each) => each === first.toLowerCase());
  if (!word) return `say ${WORDS.join(', ')}`;
  if (asks.length === 0) return 'nothing is asked now';
  const named = asks.find((each) => each.unit === second);
  const ask = named ?? (asks.length === 1 ? asks[0] : undefined);
  if (!ask) return `say of which: ${asks.map((each) => `${word} ${each.unit}`).join(', ')}`;
  const remark = (named ? rest : [second, ...rest]).join(' ');
  return { ask, word, remark };
}

/** Reads words from the keyboard, line by line, as they are typed. */
function listen(desk: Desk, onLine: (typed: string) => void): () => void {
  const { console } = desk.parts;
  let typed = '';
  return console.onKey((key) => {
    if (ENTER.test(key)) {
      console.err.write('\n');
      const line = typed;
      typed = '';
      if (line.trim() !== '') onLine(line);
    } else if (ERASE.test(key)) {
      if (typed !== '') console.err.write('\b \b');
      typed = typed.slice(0, -1);
    } else if (typed.length < TYPED_MAX && !/\p{Cc}/u.test(key)) {
      typed += key;
      console.err.write(key);
    }
  });
}

/** The view of a run in which a person does the work: what is asked, as it is asked, and their word for it. */
export function withAsks(
  desk: Desk,
  { app, plan }: { readonly app: App; readonly plan: Plan },
  view: RunView,
): RunView {
  const { console } = desk.parts;
  let run = '';
  let state: RunState | undefined;
  let release: () => void = () => undefined;
  const shown = new Set<string>();
  const show = () => {
    if (run === '' || !state) return;
    for (const ask of app.asks(plan, state)) {
      const name = `${ask.unit}/${ask.list}/${ask.position}/${ask.askedAtMs}`;
      if (shown.has(name)) continue;
      shown.add(name);
      for (const line of askLines(ask, plan)) desk.out.say(line);
      const here = `#   then type here: done ${oneLine(ask.unit)}${ask.mayLet ? ', or let' : ''}, or refuse, or stop`;
      desk.out.say(console.canAsk ? here : answerLine(run, ask));
    }
  };
  const hear = async (typed: string) => {
    const meaning = meaningOf(typed, state ? app.asks(plan, state) : []);
    if (typeof meaning === 'string') return desk.out.say(meaning);
    try {
      await speakAt(desk, { run, ...meaning });
    } catch (thrown) {
      for (const line of complaint(thrown, desk.out.talkPaint)) desk.out.say(line);
    }
  };
  return {
    ...view,
    begin(name, first) {
      run = name;
      state = state ?? first;
      view.begin(name, first);
      if (console.canAsk) release = listen(desk, (typed) => void hear(typed));
      show();
    },
    onEvent(event, next, atMs) {
      state = next;
      view.onEvent(event, next, atMs);
      // What is told of the past comes in one piece: only what is still asked after it is shown.
      void Promise.resolve().then(show);
    },
    end() {
      release();
      release = () => undefined;
      view.end();
    },
  };
}
