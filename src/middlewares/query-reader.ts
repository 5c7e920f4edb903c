import type { MiddlewareObj, Request } from '@middy/core';
import { getMethod, getQuery, type HttpEvent, type Parameter } from '../http/event.ts';
import { notEncoded, printableName } from './query-schema.ts';
import { queryInvalid } from './validate-query.ts';

export type { HttpEvent, Parameter } from '../http/event.ts';

/** An event whose query has been read: in the format of a REST API, and as a string, whatever the event source. */
export type ReadEvent = HttpEvent & {
  /** The last value of each parameter, decoded. */
  readonly queryStringParameters: Readonly<Record<string, string | undefined>>;
  /** All values of each parameter, decoded, in their order. */
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[] | undefined>>;
  /** The query, percent-encoded, without `?`. */
  readonly rawQueryString: string;
};

/**
 * Returns the query parameters of an event in their order, repeated ones too, each decoded exactly once: a REST API decodes
 * them itself, a load balancer does not, and an HTTP API and a Function URL join repeated values by commas, so that only their
 * `rawQueryString` tells a comma in a value from two values.
 *
 * @returns names and values; a value is null when its percent-encoding is invalid
 */
export const readQuery = (event: HttpEvent): Parameter[] => getQuery(event);

const encodePair = ({ name, value }: Parameter) =>
  [name, `${value}`].map((text) => encodeURIComponent(text.toWellFormed())).join('=');

/**
 * Reads the query of any event source, decodes each value exactly once, and writes it in one format: that of a REST API.
 * Middlewares below it, such as `@middy/validator`, need to know no other; `queryValidator` and `apiKey` read the same with and
 * without it. A preflight (OPTIONS) is not read.
 *
 * @throws ImageError QUERY_INVALID with `errors`, at a request, for a value whose percent-encoding is invalid
 * @example
 * import middy from '@middy/core';
 * import { queryReader } from 'pixgate/middlewares/query-reader';
 * const handler = middy()
 *   .use(queryReader())
 *   .handler(({ multiValueQueryStringParameters }) => multiValueQueryStringParameters.id);
 * console.log(await handler({ rawQueryString: 'id=1%2C2&id=3' }, {})); // → [ '1,2', '3' ]
 */
export function queryReader(): MiddlewareObj<ReadEvent> {
  const queryReaderBefore = ({ event }: Request<HttpEvent>) => {
    if (getMethod(event) === 'OPTIONS') return;
    const parameters = readQuery(event);
    const invalid = parameters.filter(({ value }) => value === null);
    if (invalid.length) throw queryInvalid(invalid.map(({ name }) => notEncoded(printableName(name))));
    const lists = new Map<string, unknown[]>();
    for (const { name, value } of parameters) {
      const list = lists.get(name);
      if (list) list.push(value);
      else lists.set(name, [value]);
    }
    Object.assign(event, {
      // A repeated name replaces the earlier one.
      queryStringParameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
      multiValueQueryStringParameters: Object.fromEntries(lists),
      rawQueryString: event.rawQueryString ?? parameters.map(encodePair).join('&'),
    });
  };
  return { before: queryReaderBefore };
}
