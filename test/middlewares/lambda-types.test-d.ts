/**
 * Type tests of finished handlers against AWS's own types: compiled by `npm run check`, never run. `npm run test:package` compiles them
 * against the package, with middy 6 and 7.
 */
import middy from '@middy/core';
import type {
  ALBEvent,
  ALBHandler,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  Context,
  LambdaFunctionURLEvent,
  LambdaFunctionURLEventWithIAMAuthorizer,
  LambdaFunctionURLHandler,
  S3Event,
} from 'aws-lambda';
import { accessLog } from '../../src/middlewares/access-log.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { type HttpEvent, type QueryOf, queryValidator } from '../../src/middlewares/query-validator.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';

const schema = {
  type: 'object',
  required: ['year'],
  properties: { year: { type: 'integer' }, sort: { type: 'string', enum: ['up', 'down'], default: 'up' } },
} as const;
declare const validate: (data: unknown) => boolean;

/** The query has a type of its own. */
type Query = QueryOf<typeof schema>;
export const query: Query = { year: 2026, sort: 'up' };
// @ts-expect-error year is a number
export const wrongQuery: Query = { year: '2026', sort: 'up' };

// The handler reads the validated query; the finished one takes any event, by the type argument.
const handler = middy()
  .use(responseSerializer())
  .use(accessLog({ write: () => {} }))
  .use(errorMapper())
  .use(apiKey({ keys: [{ id: 'acme', key: 'theKey' }] }))
  .use(queryValidator({ schema, validate }))
  .handler<HttpEvent>(({ queryStringParameters: { year, sort } }) => {
    const text: string = year.toFixed(1) + sort.toUpperCase();
    return { statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: text };
  });

export const rest: APIGatewayProxyHandler = handler;
export const http: APIGatewayProxyHandlerV2 = handler;
export const alb: ALBHandler = handler;
export const functionUrl: LambdaFunctionURLHandler = handler;

declare const context: Context;
declare const events: [
  ALBEvent,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyEventV2WithIAMAuthorizer,
  APIGatewayProxyEventV2WithJWTAuthorizer,
  LambdaFunctionURLEvent,
  LambdaFunctionURLEventWithIAMAuthorizer,
];
for (const event of events) handler(event, context);
declare const s3: S3Event;
// @ts-expect-error an event without a request
handler(s3, context);

// Without a validator no type argument is needed.
const plain = middy()
  .use(responseSerializer())
  .use(errorMapper())
  .handler(({ headers }) => ({ statusCode: 200, body: headers?.accept ?? '' }));
export const plainRest: APIGatewayProxyHandler = plain;
export const plainHttp: APIGatewayProxyHandlerV2 = plain;
export const plainAlb: ALBHandler = plain;
export const plainUrl: LambdaFunctionURLHandler = plain;
