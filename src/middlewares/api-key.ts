import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { getMethod, type HttpEvent } from '../http/event.ts';
import { createAuthenticator } from './authenticate.ts';
import { checkOptions } from './check-options.ts';
import type { ApiKeyOptions } from './options.ts';
import type { ApiKey } from './types.ts';

export type { ApiKey } from './types.ts';

/** The members of `request.internal` after this middleware. Undefined for a request without a key, where that is allowed. */
export type ApiKeyInternal<K extends ApiKey = ApiKey> = { apiKey?: K; apiKeyId?: string };

/**
 * Authenticates a request by an API key or by a signature, and sets `request.internal.apiKey` to the key's entry and
 * `apiKeyId` to its id. A preflight (OPTIONS) carries no credentials (Fetch, 3.2.2) and passes.
 *
 * Keys are compared as SHA-256 hashes, all of them, in constant time: the time reveals neither a key's length nor its first
 * bytes nor its position. Takes 2 µs per request for one key, 3 for ten (medians of `npm run bench:middlewares`); a signed
 * URL 10 µs for each of our hosts.
 *
 * @throws TypeError in the factory, when an option is invalid, there is no key, or one has no id or no key; from the list that
 *   a function returns later, at a request
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
  const authenticate = createAuthenticator(checkOptions<ApiKeyOptions<K>, 'hosts' | 'anonymous'>('apiKey', options));

  const apiKeyBefore = ({ event, internal }: Request<HttpEvent, unknown, Error, Context, ApiKeyInternal<K>>) => {
    if (getMethod(event) === 'OPTIONS') return;
    const entry = authenticate(event);
    if (!entry) return;
    internal.apiKey = entry;
    internal.apiKeyId = entry.id;
  };

  return { before: apiKeyBefore };
}
