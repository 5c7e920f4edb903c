/** The entries of a registry: their rules as options, their rotation, and how they are shown. Pure. */
import schema from '../../schemas/keys.json' with { type: 'json' };
import { parseDuration } from '../http/freshness.ts';
import { kebabCase } from '../schema.ts';
import { type Options, UsageError } from './arguments.ts';
import { createKey, type Entry } from './registry-file.ts';

/** The rules of a key that an option sets: `maxWidth` by `--max-width`. */
const RULES = Object.entries(schema.items.properties).filter(
  ([name]) => !['id', 'mode', 'sha256', 'secret', 'salt', 'disabled'].includes(name),
);

export const RULE_OPTIONS: Options = Object.fromEntries(
  RULES.map(([name, { type, description }]) => [
    kebabCase(name),
    {
      type: type === 'boolean' ? 'boolean' : 'string',
      placeholder: type === 'array' ? 'LIST' : 'VALUE',
      description: `${description.split(/[.:](?: |$)/)[0]}${type === 'array' ? ', comma-separated' : ''}`.replaceAll(
        '`',
        '',
      ),
    },
  ]),
);

/** Reads a rule of several fields: JSON, or its name alone. */
function parseObject(text: string): unknown {
  if (!text.startsWith('{')) return { name: text };
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${text} is not valid JSON`);
  }
}

/** Reads the rules of the command line, in the types of the schema; the registry validates them. */
export function readRules(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    RULES.flatMap(([name, property]) => {
      const value = values[kebabCase(name)];
      if (value === undefined) return [];
      const isNumeric = property.type === 'integer' || ('items' in property && property.items.type === 'integer');
      const typed = (text: string) => (isNumeric && /^\d+$/.test(text) ? Number(text) : text);
      if (property.type === 'array') {
        const items = String(value).split(',');
        return [[name, items.map((item) => typed(item.trim()))]];
      }
      if (property.type === 'object') return [[name, parseObject(String(value))]];
      return [[name, typeof value === 'string' ? typed(value) : value]];
    }),
  );
}

/**
 * Adds a key with the rules of the newest enabled one of this id, its end included, and ends the others after the overlap.
 *
 * @param overlap a duration such as `30d`
 * @param now milliseconds since 1970
 * @throws UsageError without an enabled key of this id, for an expired one, or for an invalid overlap
 */
export function rotate(
  entries: readonly Entry[],
  id: string,
  overlap: string,
  now: number,
): { readonly entries: Entry[]; readonly credential: string; readonly end: string } {
  const seconds = parseDuration(overlap);
  if (Number.isNaN(seconds)) throw new UsageError('--overlap must be a duration such as 30d');
  const current = entries.filter((entry) => entry.id === id && !entry.disabled);
  const newest = current.at(-1);
  if (!newest) throw new UsageError(`There is no enabled key with the id ${id}.`);
  const { sha256: _, secret: __, ...rules } = newest;
  if (rules.notAfter && Date.parse(rules.notAfter) <= now)
    throw new UsageError(
      `The key ${id} expired at ${rules.notAfter}. A new one would have the same end: pixgate keys add ${id} --another`,
    );
  const end = new Date(now + seconds * 1000).toISOString();
  if (newest.mode === 'imgproxy')
    throw new UsageError('Keys of imgproxy are rotated by a further entry with the new pair');
  const { credential, stored } = createKey(newest.mode ?? 'plain');
  const ending = (entry: Entry) =>
    current.includes(entry) && !(entry.notAfter && entry.notAfter < end) ? { ...entry, notAfter: end } : entry;
  return { entries: [...entries.map(ending), { ...rules, ...stored }], credential, end };
}

/** Returns the state of a key at a time in milliseconds since 1970: `valid`, `disabled`, `expired`, `from …` or `until …`. */
export function stateOf({ disabled, notBefore, notAfter }: Entry, now: number): string {
  if (disabled) return 'disabled';
  if (notBefore && Date.parse(notBefore) > now) return `from ${notBefore}`;
  if (notAfter) return Date.parse(notAfter) > now ? `until ${notAfter}` : 'expired';
  return 'valid';
}

/** Formats rows of cells as a table. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const format = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => format(row).trimEnd()).join('\n');
}

const textOf = (value: unknown) =>
  Array.isArray(value) || typeof value !== 'object' ? String(value) : JSON.stringify(value);

/** Formats the entries as a table, a line each: id, mode, first 8 digits of the hash, state, rules; no secret. */
export const formatEntries = (entries: readonly Entry[], now: number): string =>
  formatTable(
    entries.map((entry) => {
      const { id, mode = 'plain', sha256: hash, secret: _, salt: __, notBefore, notAfter, disabled, ...policy } = entry;
      const rules = Object.entries(policy).map(([name, value]) => `${name}=${textOf(value)}`);
      return [id, mode, hash ? `${hash.slice(0, 8)}…` : '', stateOf(entry, now), rules.join(' ')];
    }),
  );

/** Formats one entry, a line for each of its fields; its secret is not shown. */
export function formatEntry(entry: Entry, now: number): string {
  const { id, mode = 'plain', secret, salt: __, disabled: _, ...fields } = entry;
  const rows = Object.entries({
    mode,
    state: stateOf(entry, now),
    ...fields,
    ...(secret !== undefined && { secret: 'stored, not shown' }),
  });
  return `${id}\n${formatTable(rows.map(([name, value]) => ['', name, textOf(value)]))}`;
}
