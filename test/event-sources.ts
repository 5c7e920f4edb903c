/** Builds requests in the shapes of the four event sources. */
import type { HttpEvent } from '../src/http/event.ts';

type Query = Readonly<Record<string, string | number>>;
type Headers = Readonly<Record<string, string>>;
const toEntries = (query: Query) => Object.entries(query).map(([name, value]) => [name, String(value)] as const);

/** Builds the event of one request for each event source. Header names are in the case that the event source sends. */
export const events = {
  rest: (query: Query, headers: Headers = {}, method = 'GET'): HttpEvent =>
    ({
      resource: '/',
      path: '/',
      httpMethod: method,
      headers: Object.fromEntries(
        Object.entries(headers).map(([n, v]) => [n.replace(/\b[a-z]/g, (c) => c.toUpperCase()), v]),
      ),
      multiValueHeaders: null,
      queryStringParameters: Object.fromEntries(toEntries(query)),
      multiValueQueryStringParameters: Object.fromEntries(toEntries(query).map(([n, v]) => [n, [v]])),
      requestContext: { resourcePath: '/', stage: 'prod' },
    }) as HttpEvent,
  functionUrl: (query: Query, headers: Headers = {}, method = 'GET'): HttpEvent =>
    ({
      version: '2.0',
      rawPath: '/',
      rawQueryString: toEntries(query)
        .map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(v)}`)
        .join('&'),
      headers,
      requestContext: { http: { method, path: '/' }, domainName: 'x.lambda-url.eu-west-1.on.aws' },
    }) as HttpEvent,
  alb: (query: Query, headers: Headers = {}, method = 'GET'): HttpEvent =>
    ({
      requestContext: { elb: { targetGroupArn: 'arn' } },
      httpMethod: method,
      path: '/',
      headers,
      queryStringParameters: Object.fromEntries(toEntries(query).map(([n, v]) => [n, encodeURIComponent(v)])),
    }) as HttpEvent,
  albMulti: (query: Query, headers: Headers = {}, method = 'GET'): HttpEvent =>
    ({
      requestContext: { elb: { targetGroupArn: 'arn' } },
      httpMethod: method,
      path: '/',
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([n, v]) => [n, [v]])),
      multiValueQueryStringParameters: Object.fromEntries(
        toEntries(query).map(([n, v]) => [n, [encodeURIComponent(v)]]),
      ),
    }) as HttpEvent,
};
