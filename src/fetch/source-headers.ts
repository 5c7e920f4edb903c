/** Headers that a deployment sends to origins of its choice: which ones, to which host, over which scheme. Pure. */
import { hash } from 'node:crypto';
import { type HostPattern, hostOf, matchesHost, parseHostPattern } from './source-url.ts';

/** The headers for the hosts of one pattern. */
export interface HostHeaders {
  readonly pattern: HostPattern;
  /** Whether they are also sent over http. */
  readonly isHttpAllowed: boolean;
  /** A digest of the headers, for the keys of caches: a source that was fetched with them is found with them only. */
  readonly id: string;
  /** Returns the headers. A function, so that no log or dump of the configuration prints them. */
  readonly values: () => Readonly<Record<string, string>>;
}

/**
 * Headers that are refused: hop-by-hop and framing ones (RFC 9110, 7.6.1; RFC 9112, 6), those that change what a 200 is, and
 * the one that detects loops.
 */
const REFUSED =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|proxy-.*|http2-settings|accept-encoding|range|if-.*|cdn-loop)$/i;
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Maximum characters of a value: servers take 8 kB in all. */
const MAX_VALUE_LENGTH = 8192;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Returns the reason why a header cannot be sent; undefined if it can. Repeats no value, and no name that is none. */
function headerError(name: string, value: unknown): string | undefined {
  if (!TOKEN.test(name)) return 'a name is not a header name';
  if (REFUSED.test(name)) return `${name} cannot be set: it belongs to the connection, or to how an image is requested`;
  if (typeof value !== 'string' || value === '') return `the value of ${name} must be a non-empty string`;
  if (value.length > MAX_VALUE_LENGTH) return `the value of ${name} is longer than ${MAX_VALUE_LENGTH} characters`;
  if (/[\u0000-\u001f\u007f]/.test(value)) return `the value of ${name} has a control character, such as a line feed`;
  return /^[!-~](?:[ -~]*[!-~])?$/.test(value)
    ? undefined
    : `the value of ${name} must be printable ASCII, without a space at its beginning or end`;
}

/** @param text a host pattern, with `http://` in front if the headers may be sent over http */
function parseEntry(text: string, headers: unknown): HostHeaders {
  if (!isObject(headers) || !Object.keys(headers).length) throw new TypeError(`${text} must have an object of headers`);
  const [, scheme = '', host = ''] = /^(https?:\/\/)?(.*)$/is.exec(text) ?? [];
  let pattern: HostPattern;
  try {
    pattern = parseHostPattern(host);
  } catch {
    throw new TypeError(
      `${text.slice(0, 80)} is not a host pattern such as cdn.example.com, *.example.com or http://…`,
    );
  }
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw new TypeError(`${text}: ${repeated} is given more than once`);
  for (const [name, value] of Object.entries(headers)) {
    const error = headerError(name, value);
    if (error) throw new TypeError(`${text}: ${error}`);
  }
  const values = Object.freeze({ ...headers }) as Readonly<Record<string, string>>;
  const id = hash('sha256', JSON.stringify(Object.entries(values).sort()), 'base64url').slice(0, 22);
  return { pattern, isHttpAllowed: scheme.toLowerCase() === 'http://', id, values: () => values };
}

/**
 * Parses the headers for origins: `{"cdn.example.com": {"Authorization": "Bearer …"}}`.
 *
 * @param text a JSON object of headers by host pattern, `http://` in front of which also allows http
 * @throws TypeError that names pattern and header, and repeats no value
 */
export function parseSourceHeaders(text: string): readonly HostHeaders[] {
  let hosts: unknown;
  try {
    hosts = JSON.parse(text);
  } catch {
    // Without the message of the parser: it quotes a part of the text.
    throw new TypeError('it is not valid JSON');
  }
  if (!isObject(hosts)) throw new TypeError('it must be an object of headers by host pattern');
  return Object.entries(hosts).map(([pattern, headers]) => parseEntry(pattern, headers));
}

/** Whether the headers may be sent in a request for a URL. */
export const mayReceive = (url: URL, { pattern, isHttpAllowed }: HostHeaders): boolean =>
  matchesHost(url, pattern) && (url.protocol === 'https:' || (url.protocol === 'http:' && isHttpAllowed));

/** Returns the headers for a source: those of the first pattern that matches. */
export const findHeaders = (url: URL, all: readonly HostHeaders[]): HostHeaders | undefined =>
  all.find((headers) => mayReceive(url, headers));

/**
 * Returns a function that returns the headers for each request of a source, which may be redirected: none from the first
 * other host on, or the first http URL that must not have them, whatever follows.
 *
 * @param source the URL of the first request
 */
export function headersByHop(source: URL, headers: HostHeaders | undefined) {
  let isSent = headers !== undefined;
  return (url: URL): Readonly<Record<string, string>> => {
    isSent &&= headers !== undefined && hostOf(url) === hostOf(source) && mayReceive(url, headers);
    return isSent && headers ? headers.values() : {};
  };
}
