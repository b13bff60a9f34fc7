/** The routing processes of a recorded config: what a drain works on. Blocks of `router`, with what is indented. */
export function routingOf(config: string): string {
  let inside = false;
  const kept = config.split(/\r?\n/).filter((line) => {
    if (!line.startsWith(' ')) inside = line.startsWith('router ');
    return inside;
  });
  return kept.map((line) => `${line}\n`).join('');
}
