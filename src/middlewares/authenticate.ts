/** Finds the key that a request is authenticated by: an API key, or the id of a signing key and a signature. Knows no middy. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ImageError } from '../errors.ts';
import { getHeader, getHosts, getPaths, getQuery, type HttpEvent, type Parameter } from '../http/event.ts';
import { checkExpiry, describeMismatch, matchingSecret, type SignedRequest } from './signature.ts';
import type { ApiKey } from './types.ts';

const digest = (key: string) => hash('sha256', key, 'buffer');
/** The secret for an unknown id, so that it takes the same time. */
const DUMMY_SECRET = randomBytes(32);

/** Returns the keys in the query: `k`. */
const queryKeys = (query: readonly Parameter[]) =>
  query.flatMap(({ name, value }) => (name === 'k' ? [value ?? ''] : []));

/** Returns every key of a request: `k`, `x-api-key`, `Authorization: Bearer`. */
function extractCredentials(event: HttpEvent, query: readonly Parameter[]): string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(`${getHeader(event, 'authorization')}`)?.[1];
  return [...queryKeys(query), getHeader(event, 'x-api-key'), bearer].filter((key): key is string => key !== undefined);
}

/** Whether a request carries a key. */
export const hasKey = (event: HttpEvent): boolean => extractCredentials(event, getQuery(event)).length > 0;

const unauthorized = (message: string) => new ImageError('UNAUTHORIZED', message);

/** Returns why a known key is not valid now; undefined when it is. */
function invalidReason(
  { disabled, notBefore = 0, notAfter = Number.POSITIVE_INFINITY }: ApiKey,
  now: number,
): string | undefined {
  if (disabled) return 'This API key is disabled.';
  if (now < notBefore) return 'This API key is not valid yet.';
  return now >= notAfter ? 'This API key has expired.' : undefined;
}

/** @throws ImageError UNAUTHORIZED when a known key is not valid now */
export function assertValid(key: ApiKey, now: number): void {
  const reason = invalidReason(key, now);
  if (reason) throw unauthorized(reason);
}

/** Returns an entry that is valid now, else the first: while a key is rotated, several entries match. */
const preferValid = <K extends ApiKey>(entries: readonly K[], now: number): K | undefined =>
  entries.find((key) => !invalidReason(key, now)) ?? entries[0];

/** Keys, prepared for comparison. */
interface KeyIndex<K extends ApiKey> {
  readonly keys: readonly K[];
  readonly plain: readonly { entry: K; sha256: Buffer }[];
  readonly signed: readonly { entry: K; secret: Uint8Array }[];
}

/** Prepares keys for comparison. @throws TypeError for an entry without id, or without key, hash and secret */
function indexKeys<K extends ApiKey>(keys: readonly K[]): KeyIndex<K> {
  if (!Array.isArray(keys)) throw new TypeError('apiKey: the function in keys must return a list');
  const plain: { entry: K; sha256: Buffer }[] = [];
  const signed: { entry: K; secret: Uint8Array }[] = [];
  for (const entry of keys as readonly K[]) {
    const { id, key, sha256, secret } = entry;
    if (!id) throw new TypeError('apiKey: each of keys needs an id');
    if (secret?.length) signed.push({ entry, secret });
    else if (key) plain.push({ entry, sha256: digest(key) });
    else if (sha256 && /^[0-9a-f]{64}$/i.test(sha256)) plain.push({ entry, sha256: Buffer.from(sha256, 'hex') });
    else throw new TypeError(`apiKey: ${id} in keys needs a key, a sha256 or a secret, not empty`);
  }
  return { keys, plain, signed };
}

/** Returns the entry of a key. All keys are compared, without an early exit. @throws ImageError UNAUTHORIZED */
function findKey<K extends ApiKey>({ plain }: KeyIndex<K>, key: string, now: number): K {
  const sha256 = digest(key);
  const matches = plain.filter((candidate) => timingSafeEqual(sha256, candidate.sha256));
  const entries = matches.map(({ entry }) => entry);
  const entry = preferValid(entries, now);
  if (!entry) throw unauthorized('This API key is not known.');
  return entry;
}

/** Returns the entry that a URL was signed with. @throws ImageError SIGNATURE_INVALID, SIGNATURE_EXPIRED */
function findSigner<K extends ApiKey>({ signed }: KeyIndex<K>, id: string, request: SignedRequest, now: number): K {
  const candidates = signed.filter(({ entry }) => entry.id === id);
  const secrets = candidates.map(({ secret }) => secret);
  const entry = candidates[matchingSecret(request, secrets.length ? secrets : [DUMMY_SECRET])]?.entry;
  if (!entry)
    throw new ImageError('SIGNATURE_INVALID', 'The signature does not match this URL, or its key is not known.', {
      cause: describeMismatch(request, candidates.length > 0),
    });
  checkExpiry(request.parameters.find(([name]) => name === 'exp')?.[1], now);
  return entry;
}

/** What `createAuthenticator` needs; see `ApiKeyOptions`. */
interface AuthenticatorOptions<K extends ApiKey> {
  readonly keys: readonly K[] | (() => readonly K[]);
  readonly hosts: readonly string[];
  readonly anonymous: boolean;
  /** Whether headers are read too, beside `k`. */
  readonly headers?: boolean;
}

/**
 * Returns a function that returns the entry of a request's key; undefined for a request without one, where that is allowed.
 *
 * @throws TypeError when there is no key, or one has no id or no key; from a list that a function returns later, at a request
 * @throws ImageError UNAUTHORIZED, SIGNATURE_INVALID, SIGNATURE_EXPIRED, at a request
 */
export function createAuthenticator<K extends ApiKey>({
  keys,
  hosts,
  anonymous,
  headers = true,
}: AuthenticatorOptions<K>) {
  const currentKeys = typeof keys === 'function' ? keys : () => keys;
  let index = indexKeys(currentKeys());
  if (index.keys.length === 0 && !anonymous) throw new TypeError('apiKey: keys must hold at least one key');

  /** Finds the entry of a key, or of a key's id where the request has a signature. */
  function findEntry(event: HttpEvent, query: readonly Parameter[], key: string, now: number): K {
    const parameters = query.map(({ name, value }) => [name, value ?? ''] as const);
    const signature = parameters.find(([name]) => name === 's')?.[1];
    if (signature === undefined) return findKey(index, key, now);
    const allHosts = [...new Set([...hosts, ...getHosts(event)])];
    return findSigner(index, key, { hosts: allHosts, paths: getPaths(event), parameters, signature }, now);
  }

  return (event: HttpEvent): K | undefined => {
    const newKeys = currentKeys();
    if (newKeys !== index.keys) index = indexKeys(newKeys);
    const query = getQuery(event);
    const [key, ...others] = headers ? extractCredentials(event, query) : queryKeys(query);
    if (key === undefined && anonymous) return undefined;
    if (!key) throw unauthorized('An API key is required: add k=KEY to the query.');
    if (others.some((other) => other !== key)) throw unauthorized('Two different API keys were given: send one.');
    const now = Date.now();
    const entry = findEntry(event, query, key, now);
    assertValid(entry, now);
    return entry;
  };
}
