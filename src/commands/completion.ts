import { BadUsage, ExitCode } from '../failure.ts';

/**
 * The scripts that hand a half-typed line to `rediscover __complete` (see complete.ts), one for each shell. They are our
 * own because the libraries for it either write into the user's start-up files or can't leave file names to the shell.
 * A candidate is a line of its own, with a tab and its description; `:files` and `:folders` ask for the shell's own.
 */
const scripts: Record<string, string> = {
  bash: String.raw`# Completion of rediscover for bash. Put this into ~/.bashrc:
#   source <(rediscover completion bash)
_rediscover() {
  local line current=\${COMP_WORDS[COMP_CWORD]}
  [[ $current == = ]] && current=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) _rediscover_paths -f "$current" ;;
      :folders) _rediscover_paths -d "$current" ;;
      *) COMPREPLY+=("\${line%%$'\t'*}") ;;
    esac
  done < <("$1" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
_rediscover_paths() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")
}
complete -F _rediscover rediscover
`,
  zsh: String.raw`#compdef rediscover
# Completion of rediscover for zsh. Put this into ~/.zshrc, after compinit:
#   source <(rediscover completion zsh)
_rediscover() {
  local line
  local -a candidates
  while IFS= read -r line; do
    case $line in
      :files) _files ;;
      :folders) _files -/ ;;
      *) candidates+=("\${\${line%%$'\t'*}//:/\\:}:\${line#*$'\t'}") ;;
    esac
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#candidates} )) && _describe rediscover candidates
}
if [[ "\${funcstack[1]}" == _rediscover ]]; then
  _rediscover "$@"
else
  compdef _rediscover rediscover
fi
`,
  fish: `# Completion of rediscover for fish. Keep it as ~/.config/fish/completions/rediscover.fish:
#   rediscover completion fish > ~/.config/fish/completions/rediscover.fish
function __rediscover_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (command $words[1] __complete -- $words[2..-1] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':folders'
        __fish_complete_directories (commandline -ct) ''
      case '*'
        echo $line
    end
  end
end
complete -c rediscover -f -a '(__rediscover_complete)'
`,
};

export const shells = Object.keys(scripts);

/** `rediscover completion bash|zsh|fish`: prints the script. */
export async function runCompletion(shell: string): Promise<ExitCode> {
  process.stdout.write(scriptFor(shell));
  return ExitCode.passed;
}

/** Throws BadUsage for a shell that there is no script for. */
export function scriptFor(shell: string): string {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  // In the scripts above `\${` stands for `${`, which would be TypeScript's.
  if (script !== undefined) return script.replaceAll('\\${', '${');
  throw new BadUsage(`There is no completion for ${JSON.stringify(shell)}.`, {
    next: `There is one for ${shells.join(', ')}.`,
  });
}
