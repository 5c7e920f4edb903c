/** The commands `pixgate keys disable`, `enable`, `remove` and `push`. */
import { type Options, UsageError } from './arguments.ts';
import { defineCommand } from './command.ts';
import { invalidate, invalidationCommand } from './invalidate.ts';
import { stateOf } from './key-entries.ts';
import { DEFAULT_FILE, FILE, openExisting } from './key-registry.ts';
import { type PushTarget, pushKeys } from './push.ts';
import { type Entry, writeEntries } from './registry-file.ts';

const PUSH_OPTIONS = {
  ssm: { type: 'string', placeholder: 'NAME', description: 'an SSM parameter, encrypted' },
  secret: { type: 'string', placeholder: 'NAME', description: 'a secret of Secrets Manager' },
  kvs: {
    type: 'string',
    placeholder: 'ARN',
    description: "CloudFront's key value store, hashes only; prints the commands",
  },
} as const satisfies Options;

/** Sets or removes `disabled` of all keys of an id. */
function setDisabled(entries: readonly Entry[], id: string, disabled: boolean): Entry[] {
  return entries.map((entry) => {
    if (entry.id !== id) return entry;
    const { disabled: _, ...enabled } = entry;
    return disabled ? { ...enabled, disabled } : enabled;
  });
}

/**
 * Pushes a registry with a disabled key if there is a target, and purges what was cached for the key if that is wanted. In this
 * order: before the push, the same images would be cached again.
 */
async function disableEverywhere(
  file: string,
  id: string,
  { purge, distribution, ...target }: PushTarget & { purge?: boolean | undefined; distribution?: string | undefined },
): Promise<void> {
  if (target.ssm || target.secret || target.kvs) console.log(await pushKeys(file, target));
  if (!purge) return;
  const tags = [`#k-${id}`];
  console.log(distribution ? await invalidate(distribution, tags) : invalidationCommand('DISTRIBUTION_ID', tags));
  console.log(
    'Purge again after API_KEYS_REFRESH (5 minutes): until then, a running instance may still accept the key.',
  );
}

export const disable = defineCommand({
  usage: 'ID [options]',
  description: 'Revokes all keys of an id; with a target of keys push, there, too.',
  options: {
    purge: {
      type: 'boolean',
      description: 'also purges its images from CloudFront, after a push; without --distribution, prints the command',
    },
    distribution: { type: 'string', placeholder: 'ID', description: 'the CloudFront distribution of --purge' },
    ...PUSH_OPTIONS,
    ...FILE,
  },
  async run({ values: { file: given, ...targets }, positionals }) {
    const { id, file, path, entries } = openExisting(given, positionals);
    writeEntries(file, setDisabled(entries, id, true));
    console.log(`All keys of ${id} are disabled in ${path}.`);
    await disableEverywhere(file, id, targets);
  },
});

export const enable = defineCommand({
  usage: 'ID [options]',
  description: 'Makes the disabled keys of an id valid again.',
  options: FILE,
  run({ values, positionals }) {
    const { id, file, path, entries, own } = openExisting(values.file, positionals);
    if (!own.some(({ disabled }) => disabled)) throw new UsageError(`No key of ${id} is disabled in ${path}.`);
    writeEntries(file, setDisabled(entries, id, false));
    console.log(`All keys of ${id} are enabled in ${path}.`);
  },
});

export const remove = defineCommand({
  usage: 'ID [options]',
  description: 'Removes the disabled and expired keys of an id from the registry.',
  options: FILE,
  run({ values, positionals }) {
    const { id, file, path, entries, own } = openExisting(values.file, positionals);
    const removed = own.filter((entry) => ['disabled', 'expired'].includes(stateOf(entry, Date.now())));
    // CloudFront's store keeps an entry that a push does not mention: a valid one would stay valid there.
    if (!removed.length) throw new UsageError(`${id} is valid. Revoke it first: pixgate keys disable ${id}`);
    const others = entries.filter((entry) => !removed.includes(entry));
    if (!others.length)
      throw new UsageError(`${path} has no other key, and a registry has at least one. Add one first.`);
    writeEntries(file, others);
    console.log(`Removed ${removed.length} ${removed.length === 1 ? 'key' : 'keys'} of ${id} from ${path}.`);
  },
});

export const push = defineCommand({
  usage: '--ssm NAME | --secret NAME | --kvs ARN | --usage-plan ID',
  description: 'Writes the registry to where a deployment reads it.',
  options: {
    ...PUSH_OPTIONS,
    'usage-plan': {
      type: 'string',
      placeholder: 'ID',
      description: 'a usage plan of API Gateway, hashes only; prints the commands',
    },
    ...FILE,
  },
  async run({ values: { file = DEFAULT_FILE, ...target } }) {
    console.log(await pushKeys(file, target));
  },
});
