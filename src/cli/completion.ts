/** The command `pixgate completion`: prints a script that completes commands, options and their values in a shell. */
import { type Options, UsageError } from './arguments.ts';
import { type Command, type CommandTable, defineCommand, isCommand, optionsOf } from './command.ts';
import { bashScript, type Completion, fishScript, zshScript } from './completion-scripts.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };
const SHELLS = Object.keys(SCRIPTS).join(', ');

/** Returns what can be completed after each path of names, such as `keys add`. */
async function completions(table: CommandTable, path: readonly string[] = []): Promise<Completion[]> {
  const names = Object.entries(table).map(([name, { summary }]) => ({ name, summary }));
  const below = Object.entries(table).map(async ([name, { load }]): Promise<Completion[]> => {
    const command = await load();
    const commandPath = [...path, name];
    if (!isCommand(command)) return completions(command, commandPath);
    return [{ path: commandPath, names: [], options: optionsOf(command) }];
  });
  return [{ path, names, options: {} as Options }, ...(await Promise.all(below)).flat()];
}

/** Returns the command for all commands of a table. */
export const completionOf = (table: CommandTable): Command =>
  defineCommand({
    usage: 'bash|zsh|fish',
    description: `In ~/.bashrc:                      eval "$(pixgate completion bash)"
In ~/.zshrc, after compinit:      eval "$(pixgate completion zsh)"
In ~/.config/fish/config.fish:    pixgate completion fish | source`,
    options: {},
    async run({ positionals: [shell = '', ...others] }) {
      if (!Object.hasOwn(SCRIPTS, shell) || others.length) throw new UsageError(`One shell is required: ${SHELLS}`);
      console.log(SCRIPTS[shell as keyof typeof SCRIPTS](await completions(table)));
    },
  });
