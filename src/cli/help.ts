/** Formats the help of commands. Pure. */
import type { Option } from './arguments.ts';
import { type Command, type CommandTable, optionsOf } from './command.ts';

/** Formats rows of two columns. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(28, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(
      ([left, right]) =>
        `  ${left.length > width ? `${left}\n${' '.repeat(width + 2)}` : left.padEnd(width)}  ${right}`,
    )
    .join('\n');
}

function optionRow([name, { type, short, aliases = [], placeholder = 'VALUE', description }]: [string, Option]): [
  string,
  string,
] {
  const long = [name, ...aliases].filter((alias) => alias !== short || aliases.length === 0);
  const names = [...(short ? [`-${short}`] : []), ...long.map((alias) => `--${alias}`)];
  return [`${names.join(', ')}${type === 'string' ? ` ${placeholder}` : ''}`, description];
}

/** Returns the help of a list of commands. @param path `pixgate`, or `pixgate keys` */
export const tableHelp = (path: string, table: CommandTable): string =>
  [
    `Usage: ${path} <command> [options]`,
    columns(Object.entries(table).map(([name, { summary }]) => [name, summary])),
    `${path} <command> --help describes a command.${path.includes(' ') ? '' : ' pixgate --version prints the version.'}`,
  ].join('\n\n');

/** Returns the help of a command. @param path `pixgate resize` */
export function commandHelp(path: string, command: Command): string {
  const options = Object.entries(optionsOf(command));
  const isParameter = ([name]: [string, Option]) => command.parameters !== undefined && name in command.parameters;
  const parameters = options.filter(isParameter);
  return [
    `Usage: ${path}${command.usage && ` ${command.usage}`}`,
    ...(command.description ? [command.description] : []),
    `Options:\n${columns(options.filter((option) => !isParameter(option)).map(optionRow))}`,
    ...(parameters.length ? [`Parameters of the image:\n${columns(parameters.map(optionRow))}`] : []),
  ].join('\n\n');
}
