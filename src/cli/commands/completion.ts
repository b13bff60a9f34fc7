import type { Command } from 'commander';
import { completions } from '../complete.js';
import { oneOf, setUpDesk, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { resultForm } from '../result-form.js';

const shells = ['bash', 'zsh', 'fish'] as const;

/** COMP_WORDS breaks words at colons; the words are split again at spaces, so that host patterns stay whole. */
const BASH = `# nightshift completion bash > ~/.local/share/bash-completion/completions/nightshift
_nightshift() {
  local line="\${COMP_LINE:0:COMP_POINT}" words reply
  read -r -a words <<<"$line"
  [[ "$line" == *[[:space:]] ]] && words+=('')
  local typed="\${words[-1]}"
  mapfile -t reply < <(nightshift completion --words -- "\${words[@]:1}" 2>/dev/null)
  local cut=""
  [[ "$typed" == *:* && "$COMP_WORDBREAKS" == *:* ]] && cut="\${typed%:*}:"
  COMPREPLY=("\${reply[@]#"$cut"}")
}
complete -o default -F _nightshift nightshift
`;

const ZSH = `#compdef nightshift
# nightshift completion zsh > a folder of $fpath, as _nightshift
_nightshift() {
  local -a reply
  reply=("\${(@f)$(nightshift completion --words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  reply=("\${(@)reply:#}")
  (( \${#reply} )) && compadd -a reply || _files
}
if [ "$funcstack[1]" = "_nightshift" ]; then _nightshift; else compdef _nightshift nightshift; fi
`;

const FISH = `# nightshift completion fish > ~/.config/fish/completions/nightshift.fish
function __nightshift_words
  set -l words (commandline -opc) (commandline -ct)
  nightshift completion --words -- $words[2..-1] 2>/dev/null
end
complete -c nightshift -f -a '(__nightshift_words)'
`;

const scripts = { bash: BASH, zsh: ZSH, fish: FISH } as const;

/** The program with the command defined that the words name. */
type MakeProgram = (words: readonly string[]) => Promise<Command>;

function valueOf(words: readonly string[], ...options: readonly string[]): string | undefined {
  const at = words.findLastIndex((each) => options.includes(each));
  return at < 0 ? undefined : words[at + 1];
}

/** A desk for the folders that the line itself names; they may differ from where the shell stands. */
function deskFor(desk: Desk, words: readonly string[]): Desk {
  const done = words.slice(0, -1);
  const inventory = valueOf(done, '-i', '--inventory') ?? desk.settings.inventory;
  const state = valueOf(done, '--state') ?? desk.settings.state;
  return setUpDesk(desk.parts, { ...desk.settings, inventory, state }, resultForm('completion'));
}

/** Names that may come next, one a line. Says nothing when there is nothing to say. */
async function answer(desk: Desk, make: MakeProgram, words: readonly string[]): Promise<void> {
  const named = deskFor(desk, words);
  try {
    const program = await make(words);
    desk.out.lines(await completions(program, words, named));
  } catch {
    // Nobody wants an error in the middle of typing.
  } finally {
    await named.close();
  }
}

export function define(program: Command, invocation: Invocation, make: MakeProgram): void {
  program
    .command('completion')
    .description('print what teaches a shell to complete: bash, zsh or fish')
    .argument('[words...]', 'bash, zsh or fish')
    .option('--words', 'what may come next after these words')
    .action((words: readonly string[], options: { words?: boolean }, command: Command) =>
      invocation.act(command, async (desk) => {
        if (options.words) return answer(desk, make, words);
        const shell = oneOf(words[0] ?? '', 'completion', shells);
        desk.out.lines([scripts[shell].trimEnd()]);
      }),
    );
}
