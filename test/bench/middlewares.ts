/**
 * Measures the cost of each middleware per request: `npm run bench:middlewares`. Each runs in a real pipeline of its own, in turns with
 * an empty one, whose median is subtracted.
 */
import middy, { type MiddlewareObj } from '@middy/core';
import httpErrorHandler from '@middy/http-error-handler';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ImageError } from '../../src/errors.ts';
import { accessLog } from '../../src/middlewares/access-log.ts';
import { apiKey } from '../../src/middlewares/api-key.ts';
import { errorMapper } from '../../src/middlewares/error-mapper.ts';
import { queryValidator } from '../../src/middlewares/query-validator.ts';
import { responseSerializer } from '../../src/middlewares/response-serializer.ts';
import { median } from './median.ts';

const ROUNDS = 6000;
const WARM = 2000;

let last = 0;
/** Builds an event: with a new query, or with that of `page`. */
const event = (page = (last++ % 9999) + 1) => ({
  rawPath: '/',
  rawQueryString: `k=theKey&year=2026&month=11&page=${page}&full=1`,
  headers: { host: 'example.com', 'user-agent': 'x', accept: '*/*' },
  requestContext: { http: { method: 'GET', path: '/' } },
});
const integer = { type: 'integer', minimum: 1, maximum: 9999 };
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['year'],
  properties: { k: { type: 'string' }, year: integer, month: integer, page: integer, full: { type: 'boolean' } },
};
const validate = new Ajv2020({ allErrors: true }).compile(schema);
const keys = Array.from({ length: 10 }, (_, i) => ({ id: `key${i}`, key: i === 5 ? 'theKey' : `other${i}` }));
const respondWith = (body: Buffer | string) => () => ({
  statusCode: 200,
  headers: { 'Content-Type': 'text/plain' },
  body,
});
const fail = () => {
  throw new ImageError('SOURCE_UNAVAILABLE', 'The origin failed.');
};

type Run = (event: object, context: object) => Promise<unknown>;
const pipeline = (handler: () => unknown, ...middlewares: MiddlewareObj<never>[]) =>
  (middlewares as MiddlewareObj[]).reduce((all, one) => all.use(one), middy()).handler(handler) as unknown as Run;
const text = respondWith('a text of a few bytes');
const image = respondWith(Buffer.alloc(50_000));
const empty = pipeline(text);
const errors = httpErrorHandler({ logger: false }) as MiddlewareObj<never>;

const subjects: [string, Run, Run, number?][] = [
  ['access-log', pipeline(text, accessLog({ write: () => {} })), empty],
  ['access-log, with metrics', pipeline(text, accessLog({ write: () => {}, namespace: 'n' })), empty],
  ['api-key, one key', pipeline(text, apiKey({ keys: keys.slice(5, 6) })), empty],
  ['api-key, ten keys', pipeline(text, apiKey({ keys })), empty],
  ['error-mapper, no error', pipeline(text, errors, errorMapper()), pipeline(text, errors)],
  ['error-mapper, an error', pipeline(fail, errors, errorMapper()), pipeline(fail, errors)],
  ['query-validator, five parameters', pipeline(text, queryValidator({ schema, validate })), empty],
  ['query-validator, cached', pipeline(text, queryValidator({ schema, validate })), empty, 3],
  ['response-serializer, a text', pipeline(text, responseSerializer()), empty],
  ['response-serializer, 50 kB', pipeline(image, responseSerializer()), empty],
];

async function time(run: Run, page?: number): Promise<number> {
  const input = event(page);
  const started = process.hrtime.bigint();
  await run(input, {});
  return Number(process.hrtime.bigint() - started) / 1000;
}

console.log(`µs per request, medians of ${ROUNDS}`);
for (const [name, run, without, page] of subjects) {
  const withIt: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round < ROUNDS + WARM; round++) {
    // In turns, so that other load of the machine affects both.
    const [took, base] = [await time(run, page), await time(without, page)];
    if (round < WARM) continue;
    withIt.push(took);
    baseline.push(base);
  }
  console.log(`${name.padEnd(34)} ${(median(withIt) - median(baseline)).toFixed(1)}`);
}
