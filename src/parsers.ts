/** Parses the parameters that a schema cannot describe: URLs, a duration with its bounds, and colours. Pure. */
import querySchema from '../schemas/query.json' with { type: 'json' };
import { ImageError } from './errors.ts';
import { parseSource, type SourceBase } from './fetch/source-bases.ts';
import { parseDuration } from './http/freshness.ts';
import { parseColour } from './image/colour.ts';
import { canonicalPad } from './image/padding.ts';
import { assertMarkName } from './marks/settings.ts';
import type { Parser } from './middlewares/types.ts';
import { invalidValue } from './schema.ts';

/** Parameters of a request that do not describe the output (source and its version, credentials, expiry, fallback, preset): not valid without a request, as in `transform` or the command line. */
export const REQUEST_ONLY_PARAMS = ['u', 'url', 'k', 's', 'exp', 'default', 'defaultfor', 'p', 'v'] as const;

/**
 * Returns the parsers by parameter. An error that one throws is reported as that parameter's.
 *
 * @param bases of the short sources that `u` and `default` may have
 * @param marks names of the marks that there are; unset if they are not known before the query
 */
export const createParsers = (
  bases: readonly SourceBase[] = [],
  marks?: readonly string[],
): Readonly<Record<string, Parser>> => ({
  ...PARSERS,
  u: (text: string) => parseSource(text, bases).href,
  mark: (name: string) => {
    if (marks) assertMarkName(name, marks);
    return name;
  },
  default: (text: string) => (text === '1' ? text : parseFallbackUrl(text, bases)),
});

/** The parsers that depend on no setting. */
const PARSERS: Readonly<Record<string, Parser>> = {
  pad: canonicalPad,
  delay: parseDelays,
  maxage: (text: string) => {
    const seconds = parseDuration(text);
    if (seconds >= parseDuration('5m') && seconds <= parseDuration('1y')) return text;
    throw new ImageError('QUERY_INVALID', 'maxage must be from 5m to 1y: a number and a unit (s, m, h, d, w, M or y)');
  },
  ...Object.fromEntries(
    Object.entries(querySchema.properties).flatMap(([name, property]) =>
      'format' in property && property.format === 'colour'
        ? [[name, colourParser(name, 'keywords' in property ? property.keywords : [])]]
        : [],
    ),
  ),
};

/** Parses a list of delays. The last one holds for all that follow: repeated, it is left out. */
function parseDelays(text: string): number | string {
  const delays = text.split(',').map(Number);
  const { minimum, maximum } = querySchema.properties.delay;
  if (delays.some((delay) => delay < minimum || delay > maximum))
    throw new ImageError('QUERY_INVALID', invalidValue('delay', querySchema).detail);
  const last = delays.at(-1) ?? minimum;
  const count = delays.findLastIndex((delay) => delay !== last) + 2;
  return count === 1 ? last : delays.slice(0, count).join();
}

/** Parses the image URL in `default`: like `u`, but errors name `default`. */
function parseFallbackUrl(text: string, bases: readonly SourceBase[]): string {
  try {
    return parseSource(text, bases).href;
  } catch (error) {
    throw new ImageError('QUERY_INVALID', (error as Error).message.replace(/^u /, 'default '));
  }
}

/** Creates the parser of one colour. @param keywords that it may be instead */
function colourParser(name: string, keywords: readonly string[]) {
  return (text: string) => {
    if (keywords.includes(text.toLowerCase())) return text.toLowerCase();
    try {
      return parseColour(text);
    } catch {
      throw new ImageError('QUERY_INVALID', invalidValue(name, querySchema).detail);
    }
  };
}
