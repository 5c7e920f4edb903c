/** The address in `u` as a URL, by what is visible in the string alone. Pure. */
import { isIP } from 'node:net';
import { ImageError } from '../errors.ts';

const invalid = (why: string) => new ImageError('QUERY_INVALID', `u ${why}`);

/** `host`, `host:port` and `//host` mean https; `http%3A…` was encoded twice by an old integration. */
function withScheme(text: string): string {
  const once = /^https?%3A/i.test(text) ? decodeURIComponent(text) : text;
  if (once.startsWith('//')) return `https:${once}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(once) && !/^[^/?#:]+:\d+(?:[/?#]|$)/.test(once)) return once;
  return `https://${once}`;
}

function checkCharacters(text: string): void {
  if (text.length > 2048) throw invalid('is longer than 2048 characters');
  if (/[\u0000-\u001f\u007f\\]/.test(text)) throw invalid('holds a control character or a backslash');
}

/** RFC 1123, 2.1, and underscores, which real hosts have. */
const isHostName = (name: string) =>
  name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));

function parseHttp(text: string): URL {
  checkCharacters(text);
  const [, authority] = /^https?:\/\/([^/?#]+)/i.exec(text) ?? [];
  if (authority === undefined) throw invalid('must be an http(s) address, such as https://example.com/cat.jpg');
  if (/@|%40/.test(authority)) throw invalid('must not hold a user name or password');
  const url = URL.parse(text);
  if (!url) throw invalid('is not a valid http(s) address');
  if (text.includes('#')) url.hash = '';
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  if (!url.hostname.startsWith('[') && !isHostName(url.hostname)) throw invalid('has no valid host name');
  return url;
}

/** `s3://bucket/key`, the key byte for byte as the S3 tools write it: a `%` or a `+` in it is part of the name. */
function parseS3(text: string): URL {
  checkCharacters(text);
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s.exec(text) ?? [];
  if (bucket === undefined || key === undefined) throw invalid('must be s3://bucket/key');
  return new URL(`s3://${bucket}/${encodeURIComponent(key.toWellFormed())}`);
}

/**
 * The address in `u`. The value is never echoed: it can hold a password.
 *
 * WHATWG URL repairs silently (tabs, backslashes, missing slashes); what it would repair is refused here, since the next
 * program in the chain may repair it otherwise. Its own `%25`, `%2F`, `+` and query stay as they are; a fragment goes.
 *
 * @param text at most 2048 characters: http, https, s3, or without a scheme
 * @throws ImageError QUERY_INVALID
 */
export function parseSourceUrl(text: string): URL {
  if (text.startsWith('s3://')) return parseS3(text);
  let address: string;
  try {
    address = withScheme(text);
  } catch {
    throw invalid('is not percent-encoded UTF-8');
  }
  return parseHttp(address);
}

/** The target of a redirect, relative to where it came from (RFC 9110, 10.2.2), under the same rules. @throws ImageError QUERY_INVALID */
export function parseRedirect(location: string, from: URL): URL {
  checkCharacters(location);
  return parseHttp(URL.parse(location, from.href)?.href ?? location);
}

/** The bucket and the key of an `s3:` URL that `parseAddress` made. */
export const s3Parts = ({ hostname, pathname }: URL) => ({
  bucket: hostname,
  key: decodeURIComponent(pathname.slice(1)),
});

/** The host of a URL as an IP literal without brackets, or as a name. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/** A host that may be fetched: `example.com`, `*.example.com` for everything below it, either with a port. */
export interface HostPattern {
  readonly name: string;
  readonly includeSubdomains: boolean;
  readonly port: string;
}

/** @throws Error when it is no host name: a scheme, a path, a bare `*`, a single label */
export function parseHostPattern(text: string): HostPattern {
  const below = text.startsWith('*.');
  const url = URL.parse(`https://${below ? text.slice(2) : text}`);
  const name = url === null ? '' : hostOf(url);
  const valid = /^[^/?#@\\\s]+$/.test(text) && (isIP(name) ? !below : isHostName(name) && name.includes('.'));
  if (!url || !valid) throw new Error(`${text} is no host name`);
  return { name, includeSubdomains: below, port: url.port };
}

/** Whole labels are compared, so that `evilexample.com` is not below `example.com`. Without a port, 80 and 443 are meant. */
export function matchesHost(url: URL, { name, includeSubdomains: below, port }: HostPattern): boolean {
  const host = hostOf(url);
  const isPort = port ? url.port === port : ['', '80', '443'].includes(url.port);
  return isPort && (below ? host.endsWith(`.${name}`) : host === name);
}
