/**
 * What each middleware costs a request: `npm run bench:middlewares`. Each runs in a real pipeline of its own, in turns with an empty one,
 * whose median is taken off.
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
/** Each of another query, or a query that has been seen. */
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
const answer = (body: Buffer | string) => () => ({ statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body });
const fail = () => {
  throw new ImageError('SOURCE_UNAVAILABLE', 'The origin failed.');
};

type Run = (event: object, context: object) => Promise<unknown>;
const pipeline = (handler: () => unknown, ...middlewares: MiddlewareObj<never>[]) =>
  (middlewares as MiddlewareObj[]).reduce((all, one) => all.use(one), middy()).handler(handler) as unknown as Run;
const text = answer('a text of a few bytes');
const picture = answer(Buffer.alloc(50_000));
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
  ['query-validator, remembered', pipeline(text, queryValidator({ schema, validate })), empty, 3],
  ['response-serializer, a text', pipeline(text, responseSerializer()), empty],
  ['response-serializer, 50 kB', pipeline(picture, responseSerializer()), empty],
];

async function time(run: Run, page?: number): Promise<number> {
  const given = event(page);
  const started = process.hrtime.bigint();
  await run(given, {});
  return Number(process.hrtime.bigint() - started) / 1000;
}

console.log(`µs a request, medians of ${ROUNDS}`);
for (const [name, run, without, page] of subjects) {
  const withIt: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS + WARM; round++) {
    // In turns, so that whatever else the machine does befalls both.
    const [took, base] = [await time(run, page), await time(without, page)];
    if (round < WARM) continue;
    withIt.push(took);
    bare.push(base);
  }
  console.log(`${name.padEnd(34)} ${(median(withIt) - median(bare)).toFixed(1)}`);
}
