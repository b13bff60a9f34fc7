import type { Ask, Word } from '../run/manual-word.js';
import type { Desk } from './desk.js';

/** Puts a person's word down. With an App of its own: who watches a run only reads. */
export async function speakAt(
  desk: Desk,
  about: {
    readonly run: string;
    readonly ask: Ask;
    readonly word: Word;
    readonly remark: string;
  },
): Promise<void> {
  const { run, ask, word, remark } = about;
  const { state, labClock } = desk.settings;
  const opened = await desk.parts.open({ state, labClock, readOnly: false });
  const { app } = opened;
  try {
    const row = await app.findRun(run);
    await app.speak(row, ask, { word, remark, by: desk.parts.user });
  } finally {
    await opened.close();
  }
}
