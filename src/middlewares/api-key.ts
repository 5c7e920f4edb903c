import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ImageError } from '../errors.ts';
import { getHeader, getHosts, getMethod, getPaths, getQuery, type HttpEvent, type Parameter } from '../http/event.ts';
import { checkOptions } from './check-options.ts';
import type { ApiKeyOptions } from './options.ts';
import { checkExpiry, matchingSecret } from './signature.ts';
import type { ApiKey } from './types.ts';

export type { ApiKey } from './types.ts';

/** What stands in `request.internal`: the entry by which a request was let in; nothing for one without a key, where that is allowed. */
export type ApiKeyInternal<K extends ApiKey = ApiKey> = { apiKey?: K; apiKeyId?: string };

const digest = (key: string) => hash('sha256', key, 'buffer');
/** For an id that is not known, so that it costs the same. */
const DUMMY = randomBytes(32);

/** Every key that the request carries: `k`, `x-api-key`, `Authorization: Bearer`. */
function extractCredentials(event: HttpEvent, query: readonly Parameter[]): string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(`${getHeader(event, 'authorization')}`)?.[1];
  const inQuery = query.flatMap(({ name, value }) => (name === 'k' ? [value ?? ''] : []));
  return [...inQuery, getHeader(event, 'x-api-key'), bearer].filter((key): key is string => key !== undefined);
}

const unauthorized = (why: string) => new ImageError('UNAUTHORIZED', why);

/** Why a key that is right is not valid now. */
function invalidReason(
  { disabled, notBefore = 0, notAfter = Number.POSITIVE_INFINITY }: ApiKey,
  now: number,
): string | undefined {
  if (disabled) return 'This API key is disabled.';
  if (now < notBefore) return 'This API key is not valid yet.';
  return now >= notAfter ? 'This API key has expired.' : undefined;
}

/** Of entries that fit, the one that is valid now, else any of them: while a key is rotated there are several. */
const preferValid = <K extends ApiKey>(fitting: readonly K[], now: number): K | undefined =>
  fitting.find((key) => !invalidReason(key, now)) ?? fitting[0];

/** A list of keys, ready to compare. */
function indexKeys<K extends ApiKey>(keys: readonly K[]) {
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

/**
 * Lets a request pass that carries a known API key, or is signed with a known secret, and puts the key's entry into
 * `request.internal.apiKey` and its id into `apiKeyId`. A preflight (OPTIONS) carries no credentials (Fetch, 3.2.2) and
 * passes.
 *
 * Keys are compared as SHA-256 digests, all of them, in constant time: neither a key's length nor its first bytes
 * nor its place in the list can be measured. Costs 2 µs a request for one key, 3 for ten (medians of
 * `npm run bench:middlewares`); a signed address 10 µs for each of our names.
 *
 * @throws TypeError in the factory, when an option is not what it must be, there is no key, or one without id or key; from a
 *   function's later list at each request
 * @throws ImageError UNAUTHORIZED when the key is missing, wrong or not valid now, or when two different ones are given;
 *   SIGNATURE_INVALID, SIGNATURE_EXPIRED
 * @example
 * import middy from '@middy/core';
 * import { apiKey } from 'pixgate/middlewares/api-key';
 * const handler = middy()
 *   .use(apiKey({ keys: [{ id: 'acme', key: 'theKey' }] }))
 *   .before(({ internal }) => console.log(internal.apiKeyId)) // → acme
 *   .handler(() => ({ statusCode: 200, body: 'hello' }));
 * await handler({ headers: { 'x-api-key': 'theKey' } }, {});
 */
export function apiKey<K extends ApiKey>(
  options: ApiKeyOptions<K>,
): MiddlewareObj<HttpEvent, unknown, Error, Context, ApiKeyInternal<K>> {
  const { keys, hosts, anonymous } = checkOptions<ApiKeyOptions<K>, 'hosts' | 'anonymous'>('apiKey', options);
  const current = typeof keys === 'function' ? keys : () => keys;
  let known = indexKeys(current());
  if (known.keys.length === 0 && !anonymous) throw new TypeError('apiKey: keys must hold at least one key');

  function find(event: HttpEvent, query: readonly Parameter[], given: string, now: number): K {
    const parameters = query.map(({ name, value }) => [name, value ?? ''] as const);
    const signature = parameters.find(([name]) => name === 's')?.[1];
    if (signature !== undefined) {
      const candidates = known.signed.filter(({ entry }) => entry.id === given);
      const secrets = candidates.map(({ secret }) => secret);
      const allHosts = [...new Set([...hosts, ...getHosts(event)])];
      const request = { hosts: allHosts, paths: getPaths(event), parameters, signature };
      const found = candidates[matchingSecret(request, secrets.length ? secrets : [DUMMY])]?.entry;
      if (!found)
        throw new ImageError('SIGNATURE_INVALID', 'The signature does not fit this address, or its key is not known.');
      checkExpiry(parameters.find(([name]) => name === 'exp')?.[1], now);
      return found;
    }
    const sha256 = digest(given);
    const fitting = known.plain.filter((key) => timingSafeEqual(sha256, key.sha256));
    const entry = preferValid(
      fitting.map((key) => key.entry),
      now,
    );
    if (!entry) throw unauthorized('This API key is not known.');
    return entry;
  }

  const apiKeyBefore = (request: Request<HttpEvent, unknown, Error, Context, ApiKeyInternal<K>>) => {
    if (getMethod(request.event) === 'OPTIONS') return;
    const list = current();
    if (list !== known.keys) known = indexKeys(list);
    const query = getQuery(request.event);
    const [given, ...others] = extractCredentials(request.event, query);
    if (given === undefined && anonymous) return;
    if (!given) throw unauthorized('An API key is required: add k=KEY to the query.');
    if (others.some((other) => other !== given)) throw unauthorized('Two different API keys were given: send one.');
    const now = Date.now();
    const entry = find(request.event, query, given, now);
    const fault = invalidReason(entry, now);
    if (fault) throw unauthorized(fault);
    request.internal.apiKey = entry;
    request.internal.apiKeyId = entry.id;
  };

  return { before: apiKeyBefore };
}
