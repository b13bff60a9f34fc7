import { readFileSync, readdirSync } from 'node:fs';
import { platform } from '../../../drivers/juniper_junos/platform.js';
import type { Transcript } from '../../conformance/conformer.js';
import { played, type Played } from '../../conformance/played.js';

const folder = new URL('../../../drivers/juniper_junos/transcripts/', import.meta.url);

export function recorded(file: string): Transcript {
  const text = readFileSync(new URL(`${file}.json`, folder), 'utf8');
  return { ...(JSON.parse(text) as Omit<Transcript, 'file'>), file };
}

export const recordings: readonly Transcript[] = readdirSync(folder).map((file) =>
  recorded(file.replace(/\.json$/, '')),
);

/** A session on the recorded device, some of its answers replaced. */
export function playing(file: string, answers: Readonly<Record<string, string>> = {}): Played {
  const transcript = recorded(file);
  const commands = { ...transcript.commands, ...answers };
  return played({ ...transcript, commands }, platform.dialect);
}

/** OSPF as a recorded configuration has it. */
export function routingOf(config: string): string {
  const ospf = /^ {4}ospf \{\n[\s\S]*?^ {4}\}\n/m.exec(config)?.[0];
  return ospf === undefined ? '' : `protocols {\n${ospf}}\n`;
}
