/** Parses and checks source URLs and host patterns, as written: no DNS. Pure. */
import { isIP } from 'node:net';
import { ImageError } from '../errors.ts';
import { parseS3Url } from './s3-url.ts';
import { sourceHint } from './source-hints.ts';

const invalid = (reason: string) => new ImageError('QUERY_INVALID', `u ${reason}`);

/**
 * Drops what was pasted with a URL, as the URL standard does for `src`: white space and a byte order mark around it, tabs
 * and line feeds in its path and query. In a host name they are refused: it may hide another name.
 */
function withoutWhiteSpace(text: string): string {
  const trimmed = text.trim();
  if (!/[\t\n]/.test(trimmed)) return trimmed;
  const [, authority = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/*[^/?#]*|\/{2,}[^/?#]*|[^/?#]*)(.*)$/is.exec(trimmed) ?? [];
  return authority + rest.replace(/[\t\n]/g, '');
}

/**
 * Completes a URL without a scheme: `host`, `host:port`, `//host` and wsrv.nl's `ssl:host` mean https. `http%3A…` was encoded
 * twice, as old integrations do, and is decoded once more.
 *
 * @throws URIError when that is not percent-encoded UTF-8
 */
function withScheme(text: string): string {
  const decoded = /^https?%3A/i.test(text) ? decodeURIComponent(text) : text;
  if (/^ssl:/i.test(decoded)) return `https://${decoded.slice(4).replace(/^\/\//, '')}`;
  if (decoded.startsWith('//')) return `https:${decoded}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(decoded) && !/^[^/?#:]+:\d+(?:[/?#]|$)/.test(decoded)) return decoded;
  return `https://${decoded}`;
}

/** Characters: a signed URL of S3 with a session token has 2,000 to 4,000. */
const MAX_URL_LENGTH = 8192;
const TOO_LONG = `is longer than ${MAX_URL_LENGTH} characters`;

function checkCharacters(text: string): void {
  if (text.length > MAX_URL_LENGTH) throw invalid(TOO_LONG);
  if (/[\u0000-\u001f\u007f\\]/.test(text))
    throw invalid('contains a control character or a backslash (it looks like a file path)');
}

/** Whether a host name is valid: RFC 1123, 2.1, and underscores, which real hosts have. */
const isHostName = (name: string) =>
  name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));

function parseHttp(text: string): URL {
  checkCharacters(text);
  const [, authority] = /^https?:\/\/([^/?#]+)/i.exec(text) ?? [];
  if (authority === undefined) throw invalid('must be an http(s) URL, such as https://example.com/cat.jpg');
  if (/@|%40/.test(authority)) throw invalid('must not contain a user name or password');
  const url = URL.parse(text);
  if (!url) throw invalid('is not a valid http(s) URL');
  if (text.includes('#')) url.hash = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  if (!url.hostname.startsWith('[') && !isHostName(url.hostname)) throw invalid('has an invalid host name');
  return url;
}

/**
 * Parses the image URL in `u`. Messages never repeat it: it can contain a password.
 *
 * WHATWG URL repairs silently (backslashes, missing slashes). A URL that it would repair is rejected here, because the next
 * program in the chain may repair it differently; but white space around it is dropped. Its `%25`, `%2F`, `+` and query stay as
 * they are; the fragment is removed.
 *
 * @param text at most 8192 characters: http, https, s3, or without a scheme
 * @throws ImageError QUERY_INVALID
 */
export function parseSourceUrl(text: string): URL {
  // Before any other pattern is matched with it.
  if (text.length > MAX_URL_LENGTH) throw invalid(sourceHint(text.slice(0, 64).trimStart()) ?? TOO_LONG);
  const pasted = withoutWhiteSpace(text);
  const hint = sourceHint(pasted);
  if (hint !== undefined) throw invalid(hint);
  if (pasted.startsWith('s3://')) {
    checkCharacters(pasted);
    return parseS3Url(pasted);
  }
  let url: string;
  try {
    url = withScheme(pasted);
  } catch {
    throw invalid('is not percent-encoded UTF-8');
  }
  return parseHttp(url);
}

/**
 * Parses the `Location` of a redirect, by the same rules.
 *
 * @param location one character per byte, as Node returns it: bytes above 127 are percent-encoded one by one, as browsers do,
 *   whatever their encoding
 * @param base the URL that redirects: a relative reference is resolved against it (RFC 9110, 10.2.2)
 * @throws ImageError QUERY_INVALID
 */
export function parseRedirect(location: string, base: URL): URL {
  const encode = (byte: string) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`;
  const reference = withoutWhiteSpace(location).replace(/[\u0080-\u00ff]/g, encode);
  checkCharacters(reference);
  return parseHttp(URL.parse(reference, base.href)?.href ?? reference);
}

/** Returns the host of a URL: a name, or an IP literal without brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** What one client may fetch, beyond the rules of the deployment. */
export interface SourceRestriction {
  /** Equal for equal restrictions: only requests with equal ones share a fetch and its error. */
  readonly id: string;
  /** Rejects a URL that a source redirects to. @throws ImageError POLICY_FORBIDDEN */
  readonly assertAllowed: (url: URL) => void;
}

/**
 * Checks the redirects that a cached source came through: it may have been fetched for a client that may fetch more.
 *
 * @param redirects see `OriginResponse`
 * @throws ImageError POLICY_FORBIDDEN
 */
export function assertRedirectsAllowed(redirects: readonly string[] = [], restriction?: SourceRestriction): void {
  if (restriction) for (const origin of redirects) restriction.assertAllowed(new URL(origin));
}

/** A host that may be fetched: `example.com`, or `*.example.com` for all its subdomains, either with a port. */
export interface HostPattern {
  readonly name: string;
  readonly includeSubdomains: boolean;
  /** Empty for both 80 and 443. */
  readonly port: string;
}

/** Returns the port of a URL as a number in digits, the default port of its scheme too. */
const portOf = ({ port, protocol }: URL): string => port || (protocol === 'http:' ? '80' : '443');

/** The port of an authority. In an IPv6 literal, only what follows its bracket is one. */
const PORT = /(?:^[^:[]+|\]):(\d{1,5})$/;

/**
 * Parses a host pattern. `example.com:80` fits `http://example.com/`, whose URL leaves the port out, and
 * `example.com:443` only `https://example.com/`.
 *
 * @throws Error when it is not a host name: a scheme, a path, `*` alone, a single label
 */
export function parseHostPattern(text: string): HostPattern {
  const includeSubdomains = text.startsWith('*.');
  const url = URL.parse(`https://${includeSubdomains ? text.slice(2) : text}`);
  const name = url === null ? '' : hostOf(url);
  const isValid =
    /^[^/?#@\\\s]+$/.test(text) && (isIP(name) ? !includeSubdomains : isHostName(name) && name.includes('.'));
  if (!url || !isValid) throw new Error(`${text} is not a host name`);
  const port = PORT.exec(text)?.[1];
  return { name, includeSubdomains, port: port === undefined ? '' : String(Number(port)) };
}

/** Whether a URL's host matches. Whole labels are compared: `evilexample.com` is not a subdomain of `example.com`. */
export function matchesHost(url: URL, { name, includeSubdomains, port }: HostPattern): boolean {
  const host = hostOf(url);
  const isPort = (port ? [port] : ['80', '443']).includes(portOf(url));
  return isPort && (includeSubdomains ? host.endsWith(`.${name}`) : host === name);
}
