/** Sends a request to an origin, and follows its redirects: every hop passes all checks. */
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { acceptHeader } from '../image/formats/source-formats.ts';
import { VERSION } from '../options.ts';
import { CACHE_HEADERS, type CacheHeaders, type RedirectHop, type SourceLimits } from './body.ts';
import { sourceUnavailable } from './errors.ts';
import type { Hop } from './hops.ts';
import { type AbortOptions, type Connection, get, type Validators } from './request.ts';
import { headersByHop } from './source-headers.ts';
import { parseRedirect } from './source-url.ts';
import { resolvePublicIps, type SourcePolicy } from './ssrf.ts';

/** Milliseconds of all hops together; `download` is measured by the caller. */
export interface ConnectTimings {
  dns: number;
  connect: number;
}

/** How to fetch over HTTP. */
export interface FetchOptions extends AbortOptions {
  readonly policy: SourcePolicy;
  readonly limits: SourceLimits;
  readonly validators: Validators;
  /** The requests so far, which are added to: the last one is the one that fails. */
  readonly trace: Hop[];
}

/** Returns the `User-Agent` of our requests: the version, and the host of this deployment, if it is known. */
export function userAgent({ ownHosts: [host] = [] }: Pick<SourcePolicy, 'ownHosts'>): string {
  return host === undefined ? `pixgate/${VERSION}` : `pixgate/${VERSION} (+https://${host}/)`;
}

/** Returns version and cipher of a TLS connection; undefined for another. */
const tlsOf = (socket: Socket | TLSSocket): string | undefined =>
  'getProtocol' in socket ? `${socket.getProtocol()} ${socket.getCipher().name}` : undefined;

const REDIRECT_STATUSES = [301, 302, 303, 307, 308];
const PERMANENT_STATUSES = [301, 308];

/** Returns the headers of a response that caching depends on. */
export const cacheHeadersOf = (headers: IncomingMessage['headers']): CacheHeaders =>
  Object.fromEntries(CACHE_HEADERS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));

/** The last response to a request, its body not read yet, and how the request was redirected to it. */
interface Redirected {
  readonly message: IncomingMessage;
  /** Origins of the URLs, each once. */
  readonly redirects: readonly string[];
  readonly hops: readonly RedirectHop[];
  /** Digest of the last URL; undefined without a redirect. */
  readonly finalUrl: string | undefined;
}

/** A digest, since a URL may contain a signature. */
const urlDigest = ({ href }: URL) => hash('sha256', href, 'base64url').slice(0, 22);

/** Returns the validators that a URL gave itself: another may have given the same entity tag to another image. */
export const validatorsOf = (validators: Validators, finalUrl: string | undefined): Validators =>
  validators.finalUrl === finalUrl ? validators : {};

/** Follows redirects up to the limit. The bodies of redirects are not read. */
async function followRedirects(
  sourceUrl: URL,
  { policy, limits, signal, controller, validators, trace }: FetchOptions,
  connection: Connection,
  timings: ConnectTimings,
): Promise<Redirected> {
  let url = sourceUrl;
  let finalUrl: string | undefined;
  const headersFor = headersByHop(sourceUrl, policy.headers);
  const redirects = new Set<string>();
  const hops: RedirectHop[] = [];
  // A request that is sent again.
  trace.length = 0;
  for (let hop = 0; ; hop++) {
    const connectSignal = AbortSignal.timeout(limits.sourceConnectTimeout);
    const startedAt = performance.now();
    const current: Hop = { url, ips: [] };
    trace.push(current);
    const ips = await resolvePublicIps(url, policy, AbortSignal.any([signal, connectSignal]));
    const resolvedAt = performance.now();
    timings.dns += resolvedAt - startedAt;
    current.ips = ips;
    const onConnect = (socket: Socket) => {
      timings.connect += performance.now() - resolvedAt;
      current.tls = tlsOf(socket);
    };
    const message = await get(url, ips, {
      signal,
      controller,
      connectSignal,
      idleTimeoutMs: limits.sourceIdleTimeout,
      accept: acceptHeader(limits),
      userAgent: userAgent(policy),
      validators: validatorsOf(validators, finalUrl),
      headers: headersFor(url),
      connection,
      onConnect,
    });
    const { statusCode = 0, headers } = message;
    current.status = statusCode;
    const location = REDIRECT_STATUSES.includes(statusCode) ? headers.location : undefined;
    if (location === undefined) return { message, redirects: [...redirects], hops, finalUrl };
    message.destroy();
    hops.push({ headers: cacheHeadersOf(headers), isPermanent: PERMANENT_STATUSES.includes(statusCode) });
    if (hop >= limits.sourceMaxRedirects)
      throw sourceUnavailable('The origin sent too many redirects.', undefined, false);
    try {
      url = parseRedirect(location, url);
    } catch (cause) {
      throw sourceUnavailable('The origin redirects to an invalid URL.', cause, false);
    }
    policy.restriction?.assertAllowed(url);
    redirects.add(url.origin);
    finalUrl = urlDigest(url);
  }
}

/** Returns how to send a request again that failed with this error; undefined if it must not be. */
function nextConnection(error: unknown, used: Connection): Connection | undefined {
  const { code = '' } = error as { code?: string };
  if (code.startsWith('HPE_') && used !== 'repair') return 'repair';
  return code === 'ECONNRESET' && used === 'reuse' ? 'new' : undefined;
}

/**
 * Requests a source. A reset connection before any byte of a response is retried once, by a new connection: an idle one may
 * have been closed by the origin, which says nothing about the source. A response that the strict parser refuses is requested
 * once more, over a connection of its own, and repaired.
 *
 * @param timings `dns` and `connect` are added to
 * @returns the status and the headers; the body is not read yet
 * @throws ImageError SOURCE_FORBIDDEN, POLICY_FORBIDDEN, SOURCE_UNAVAILABLE; an error of the socket or the parser
 */
export async function fetchWithRetry(
  url: URL,
  options: FetchOptions,
  timings: ConnectTimings,
  connection: Connection = 'reuse',
): Promise<Redirected> {
  try {
    return await followRedirects(url, options, connection, timings);
  } catch (error) {
    const next = options.signal.aborted ? undefined : nextConnection(error, connection);
    if (next === undefined) throw error;
    return fetchWithRetry(url, options, timings, next);
  }
}
