/**
 * Accepts URLs of other resizers (`COMPAT`): a request for one of them becomes a request with a query of pixgate, before that
 * is validated. Its key is checked before, for the URL as the client sent it.
 *
 * The modules that read the URLs are loaded with the first of them: a deployment without `COMPAT` does not pay for them.
 */
import type { MiddlewareObj, Request } from '@middy/core';
import type { DerivedQuery } from '../cache/key.ts';
import type { ImageRequest } from '../cache/response.ts';
import { ImageError } from '../errors.ts';
import { parseSource } from '../fetch/source-bases.ts';
import { getMethod, getQuery, type HttpEvent, type ImageResponse } from '../http/event.ts';
import type { Key } from '../keys/registry.ts';
import { assertValid, hasKey } from '../middlewares/authenticate.ts';
import type { DialectName, ReadUrl } from './dialects.ts';

/** Parameters of pixgate that a URL of another resizer may have: a key or a signature, and its expiry. */
const OWN_PARAMETERS = ['k', 's', 'exp'];

const loadDialects = () => import('./dialects.ts');

/** Returns the path of a request without the stage of an HTTP API. */
function getPath({ rawPath, path, requestContext }: HttpEvent): string {
  const { stage, http } = requestContext ?? {};
  const text = rawPath ?? path ?? '/';
  return http && text.startsWith(`/${stage}/`) ? text.slice(`/${stage}`.length) : text;
}

/**
 * Whether CloudFront's function passes a request on as it is: neither path nor query normalized, and its key not checked. The
 * same rule as in `cloudfront-function.js`, by names as they are in the URL.
 */
function isPassedOn(event: HttpEvent, isWsrv: boolean): boolean {
  const names = (event.rawQueryString ?? '').split('&').map((pair) => pair.split('=', 1)[0]);
  return !names.includes('u') && (getPath(event) !== '/' || (isWsrv && names.includes('url')));
}

type CompatRequest = Request<HttpEvent, ImageResponse, Error & { readonly code?: string }> & {
  readonly internal: { readonly oldUrl?: ReadUrl; readonly queryDerived?: DerivedQuery };
};

/** Returns the URL of the source if it is http(s) and the client named it itself: that of a base stays a secret of the deployment. */
function sourceOf({ internal: { oldUrl, queryDerived } }: CompatRequest): URL | undefined {
  const { url } = queryDerived ?? {};
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  try {
    return parseSource(oldUrl?.query?.u ?? '', []).href === url.href ? url : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a URL is one that the key's policy lists. */
function isAllowed(url: URL, { restriction }: Pick<ImageRequest, 'restriction'>): boolean {
  try {
    restriction?.assertAllowed(url);
    return restriction !== undefined;
  } catch {
    return false;
  }
}

/**
 * Returns the three steps for the resizers of these names.
 *
 * @param keys returns the current registry
 * @param isListed whether the deployment lists the host of a URL: only there may a client be redirected, or to what its key lists
 */
export function compat(names: readonly DialectName[], keys: () => readonly Key[], isListed: (url: URL) => boolean) {
  /** Finds the key whose pair a URL of imgproxy is signed with. */
  async function findSigner(path: string): Promise<Key | undefined> {
    const signers = keys().flatMap((key) => (key.imgproxy ? [{ key, pair: key.imgproxy }] : []));
    const dialects = await loadDialects();
    return signers[
      dialects.findSigner(
        path,
        signers.map(({ pair }) => pair),
      )
    ]?.key;
  }

  /**
   * Returns a middleware that reads the URL, and authenticates a request by the signature of imgproxy, if there is a key for
   * that, else by another middleware.
   */
  const authenticate = (next: MiddlewareObj<HttpEvent>): MiddlewareObj<HttpEvent> => ({
    before: async (request) => {
      const { event, internal } = request as unknown as CompatRequest;
      const query = getQuery(event);
      Object.assign(internal, { isUnchecked: isPassedOn(event, names.includes('wsrv')) });
      if (getMethod(event) !== 'OPTIONS' && !query.some(({ name }) => name === 'u')) {
        const path = getPath(event);
        const { readUrl } = await loadDialects();
        const others = query.filter(({ name }) => !OWN_PARAMETERS.includes(name));
        Object.assign(internal, { oldUrl: readUrl(names, { path, query: others, search: event.rawQueryString }) });
        if (internal.oldUrl?.name === 'imgproxy' && keys().some(({ imgproxy }) => imgproxy)) {
          const key = await findSigner(path);
          if (key) {
            assertValid(key, Date.now());
            return void Object.assign(internal, { apiKey: key, apiKeyId: key.id });
          }
          if (!hasKey(event))
            throw new ImageError('SIGNATURE_INVALID', 'The signature in the path does not match this URL.');
        }
      }
      await next.before?.(request);
    },
  });

  /** Replaces the query of the event by that of pixgate. @throws ImageError QUERY_INVALID for what has no counterpart */
  function rewrite({ event, internal: { oldUrl } }: CompatRequest): void {
    const query = getQuery(event);
    if (!oldUrl) {
      if (getMethod(event) === 'OPTIONS' || getPath(event) === '/') return;
      if (query.some(({ name }) => !OWN_PARAMETERS.includes(name))) return;
      throw new ImageError('QUERY_INVALID', `u is required: this is not a URL of ${names.join(', ')}.`);
    }
    const { name, problem, query: parameters = {} } = oldUrl;
    if (problem)
      throw new ImageError('QUERY_INVALID', `${problem}.`, { errors: [{ parameter: name, detail: problem }] });
    const own = query.filter((parameter) => OWN_PARAMETERS.includes(parameter.name));
    const pairs = [...Object.entries(parameters), ...own.map(({ name, value }) => [name, value ?? ''] as const)];
    const rawQueryString = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    Object.assign(event, { rawQueryString });
  }

  /** Replaces the response by that of the other resizer. */
  async function respond(request: CompatRequest): Promise<void> {
    const { response, error, context, internal } = request;
    const { name, query, wantsOriginal } = internal.oldUrl ?? {};
    if (!response || !name || !query) return;
    const source = sourceOf(request);
    const { toOldResponse } = await loadDialects();
    request.response = toOldResponse(name, response, {
      query,
      source: source?.href,
      code: error?.code,
      mayRedirect: Boolean(
        wantsOriginal &&
          source &&
          (isListed(source) || isAllowed(source, context as Pick<ImageRequest, 'restriction'>)),
      ),
    });
  }

  return { authenticate, rewrite, respond };
}
