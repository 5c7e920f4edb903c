import { expect, test } from 'vitest';
import { ERRORS, type ErrorCode, ImageError, mapError } from '../src/errors.ts';

const documentOf = (error: unknown) => JSON.parse(mapError(error).message);

test.each(Object.keys(ERRORS) as ErrorCode[])('%s becomes a problem document with its status', (code) => {
  const mapped = mapError(new ImageError(code, 'What went wrong.'));
  expect(mapped).toMatchObject({ code, statusCode: ERRORS[code].status, expose: true });
  expect(mapped.headers).toMatchObject({
    'Content-Type': 'application/problem+json',
    'Cache-Control': ERRORS[code].cacheControl,
  });
  expect(documentOf(new ImageError(code, 'What went wrong.'))).toEqual({
    type: `/docs/errors#${code.toLowerCase()}`,
    title: expect.stringMatching(/^[A-Z]/),
    status: ERRORS[code].status,
    code,
    detail: 'What went wrong.',
  });
});

test('invalid parameters are listed', () => {
  const errors = [{ parameter: 'w', detail: 'w is required' }];
  expect(documentOf(new ImageError('QUERY_INVALID', 'x', { errors })).errors).toEqual(errors);
});

test.each([
  ['a bug', new TypeError('internal secret')],
  ['an error with a status but without `expose`', Object.assign(new Error('secret'), { statusCode: 404 })],
  ['an error with `expose: false`', Object.assign(new Error('secret'), { statusCode: 503, expose: false })],
  ['a string', 'secret'],
  ['nothing', undefined],
])('%s is a 500 without its message', (_what, thrown) => {
  const mapped = mapError(thrown);
  expect(mapped).toMatchObject({ code: 'INTERNAL', statusCode: 500, cause: thrown });
  expect(mapped.message).not.toContain('secret');
  expect(mapped.headers['Cache-Control']).toBe('no-store');
});

test('an exposed error of another middleware keeps its status and message', () => {
  const teapot = Object.assign(new Error('No coffee here'), { statusCode: 418, expose: true });
  expect(documentOf(teapot)).toMatchObject({ status: 418, code: 'HTTP_418', detail: 'No coffee here' });
});
