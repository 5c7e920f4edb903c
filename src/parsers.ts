/** What a schema cannot say of a query: addresses, a time with its bounds, and every colour. Pure. */
import querySchema from '../schemas/query.json' with { type: 'json' };
import { ImageError } from './errors.ts';
import { parseSourceUrl } from './fetch/source-url.ts';
import { parseDuration } from './http/freshness.ts';
import { parseColour } from './image/colour.ts';
import type { Parser } from './middlewares/types.ts';
import { parameterFault } from './schema.ts';

/** Parameters of a request that a picture is not made by, and that what has no request does not take. */
export const REQUEST_ONLY_PARAMS = ['u', 'url', 'k', 's', 'exp', 'default', 'defaultfor', 'p'] as const;

/** By parameter; what one throws is that parameter's fault. */
export const PARSERS: Readonly<Record<string, Parser>> = {
  u: (text: string) => parseSourceUrl(text).href,
  default: (text: string) => (text === '1' ? text : otherAddress(text)),
  maxage: (text: string) => {
    const length = parseDuration(text);
    if (length >= parseDuration('5m') && length <= parseDuration('1y')) return text;
    throw new ImageError('QUERY_INVALID', 'maxage must be from 5m to 1y: a number and s, m, h, d, w, M or y');
  },
  ...Object.fromEntries(
    Object.entries(querySchema.properties).flatMap(([name, property]) =>
      'format' in property && property.format === 'colour' ? [[name, colourOf(name)]] : [],
    ),
  ),
};

/** An address whose faults are told of `default`. */
function otherAddress(text: string): string {
  try {
    return parseSourceUrl(text).href;
  } catch (error) {
    throw new ImageError('QUERY_INVALID', (error as Error).message.replace(/^u /, 'default '));
  }
}

function colourOf(name: string) {
  return (text: string) => {
    try {
      return parseColour(text);
    } catch {
      throw new ImageError('QUERY_INVALID', parameterFault(name, querySchema).detail);
    }
  };
}
