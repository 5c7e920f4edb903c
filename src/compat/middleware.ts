/**
 * Accepts URLs of other resizers (`COMPAT`): a request for one of them becomes a request with a query of pixgate, before that
 * is validated. Its key is checked before, for the URL as the client sent it.
 *
 * The modules that read the URLs are loaded with the first of them: a deployment without `COMPAT` does not pay for them.
 */
import type { MiddlewareObj, Request } from '@middy/core';
import { ImageError } from '../errors.ts';
import { getMethod, getQuery, type HttpEvent } from '../http/event.ts';
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

type CompatRequest = Request<HttpEvent> & { readonly internal: { readonly oldUrl?: ReadUrl } };

/**
 * Returns the two steps for the resizers of these names.
 *
 * @param keys returns the current registry
 */
export function compat(names: readonly DialectName[], keys: () => readonly Key[]) {
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

  return { authenticate, rewrite };
}
