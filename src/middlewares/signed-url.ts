import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import { ImageError } from '../errors.ts';
import { getMethod, getQuery, type HttpEvent } from '../http/event.ts';
import { createAuthenticator } from './authenticate.ts';
import { checkOptions } from './check-options.ts';
import type { SignedUrlOptions } from './options.ts';
import type { ApiKey, UrlSecret } from './types.ts';

export type { UrlSecret } from './types.ts';

/** Bytes of the shortest secret: 128 bits. */
const MIN_BYTES = 16;

/** @throws TypeError for a secret that is too short, or not base64url: the secret is not part of the message */
function decodeSecret({ id, secret }: UrlSecret): Uint8Array {
  const text = typeof secret === 'string' ? secret.replace(/^pxg_/, '').replace(/=$/, '') : undefined;
  const bytes = text === undefined ? secret : Buffer.from(text, 'base64url');
  const isEncoded = /^[\w-]*$/.test(text ?? '');
  if (!(bytes instanceof Uint8Array) || bytes.length < MIN_BYTES || !isEncoded)
    throw new TypeError(
      `signedUrl: the secret of ${id} must be at least ${MIN_BYTES} bytes, as base64url if it is a string`,
    );
  return bytes;
}

/** @throws TypeError */
function toKeys(secrets: readonly UrlSecret[]): ApiKey[] {
  if (!Array.isArray(secrets)) throw new TypeError('signedUrl: the function in secrets must return a list');
  if (!secrets.length) throw new TypeError('signedUrl: secrets must hold at least one secret');
  if (!secrets.every(({ id }) => id)) throw new TypeError('signedUrl: each of secrets needs an id');
  return secrets.map((entry: UrlSecret) => ({ ...entry, secret: decodeSecret(entry) }));
}

/**
 * Lets requests pass whose URL was signed with one of the secrets and has not expired, and sets `request.internal.apiKeyId` to the
 * id of the secret. The signature covers host, path and every parameter, whatever they are for: see `docs/signature.md`. A
 * preflight (OPTIONS) passes. `signUrl` of `pixgate/url` signs.
 *
 * Takes 10 µs for each host of ours and each secret with the id of the URL.
 *
 * @throws TypeError in the factory, when an option is invalid, there is no secret, or one is too short; for what a function
 *   returns, at a request
 * @throws ImageError UNAUTHORIZED without a signature, or when the secret is not valid now; SIGNATURE_INVALID, SIGNATURE_EXPIRED
 * @example
 * import middy from '@middy/core';
 * import { signUrl } from 'pixgate/url';
 * import { signedUrl } from 'pixgate/middlewares/signed-url';
 * const key = { id: 'acme', secret: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8' };
 * const handler = middy()
 *   .use(signedUrl({ secrets: [key] }))
 *   .handler(() => ({ statusCode: 200, body: 'hello' }));
 * const { host, pathname, search } = new URL(await signUrl('https://example.com/report?year=2026', key));
 * const event = { rawPath: pathname, rawQueryString: search.slice(1), headers: { host } };
 * console.log((await handler(event, {})).body); // → hello
 */
export function signedUrl(
  options: SignedUrlOptions,
): MiddlewareObj<HttpEvent, unknown, Error, Context, { apiKeyId?: string }> {
  const { secrets, hosts } = checkOptions<SignedUrlOptions, 'hosts'>('signedUrl', options);
  let keys = typeof secrets === 'function' ? [] : toKeys(secrets);
  // Anonymous, because a function has returned no secrets yet; a request without a signature is refused below. Headers are those
  // of other middlewares.
  const authenticate = createAuthenticator({ keys: () => keys, hosts, anonymous: true, headers: false });

  const signedUrlBefore = async (request: Request<HttpEvent>) => {
    const { event, internal } = request;
    if (getMethod(event) === 'OPTIONS') return;
    const names = getQuery(event).flatMap(({ name, value }) => (value ? [name] : []));
    if (!names.includes('k') || !names.includes('s'))
      throw new ImageError(
        'UNAUTHORIZED',
        'This URL must be signed: it needs k, the id of the secret, and s, the signature.',
      );
    const current = typeof secrets === 'function' ? toKeys(await secrets(request)) : keys;
    // Not before: another request may run while this one waits.
    keys = current;
    Object.assign(internal, { apiKeyId: authenticate(event)?.id });
  };

  return { before: signedUrlBefore };
}
