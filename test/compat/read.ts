/** Reads a URL of another resizer as the handler does. */
import { type DialectName, readUrl } from '../../src/compat/dialects.ts';

/** Returns the query as text, decoded and without the source, or the problem; undefined for a URL that is not of this resizer. */
export function read(name: DialectName, url: string): string | undefined {
  const [path = '', search = ''] = url.split('?');
  const query = [...new URLSearchParams(search)].map(([key, value]) => ({ name: key, value }));
  const result = readUrl([name], { path, query, search });
  const { u, ...parameters } = result?.query ?? {};
  return (
    result &&
    (result.problem ??
      Object.entries(parameters)
        .map(([key, value]) => `${key}=${value}`)
        .join('&'))
  );
}

/** Returns the source of a URL. */
export function sourceOf(name: DialectName, url: string): string | undefined {
  const [path = '', search = ''] = url.split('?');
  const query = [...new URLSearchParams(search)].map(([key, value]) => ({ name: key, value }));
  return readUrl([name], { path, query, search })?.query?.u;
}
