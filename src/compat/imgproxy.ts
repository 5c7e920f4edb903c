/** URLs of imgproxy: `/SIGNATURE/rs:fill:300:400/g:sm/plain/https://example.com/cat.jpg@webp`. Pure. */
import { isOption, readOptions } from './imgproxy-options.ts';
import {
  assertNoQuery,
  type Dialect,
  decodeBase64,
  decodePart,
  NoCounterpart,
  OWN_SIZE,
  type Query,
  toSource,
} from './old-url.ts';

interface Parts {
  readonly options: readonly string[];
  /** The segments of the source. */
  readonly source: readonly string[];
}

/**
 * Repairs what proxies change in a path, as imgproxy does before it checks the signature: the colons of options may be
 * percent-encoded, and the slashes of a plain source merged.
 */
export function repairPath(path: string): string {
  const [options = '', ...sources] = path.split('/plain/');
  const source = sources
    .join('/plain/')
    .replace(/^([^\s/]+):\/(?=[^/])/, (_, scheme) => `${scheme}:${scheme === 'local' ? '///' : '//'}`);
  return [options.replaceAll('%3A', ':'), ...(sources.length ? [source] : [])].join('/plain/');
}

/** Splits a path without its signature. */
function split(path: string): Parts {
  const segments = repairPath(path).split('/').slice(2);
  const end = segments.findIndex((segment) => !segment.includes(':'));
  const count = end < 0 ? segments.length : end;
  return { options: segments.slice(0, count), source: segments.slice(count) };
}

/** Splits a source and the extension behind it. @throws NoCounterpart */
function splitExtension(text: string, separator: '@' | '.'): [source: string, extension: string] {
  const [source = '', extension = '', ...others] = text.split(separator);
  if (others.length) throw new NoCounterpart(`the source has more than one ${separator}: encode those of its URL`);
  if (!source) throw new NoCounterpart('the source is empty');
  return [source, extension];
}

/** Returns the URL of the source, and the format behind it. */
function readSource([first = '', ...others]: readonly string[]): { url: string; extension: string } {
  if (first === 'enc') throw new NoCounterpart('an encrypted source has no counterpart');
  if (first === 'plain' && others.length) {
    const [source, extension] = splitExtension(others.join('/'), '@');
    return { url: decodePart(source), extension };
  }
  const [source, extension] = splitExtension([first, ...others].join(''), '.');
  const url = decodeBase64(source);
  if (url === undefined) throw new NoCounterpart('the source is not base64 of a URL');
  return { url, extension };
}

/** `local:///cat.jpg` is a file below imgproxy's root, which is the base named `default`. */
const toUrl = (url: string) => toSource(url.replace(/^local:\/\/\/*/i, '/'));

/** Whether the path has options of imgproxy, or a source in one of its two forms. */
function matches(path: string): boolean {
  const { options, source } = split(path);
  const [first = ''] = source;
  if (!/^\/[^/]+\/./.test(path) || !first) return false;
  if (options.length) return options.some(isOption);
  return first === 'plain' || first === 'enc'
    ? source.length > 1
    : /^\w+:\/\//.test(decodeBase64(source.join('').split('.')[0] ?? '') ?? '');
}

export const imgproxy: Dialect = {
  matches: ({ path }) => matches(path),
  toQuery: (url) => {
    assertNoQuery(url);
    const { options, source } = split(url.path);
    const { url: sourceUrl, extension } = readSource(source);
    const query: Query = readOptions(extension ? [...options, `f:${extension}`] : options);
    const hasSize = query.w ?? query.h ?? query.cw ?? query.ch ?? query.p;
    return { ...(hasSize === undefined && OWN_SIZE), ...query, u: toUrl(sourceUrl) };
  },
};
