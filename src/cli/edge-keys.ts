/** The entries of CloudFront's key value store: what its function checks of each key. Pure. */
import type { Key } from '../keys/registry.ts';
import { UsageError } from './arguments.ts';

/**
 * What the store has for a key: 0 for a revoked one, else its times in seconds since 1970, its `pages`, and `own` if it has
 * another policy. The images of such a key have cache entries of their own, because the origin checks its policy at a miss only.
 */
export type EdgeEntry =
  | 0
  | {
      readonly id: string;
      readonly from?: number;
      readonly until?: number;
      readonly pages?: readonly string[];
      readonly own?: 1;
    };

/** Maximum bytes of a value in the store (CloudFront, "Quotas on key value stores"). */
const MAX_VALUE_BYTES = 1024;
/** Maximum pairs in one update (CloudFront KeyValueStore API, `UpdateKeys`). */
const MAX_PAIRS = 50;

/** Returns the name of a key in the store: the hash of a plain key, or the id of a signing one. */
export const edgeName = ({ id, sha256 }: Pick<Key, 'id' | 'sha256'>): string => sha256 ?? `signed-${id}`;

/** Whether a key has a policy other than `pages`. */
const hasOwnPolicy = ({ policy: { pages: _, presetsOnly, ...others } }: Key): boolean =>
  presetsOnly === true || Object.values(others).some((value) => value !== undefined);

/** Combines the entries of one hash or id, such as an expired and a prolonged one: the origin checks each by itself. */
function combine(keys: readonly Key[]): EdgeEntry {
  const enabled = keys.filter(({ disabled }) => !disabled);
  if (!enabled[0]) return 0;
  const earliest = Math.min(...enabled.map(({ notBefore = Number.NEGATIVE_INFINITY }) => notBefore));
  const latest = Math.max(...enabled.map(({ notAfter = Number.POSITIVE_INFINITY }) => notAfter));
  const pages = enabled.every(({ policy }) => policy.pages)
    ? [...new Set(enabled.flatMap(({ policy }) => policy.pages ?? []))].map((page) => page.toLowerCase())
    : undefined;
  return {
    id: enabled[0].id,
    ...(Number.isFinite(earliest) && { from: earliest / 1000 }),
    ...(Number.isFinite(latest) && { until: latest / 1000 }),
    ...(pages && { pages }),
    ...((enabled.length > 1 ? enabled.some(hasOwnPolicy) : hasOwnPolicy(enabled[0])) && { own: 1 as const }),
  };
}

/** Returns the pairs of the store. @throws UsageError for a value that is too long for it */
export function edgeEntries(keys: readonly Key[]): readonly { readonly Key: string; readonly Value: string }[] {
  const names = [...new Set(keys.map(edgeName))];
  return names.map((name) => {
    const entry = combine(keys.filter((key) => edgeName(key) === name));
    const Value = JSON.stringify(entry);
    if (Buffer.byteLength(Value) > MAX_VALUE_BYTES)
      throw new UsageError(
        `The pages of ${keys.find((key) => edgeName(key) === name)?.id} are too long for the key value store: at most 1 kB.`,
      );
    return { Key: name, Value };
  });
}

/** Returns the commands that write all keys, 50 at a time: usually one. The store is consistent after each of them. */
export function keyValueStoreCommands(keys: readonly Key[], arn: string): string[] {
  const entries = edgeEntries(keys);
  const store = `--kvs-arn ${arn}`;
  const etag = `$(aws cloudfront-keyvaluestore describe-key-value-store ${store} --query ETag --output text)`;
  return Array.from({ length: Math.ceil(entries.length / MAX_PAIRS) }, (_, i) => {
    const puts = JSON.stringify(entries.slice(i * MAX_PAIRS, (i + 1) * MAX_PAIRS));
    return `aws cloudfront-keyvaluestore update-keys ${store} --if-match "${etag}" --puts '${puts}'`;
  });
}
