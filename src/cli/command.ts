/** What a command is: the command line, its help and the completions of shells are made from this. */
import type { Option, Options, Values } from './arguments.ts';

export interface Command<Table extends Options = Options> {
  /** The arguments after its name: `FILE... [-o OUT]`. */
  readonly usage: string;
  /** Text below the usage. */
  readonly description?: string;
  readonly options: Table;
  /** Options that are parameters of the image, from `parameterOptions`. An own option has precedence. */
  readonly parameters?: Options;
  /** @throws UsageError for invalid arguments: exit code 2; any other error: exit code 1 */
  run(input: {
    readonly values: Values<Table>;
    readonly parameters: Readonly<Record<string, string | boolean>>;
    readonly positionals: readonly string[];
  }): Promise<void> | void;
}

/** Commands by name. A module is loaded when its command runs. */
export type CommandTable = {
  readonly [name: string]: {
    /** A line of the list of commands. */
    readonly summary: string;
    readonly load: () => Promise<Command | CommandTable>;
  };
};

export const isCommand = (entry: Command | CommandTable): entry is Command => typeof entry.run === 'function';

/** Returns a command with the types of its options. */
export const defineCommand = <const Table extends Options>(command: Command<Table>): Command =>
  command as unknown as Command;

/** The option of every command. */
const HELP_OPTION: Option = { type: 'boolean', short: 'h', description: 'prints this help' };

/** Returns all options of a command. */
export const optionsOf = ({ options, parameters }: Command): Options => ({
  ...options,
  help: HELP_OPTION,
  ...Object.fromEntries(
    Object.entries(parameters ?? {}).map(([name, { aliases = [], ...parameter }]) => [
      name,
      { ...parameter, aliases: aliases.filter((alias) => !Object.hasOwn(options, alias)) },
    ]),
  ),
});
