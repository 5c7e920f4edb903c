/** The requests of one fetch: what the messages of its errors and the log say of them. Pure. */
import type { ImageError } from '../errors.ts';

/** One request: to the source, or to the target of a redirect. */
export interface Hop {
  readonly url: URL;
  /** The checked IP addresses; empty if they are not known yet. */
  ips: readonly string[];
  /** Version and cipher of a new TLS connection. */
  tls?: string | undefined;
  status?: number | undefined;
}

/** Describes the requests for the log: `https://example.com (93.184.216.34) TLSv1.3 → 302; …`. No path and no query, which may hold a signature. */
export const describeHops = (hops: readonly Hop[]): string =>
  hops
    .map(({ url, ips, tls, status }) =>
      [url.origin, ips.length && `(${ips.join(', ')})`, tls, status !== undefined && `→ ${status}`]
        .filter(Boolean)
        .join(' '),
    )
    .join('; ');

/**
 * Returns the message of an error, with the host that the source redirected to, if it did. A target that may not be fetched is
 * not named.
 */
export function messageWithRedirect({ code, message }: ImageError, hops: readonly Hop[]): string {
  const target = hops.length > 1 ? hops.at(-1) : undefined;
  if (!target || /redirect/.test(message)) return message;
  if (code === 'SOURCE_FORBIDDEN') return message.replace(/^This URL/, 'The origin redirected to a URL that');
  const redirected = `The origin redirected to ${target.url.host}`;
  const [, format] = /^(\w[\w ]{0,20}) is not supported\./.exec(message) ?? [];
  if (code === 'SOURCE_UNSUPPORTED') return `${redirected}, which returned ${format ?? 'no image'}. ${message}`;
  const [, end] = /^The (?:origin|host of this URL) (.*)$/s.exec(message) ?? [];
  return end === undefined ? `${message} ${redirected}.` : `${redirected}, which ${end}`;
}
