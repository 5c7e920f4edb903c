/** Opens the registry file of a command. */
import { resolve } from 'node:path';
import { closestName } from '../schema.ts';
import { type Options, UsageError } from './arguments.ts';
import { readEntries } from './registry-file.ts';

export const DEFAULT_FILE = '.keys.json';
export const FILE = {
  file: { type: 'string', placeholder: 'FILE', description: `the registry file; default: ${DEFAULT_FILE}` },
} as const satisfies Options;

/** Opens the registry of a command, for the entries of one id. @throws UsageError without an id */
export function openRegistry(file = DEFAULT_FILE, [id, ...others]: readonly string[] = []) {
  if (!id || others.length) throw new UsageError('One id is required, such as acme');
  const entries = readEntries(file);
  return { file, path: resolve(file), id, entries, own: entries.filter((entry) => entry.id === id) };
}

/** Opens the registry of a command. @throws UsageError without a key of this id: it names the nearest id */
export function openExisting(file: string | undefined, positionals: readonly string[]) {
  const registry = openRegistry(file, positionals);
  const { id, path, entries, own } = registry;
  if (own.length) return registry;
  const closest = closestName(id, [...new Set(entries.map((entry) => entry.id))]);
  const hint = closest ? ` Did you mean ${closest}?` : '';
  throw new UsageError(`There is no key with the id ${id} in ${path}.${hint}`);
}
