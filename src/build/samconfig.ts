/** Reads and changes options of the SAM CLI in samconfig.toml, and leaves the rest of the file as it is. Pure. */

/** `global` holds for every command, `deploy` for `sam deploy` only, which prefers it. */
export type Section = 'global' | 'deploy';

/** Finds the lines of a section, without its head. @returns indexes into the lines; the section is appended if there is none */
function linesOf(section: Section, lines: string[]): { start: number; end: number } {
  const title = `[default.${section}.parameters]`;
  const head = lines.findIndex((line) => line.trim() === title);
  if (head < 0) return { start: lines.push(title), end: lines.length };
  const next = lines.findIndex((line, i) => i > head && /^\s*\[/.test(line));
  return { start: head + 1, end: next < 0 ? lines.length : next };
}

const isOption = (line: string, name: string) => new RegExp(`^\\s*${name}\\s*=`).test(line);

/** Returns the value of an option of `sam deploy`: a string or a list in one line. @throws SyntaxError for other TOML */
export function readOption(toml: string, name: string): unknown {
  for (const section of ['deploy', 'global'] as const) {
    const lines = toml.split(/\r?\n/);
    const { start, end } = linesOf(section, lines);
    const line = lines.slice(start, end).find((one) => isOption(one, name));
    if (line !== undefined) return JSON.parse(line.slice(line.indexOf('=') + 1));
  }
  return undefined;
}

/** Sets options in a section. @param options strings and lists of strings, which JSON and TOML write alike */
export function writeOptions(
  toml: string,
  section: Section,
  options: Readonly<Record<string, string | readonly string[]>>,
): string {
  const lines = toml.split(/\r?\n/);
  for (const [name, value] of Object.entries(options)) {
    const { start, end } = linesOf(section, lines);
    const index = lines.findIndex((line, i) => i >= start && i < end && isOption(line, name));
    const text = `${name} = ${JSON.stringify(value)}`;
    let last = end;
    while (last > start && lines[last - 1]?.trim() === '') last--;
    if (index < 0) lines.splice(last, 0, text);
    else lines[index] = text;
  }
  return lines.join('\n');
}

/**
 * Parses the value of `parameter_overrides`: a list, as `npm run setup` writes it, or a text with quoted values, as
 * `sam deploy --guided` does.
 */
export function parseOverrides(value: unknown): Record<string, string> {
  const pairs = Array.isArray(value)
    ? value.map((pair) => /^([A-Za-z0-9]+)=([\s\S]*)$/.exec(String(pair)))
    : [...String(value ?? '').matchAll(/([A-Za-z0-9]+)=(?:"((?:\\.|[^"\\])*)"|(\S*))/g)];
  return Object.fromEntries(
    pairs.flatMap((match) => (match?.[1] ? [[match[1], (match[2] ?? match[3] ?? '').replaceAll('\\"', '"')]] : [])),
  );
}

/** Formats parameters for `parameter_overrides`; those without a value are left out: empty is their default. */
export const formatOverrides = (parameters: Readonly<Record<string, string>>): string[] =>
  Object.entries(parameters).flatMap(([name, value]) => (value === '' ? [] : [`${name}=${value}`]));
