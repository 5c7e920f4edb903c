/** The command `pixgate keys`: adds, lists, rotates, disables and pushes the keys of a registry file. */
import { parseArgs } from 'node:util';
import schema from '../../schemas/keys.json' with { type: 'json' };
import { parseDuration } from '../http/freshness.ts';
import { kebabCase } from '../schema.ts';
import { UsageError } from './arguments.ts';
import { invalidate, invalidationCommand } from './invalidate.ts';
import { type PushTarget, pushKeys } from './push.ts';
import { createKey, type Entry, formatEntries, readEntries, writeEntries } from './registry-file.ts';

/** Policies of a key that an option of the command line sets: `maxWidth` by `--max-width`. */
const POLICIES = Object.entries(schema.items.properties).filter(
  ([name]) => !['id', 'mode', 'sha256', 'secret', 'disabled'].includes(name),
);

export const HELP = `Usage: pixgate keys <command> [options]

  add ID               creates a key and prints it once; the registry stores its hash
      --mode signed    creates a signing secret, which the registry stores itself
${POLICIES.map(([name, { type, description }]) => `      --${kebabCase(name).padEnd(14)} ${description.split(/[.:](?: |$)/)[0]}${type === 'array' ? ', comma-separated' : ''}`).join('\n')}
  list                 lists all keys with their states and policies
  rotate ID            creates a new key for an id; the current ones expire after the overlap
      --overlap 30d    how long the current keys stay valid (s, m, h, d, w)
  disable ID           revokes all keys of an id
      --purge          also purges their images from CloudFront, after a push; without --distribution, prints the command
      --distribution ID  the distribution, of which the push has revoked the key
  push                 writes the registry to where a deployment reads it
      --ssm NAME       an SSM parameter, encrypted
      --secret NAME    a secret of Secrets Manager
      --kvs ARN        CloudFront's key value store, hashes only; prints the commands
      --usage-plan ID  a usage plan of API Gateway, hashes only; prints the commands

  --file FILE          the registry file; default: .keys.json
  --help`;

const STRING = { type: 'string' } as const;
const OPTIONS = {
  file: { type: 'string', default: '.keys.json' },
  overlap: { type: 'string', default: '30d' },
  mode: STRING,
  ssm: STRING,
  secret: STRING,
  purge: { type: 'boolean' },
  distribution: STRING,
  kvs: STRING,
  'usage-plan': STRING,
  help: { type: 'boolean' },
  ...Object.fromEntries(
    POLICIES.map(([name, { type }]) => [kebabCase(name), type === 'boolean' ? ({ type: 'boolean' } as const) : STRING]),
  ),
} as const;

/** Reads the policies of the command line, in the types of the schema; the registry validates them. */
function readPolicies(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    POLICIES.flatMap(([name, property]) => {
      const value = values[kebabCase(name)];
      if (value === undefined) return [];
      const isNumeric = property.type === 'integer' || ('items' in property && property.items.type === 'integer');
      const typed = (text: string) => (isNumeric && /^\d+$/.test(text) ? Number(text) : text);
      if (property.type === 'array') {
        const items = String(value).split(',');
        return [[name, items.map((item) => typed(item.trim()))]];
      }
      return [[name, typeof value === 'string' ? typed(value) : value]];
    }),
  );
}

function requireId(id: string | undefined): string {
  if (!id) throw new UsageError('An id is required, such as: pixgate keys add acme');
  return id;
}

/**
 * Adds a key with the policies of the newest one of this id, and ends the others after the overlap.
 *
 * @param overlap a duration such as `30d`
 * @throws UsageError without an enabled key of this id, or for an invalid overlap
 */
function rotate(entries: readonly Entry[], id: string, overlap: string): { entries: Entry[]; credential: string } {
  const seconds = parseDuration(overlap);
  if (Number.isNaN(seconds)) throw new UsageError('--overlap must be a duration such as 30d');
  const current = entries.filter((entry) => entry.id === id && !entry.disabled);
  const newest = current.at(-1);
  if (!newest) throw new UsageError(`There is no enabled key with the id ${id}.`);
  const end = new Date(Date.now() + seconds * 1000).toISOString();
  const { sha256: _, secret: __, notBefore: ___, notAfter: ____, ...policies } = newest;
  const { credential, stored } = createKey(newest.mode ?? 'plain');
  const ending = (entry: Entry) =>
    current.includes(entry) && !(entry.notAfter && entry.notAfter < end) ? { ...entry, notAfter: end } : entry;
  return { entries: [...entries.map(ending), { ...policies, ...stored }], credential };
}

/** Where `disable` purges. */
interface PurgeTarget {
  readonly purge?: boolean;
  readonly distribution?: string;
}

/**
 * Pushes a registry with a disabled key if there is a target, and purges what was cached for the key if that is wanted. In this
 * order: before the push, the same images would be cached again.
 */
async function disableEverywhere(
  file: string,
  id: string,
  { purge, distribution, ...target }: PurgeTarget & PushTarget,
  print: (line: string) => void,
): Promise<void> {
  if (target.ssm || target.secret || target.kvs) print(await pushKeys(file, target));
  if (!purge) return;
  const tags = [`#k-${id}`];
  print(distribution ? await invalidate(distribution, tags) : invalidationCommand('DISTRIBUTION_ID', tags));
  print('Purge again after API_KEYS_REFRESH (5 minutes): until then, a running instance may still accept the key.');
}

/** Runs a subcommand. @param print receives its output @throws UsageError */
export async function keysCommand(args: readonly string[], print: (line: string) => void): Promise<void> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const options = values as PushTarget & PurgeTarget & { mode?: string; file: string; overlap: string };
  const { file } = options;
  const [command, id] = positionals;
  const entries = readEntries(file);
  switch (values.help ? 'help' : command) {
    case 'add': {
      const { credential, stored } = createKey(options.mode ?? 'plain');
      if (options.mode !== undefined && !['plain', 'signed'].includes(options.mode))
        throw new UsageError('--mode must be plain or signed');
      writeEntries(file, [...entries, { id: requireId(id), ...stored, ...readPolicies(values) }]);
      return print(credential);
    }
    case 'list':
      return print(formatEntries(entries));
    case 'rotate': {
      const { entries: rotated, credential } = rotate(entries, requireId(id), options.overlap);
      writeEntries(file, rotated);
      return print(credential);
    }
    case 'disable': {
      if (!entries.some((entry) => entry.id === requireId(id)))
        throw new UsageError(`There is no key with the id ${id}.`);
      writeEntries(
        file,
        entries.map((entry) => (entry.id === id ? { ...entry, disabled: true } : entry)),
      );
      print(`All keys of ${id} are disabled.`);
      return disableEverywhere(file, requireId(id), options, print);
    }
    case 'push':
      return print(await pushKeys(file, options));
    case 'help':
    case undefined:
      return print(HELP);
    default:
      throw new UsageError(`Unknown command: keys ${command}\n\n${HELP}`);
  }
}
