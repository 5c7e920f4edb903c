/** Writes the completion scripts of shells. They are complete: completing a word does not start `pixgate`. Pure. */
import type { Option, Options } from './arguments.ts';

/** What can follow a path of names: other names, or the options of a command. */
export interface Completion {
  readonly path: readonly string[];
  readonly names: readonly { readonly name: string; readonly summary: string }[];
  readonly options: Options;
}

/** Quotes a text for bash and zsh. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Returns all spellings of an option: `-w`, `--w`, `--width`. */
const spellings = (name: string, { short, aliases = [] }: Option) => [
  ...(short ? [`-${short}`] : []),
  ...[name, ...aliases].map((alias) => `--${alias}`),
];

/** Sorts longer paths first: `keys` is the beginning of `keys add`. */
const longestFirst = (completions: readonly Completion[]) =>
  completions.toSorted((a, b) => b.path.length - a.path.length);

export function bashScript(completions: readonly Completion[]): string {
  const cases = longestFirst(completions).flatMap(({ path, names, options }) => {
    const values = Object.entries(options).flatMap(([name, option]) =>
      option.values
        ? [
            `  ${spellings(name, option)
              .map((word) => quoted(`${path.join(' ')} ${word}`))
              .join('|')}) words=${quoted(option.values.join(' '))} ;;`,
          ]
        : [],
    );
    const words = [
      ...names.map(({ name }) => name),
      ...Object.entries(options).flatMap((entry) => spellings(...entry)),
    ];
    return [...values, `  ${quoted(`${path.join(' ')} `)}*) words=${quoted(words.join(' '))} ;;`];
  });
  // The path is all names up to the first option or file.
  return `_pixgate() {
  local path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path$word" in
      ${completions.flatMap(({ path }) => (path.length ? [quoted(path.join(' '))] : [])).join('|')}) path="$path$word " ;;
      *) break ;;
    esac
  done
  case "\${path% } \${COMP_WORDS[COMP_CWORD-1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _pixgate pixgate`;
}

/** Escapes a text in brackets or after a colon in a specification of `_arguments`. */
const zshText = (text: string) => text.replaceAll(/[[\]:\\]/g, '\\$&');

function zshOption([name, option]: [string, Option]): string[] {
  const { type, description, values } = option;
  const value = type === 'boolean' ? '' : `:value:${values ? `(${values.join(' ')})` : '_files'}`;
  return spellings(name, option).map((word) => quoted(`${word}[${zshText(description)}]${value}`));
}

export function zshScript(completions: readonly Completion[]): string {
  const describe = ({ names }: Completion) =>
    `local -a names=(${names.map(({ name, summary }) => quoted(`${name}:${summary}`)).join(' ')}); _describe command names`;
  const cases = longestFirst(completions).map((completion) => {
    const pattern = completion.path.length ? `${quoted(`${completion.path.join(' ')} `)}*` : '*';
    const action = completion.names.length
      ? describe(completion)
      : `_arguments ${Object.entries(completion.options).flatMap(zshOption).join(' ')} '*:file:_files'`;
    return `    ${pattern}) ${action} ;;`;
  });
  return `#compdef pixgate
_pixgate() {
  case "\${words[2,CURRENT-1]} " in
${cases.join('\n')}
  esac
}
compdef _pixgate pixgate`;
}

/** Quotes a text for fish. */
const fishText = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;

export function fishScript(completions: readonly Completion[]): string {
  const lines = completions.flatMap(({ path, names, options }) => {
    const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`).join('; and ');
    const none = names.length ? `not __fish_seen_subcommand_from ${names.map(({ name }) => name).join(' ')}` : '';
    const condition = fishText([seen, none].filter(Boolean).join('; and '));
    const commands = names.map(
      ({ name, summary }) => `complete -c pixgate -f -n ${condition} -a ${name} -d ${fishText(summary)}`,
    );
    const flags = Object.entries(options).map(([name, { type, short, aliases = [], values, description }]) =>
      [
        `complete -c pixgate -n ${condition}`,
        ...(short ? [`-s ${short}`] : []),
        ...[name, ...aliases].map((alias) => `-l ${alias}`),
        ...(type === 'string' ? ['-r'] : []),
        ...(values ? [`-f -a ${fishText(values.join(' '))}`] : []),
        `-d ${fishText(description)}`,
      ].join(' '),
    );
    return [...commands, ...flags];
  });
  return lines.join('\n');
}
