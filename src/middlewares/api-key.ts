import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ImageError } from '../errors.ts';
import { getHeader, getMethod, getQuery, type HttpEvent } from '../event.ts';

/** A key and the name under which it is logged. */
export interface ApiKey {
  readonly id: string;
  readonly key: string;
}

const digest = (key: string) => createHash('sha256').update(key).digest();

/** Every key that the request carries: `k`, `x-api-key`, `Authorization: Bearer`. */
function presented(event: HttpEvent): string[] {
  const bearer = /^Bearer +(\S+) *$/i.exec(getHeader(event, 'authorization') ?? '')?.[1];
  const inQuery = getQuery(event).flatMap(({ name, value }) => (name === 'k' ? [value ?? ''] : []));
  return [...inQuery, getHeader(event, 'x-api-key'), bearer].filter((key): key is string => key !== undefined);
}

/**
 * Lets a request pass that carries a known API key, and puts the key's id into `request.internal.apiKeyId`.
 * A preflight (OPTIONS) carries no credentials (Fetch, 3.2.2) and passes.
 *
 * Keys are compared as SHA-256 digests, all of them, in constant time: neither a key's length nor its first bytes
 * nor its place in the list can be measured. Costs about 5 µs and 1 µs per key.
 *
 * @param options.keys the known keys, at least one
 * @throws TypeError in the factory, when there is no key, or one without id or key
 * @throws ImageError UNAUTHORIZED when the key is missing or wrong, or when two different ones are given
 * @example middy().use(apiKey({ keys: [{ id: 'acme', key: 'secret' }] })).handler(…)
 */
export function apiKey({ keys }: { keys: readonly ApiKey[] }): MiddlewareObj<HttpEvent> {
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError('apiKey: keys must hold at least one key');
  for (const { id, key } of keys)
    if (!id || !key) throw new TypeError('apiKey: each of keys needs an id and a key, both not empty');
  const known = keys.map(({ id, key }) => ({ id, sha256: digest(key) }));

  const apiKeyBefore = (request: Request<HttpEvent, unknown, Error, Context, { apiKeyId?: string }>) => {
    if (getMethod(request.event) === 'OPTIONS') return;
    const [first, ...others] = presented(request.event);
    if (!first) throw new ImageError('UNAUTHORIZED', 'An API key is required: add k=KEY to the query.');
    if (others.some((other) => other !== first))
      throw new ImageError('UNAUTHORIZED', 'Two different API keys were given: send one.');
    const given = digest(first);
    let id: string | undefined;
    for (const entry of known) if (timingSafeEqual(given, entry.sha256)) id = entry.id;
    if (id === undefined) throw new ImageError('UNAUTHORIZED', 'This API key is not known.');
    request.internal.apiKeyId = id;
  };

  return { before: apiKeyBefore };
}
