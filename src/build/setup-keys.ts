/** The API keys of a first deployment: found in SSM or in the local registry, else one is made. */
import { readFileSync } from 'node:fs';
import { UsageError } from '../cli/arguments.ts';
import { createKey, readEntries, writeEntries } from '../cli/registry-file.ts';
import { compact, readParameter, writeParameter } from '../cli/ssm.ts';

/** Where the keys are: in the SSM parameter, in the local registry only, or nowhere yet. */
export type KeyState = 'stored' | 'local' | 'none';

/** An SSM parameter and the local registry file for it. */
export interface KeyPlace {
  readonly parameter: string;
  readonly region: string;
  /** Path of the registry file. */
  readonly file: string;
}

/** Compares the registry in SSM with the local one. @throws UsageError if both exist and differ: neither is overwritten */
export async function findKeys({ parameter, region, file }: KeyPlace): Promise<KeyState> {
  const stored = await readParameter(parameter, region);
  const entries = readEntries(file);
  if (!entries.length) return stored === undefined ? 'none' : 'stored';
  if (stored === undefined) return 'local';
  if (compact(stored) === JSON.stringify(entries)) return 'stored';
  throw new UsageError(
    `The keys in .keys.json are not those in the SSM parameter ${parameter}. To replace these: npm run keys -- push --ssm ${parameter}; to use these: move .keys.json away.`,
  );
}

/**
 * Makes a key unless there are some, and writes the registry to SSM unless it is there.
 *
 * @param id of the new key
 * @param print receives what was done, and a new key, once
 */
export async function storeKeys(
  state: KeyState,
  id: string,
  { parameter, region, file }: KeyPlace,
  print: (line: string) => void,
): Promise<void> {
  if (state === 'stored') return print(`\nThe API keys in the SSM parameter ${parameter} stay as they are.`);
  if (state === 'none') {
    const { credential, stored } = createKey('plain');
    writeEntries(file, [{ id, ...stored }]);
    print(`\nAPI key of ${id}, printed this once: ${credential}\nIts hash is in .keys.json. In a URL, it is k=KEY.`);
  }
  await writeParameter(parameter, readFileSync(file, 'utf8'), region);
  print(`Wrote the keys to the SSM parameter ${parameter}.`);
}
