/** The captured events of `test/events`, and requests for an image in their shapes. */
import { readdirSync, readFileSync } from 'node:fs';
import type { HttpEvent } from '../../src/http/event.ts';

const folder = new URL('../events/', import.meta.url);

export const EVENTS: readonly (readonly [name: string, event: HttpEvent])[] = readdirSync(folder).map((file) => [
  file.replace('.json', ''),
  JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
]);

/** True for an HTTP request; the other events come from a timer. */
export const isHttp = ({ headers, multiValueHeaders }: HttpEvent): boolean => Boolean(headers ?? multiValueHeaders);

/** Replaces the query of an event, encoded as its event source does. */
export function withQuery(event: HttpEvent, query: Readonly<Record<string, string>>): HttpEvent {
  if (event.requestContext?.http)
    return { ...event, rawQueryString: new URLSearchParams(query).toString(), queryStringParameters: query };
  // A load balancer does not decode the query.
  const encode = event.requestContext?.elb ? encodeURIComponent : String;
  const pairs = Object.entries(query).map(([name, value]) => [name, encode(value)] as const);
  return {
    ...event,
    ...(event.headers && { queryStringParameters: Object.fromEntries(pairs) }),
    ...(event.multiValueHeaders && {
      multiValueQueryStringParameters: Object.fromEntries(pairs.map(([name, value]) => [name, [value]])),
    }),
  };
}
