/** The commands `pixgate keys add` and `rotate`, which print a new key. */
import schema from '../../schemas/keys.json' with { type: 'json' };
import { UsageError } from './arguments.ts';
import { defineCommand } from './command.ts';
import { RULE_OPTIONS, readRules, rotate as rotateEntries } from './key-entries.ts';
import { FILE, openExisting, openRegistry } from './key-registry.ts';
import { createKey, type Entry, writeEntries } from './registry-file.ts';

/** What is printed beside a key, on standard error: standard output has the key alone. */
const stored = (path: string, id: string, { secret }: Partial<Entry>) =>
  console.error(
    secret === undefined
      ? `The hash and the rules of ${id} are in ${path}. The key itself is printed this once.`
      : `The secret and the rules of ${id} are in ${path}.`,
  );

/** Keys of imgproxy are not created: they have the secret and the salt of an imgproxy. */
const MODES = schema.items.properties.mode.enum.filter((mode) => mode !== 'imgproxy');

export const add = defineCommand({
  usage: 'ID [options]',
  description: 'Creates a key and prints it once. The registry has its hash.',
  options: {
    mode: {
      type: 'string',
      placeholder: 'MODE',
      description: 'plain, or signed: a signing secret, which the registry stores itself',
      values: MODES,
    },
    another: { type: 'boolean', description: 'adds a second key to an id that has one' },
    ...FILE,
    ...RULE_OPTIONS,
  },
  run({ values: { mode = 'plain', another, file, ...rules }, positionals }) {
    const { id, path, entries, own, ...registry } = openRegistry(file as string | undefined, positionals);
    if (!MODES.includes(String(mode))) throw new UsageError(`--mode must be ${MODES.join(' or ')}`);
    if (own.length && !another)
      throw new UsageError(
        `${path} has a key with the id ${id}. To replace it: pixgate keys rotate ${id}; for a second one: --another`,
      );
    const key = createKey(String(mode));
    writeEntries(registry.file, [...entries, { id, ...key.stored, ...readRules(rules) }]);
    console.log(key.credential);
    stored(path, id, key.stored);
  },
});

export const rotate = defineCommand({
  usage: 'ID [options]',
  description: 'Creates a new key for an id, with the rules of the newest one. The others expire after the overlap.',
  options: {
    overlap: {
      type: 'string',
      placeholder: '30d',
      description: 'how long the other keys stay valid (s, m, h, d, w); default: 30d',
    },
    ...FILE,
  },
  run({ values: { overlap = '30d', ...values }, positionals }) {
    const { id, file, path, entries } = openExisting(values.file, positionals);
    const { entries: rotated, credential, end } = rotateEntries(entries, id, overlap, Date.now());
    writeEntries(file, rotated);
    console.log(credential);
    stored(path, id, rotated.at(-1) ?? {});
    console.error(`Its other keys are valid until ${end} at the latest.`);
  },
});
