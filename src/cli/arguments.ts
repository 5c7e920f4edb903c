/** Parses the arguments of a command by its table of options. Pure. */
import { parseArgs } from 'node:util';
import { closestName } from '../schema.ts';

/** Invalid usage of the command line: printed without a stack, exit code 2. */
export class UsageError extends Error {}

/** An option of a command, as the parser, the help and the completions of shells read it. */
export interface Option {
  readonly type: 'boolean' | 'string';
  readonly description: string;
  /** A name of one letter, written with one dash. */
  readonly short?: string;
  /** Other names, written with two dashes. */
  readonly aliases?: readonly string[];
  /** Name of its value in the help; default: `VALUE`. */
  readonly placeholder?: string;
  /** The values that shells complete. The command checks them. */
  readonly values?: readonly string[];
}

export type Options = Readonly<Record<string, Option>>;

/** The values of the command line, by option; undefined without one. */
export type Values<Table extends Options> = {
  readonly [Name in keyof Table]?: (Table[Name]['type'] extends 'boolean' ? boolean : string) | undefined;
};

/** Names under which keys are sought: their error says why there is no such option. */
const SECRET_NAMES = ['k', 's', 'key', 'secret', 'token'];

function unknownOption(rawName: string, name: string, names: ReadonlyMap<string, string>): UsageError {
  if (names.has('key-file') && SECRET_NAMES.includes(name))
    return new UsageError(
      `${rawName} is not an option: every user of the machine can read a command line. Give the key on standard input, or in a file with --key-file.`,
    );
  const closest = closestName(name, [...names.keys()]);
  return new UsageError(`Unknown option: ${rawName}.${closest ? ` Did you mean --${closest}?` : ''}`);
}

const BOOLEANS: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false };

/** Whether an argument is an option, and not a value such as `-90` or `-`. */
const isOption = (text: string) => /^-(?:-|[a-zA-Z])/.test(text);

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** Reads the value of an option. @throws UsageError if it has none, or one where it takes none */
function readOption({ type }: Option, token: Token & { kind: 'option' }): string | boolean {
  const { rawName, value, inlineValue } = token;
  if (type === 'boolean') {
    const flag = value === undefined ? true : BOOLEANS[value];
    if (flag === undefined) throw new UsageError(`${rawName} takes no value, or 1 or 0`);
    return flag;
  }
  if (value === undefined || (!inlineValue && isOption(value))) throw new UsageError(`${rawName} needs a value`);
  return value;
}

/**
 * Parses arguments. Options may stand anywhere, and after `--` every argument is positional; of an option that is given twice, the
 * last one counts.
 *
 * @throws UsageError that names the first invalid option, and the nearest name to an unknown one
 */
export function parseArguments<Table extends Options>(
  args: readonly string[],
  options: Table,
): { readonly values: Values<Table>; readonly positionals: readonly string[] } {
  const names = new Map(
    Object.entries(options).flatMap(([name, { aliases = [] }]) => [name, ...aliases].map((alias) => [alias, name])),
  );
  const config = Object.fromEntries(
    [...names].map(([alias, name]) => {
      const { type, short } = options[name] as Option;
      return [alias, { type, ...(short !== undefined && alias === name && { short }) }];
    }),
  );
  // Not `strict`, whose errors know no other names, and refuse `--ro -90`.
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = names.get(token.name);
    // A name of one letter is short only if it is declared so: -h is not --h.
    if (name === undefined || (token.rawName.length === 2 && options[name]?.short !== token.rawName[1]))
      throw unknownOption(token.rawName, token.name, names);
    values[name] = readOption(options[name] as Option, token);
  }
  return { values: values as Values<Table>, positionals };
}
