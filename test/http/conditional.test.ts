/** RFC 9110, sections 8.8 and 13, without a socket: validators, entity tags, and when a response is a 304. */
import { describe, expect, test } from 'vitest';
import {
  type ConditionalHeaders,
  conditionsFor,
  hasOwnEtag,
  isHttpDate,
  isNotModified,
  makeEtag,
  validatorFromEtag,
  validatorOf,
  weakMatch,
} from '../../src/http/conditional.ts';
import { digest } from '../../src/http/digest.ts';

const DATE = 'Sun, 01 Nov 2020 00:00:00 GMT';
const LATER = 'Sun, 01 Nov 2020 00:00:01 GMT';
const SECRET = Buffer.from('a secret');
const OTHER_SECRET = Buffer.from('another');
const BYTES = Buffer.from('image');
/** The validator of a source without entity tag and date: a hash of its bytes. */
const HASH = await validatorOf({}, BYTES);

describe('validatorOf', () => {
  test.each([
    ['a strong entity tag', { etag: '"a"', 'last-modified': DATE }, '"a"'],
    ['a weak one', { etag: 'W/"a"' }, 'W/"a"'],
    ['a date', { 'last-modified': DATE }, `@${DATE}`],
    ['no entity tag: without quotes', { etag: 'a', 'last-modified': DATE }, `@${DATE}`],
    ['no entity tag: empty', { etag: '""', 'last-modified': DATE }, `@${DATE}`],
    ['no entity tag: a control character', { etag: '"a\r\nb"', 'last-modified': DATE }, `@${DATE}`],
    ['no entity tag: not ASCII', { etag: '"é"', 'last-modified': DATE }, `@${DATE}`],
    ['no entity tag: over 200 characters', { etag: `"${'a'.repeat(201)}"`, 'last-modified': DATE }, `@${DATE}`],
    ['neither', {}, HASH],
  ])('%s', async (_what, headers, expected) => expect(await validatorOf(headers, BYTES)).toBe(expected));
  test('a hash tells different bytes apart', async () => {
    expect(HASH).toMatch(/^#[\w-]{22}$/);
    expect(await validatorOf({}, Buffer.from('other'))).not.toBe(HASH);
  });
  test('large sources are hashed in slices: the same hash', async () => {
    const large = Buffer.alloc(5_000_000, 'pixels');
    expect(await validatorOf({}, large)).toBe(`#${digest(large, 16)}`);
  });
});

test.each([
  ['an entity tag', '"a"', {}, { etag: '"a"' }],
  ['an entity tag and a date', '"a"', { 'last-modified': DATE }, { etag: '"a"', lastModified: DATE }],
  ['a date', `@${DATE}`, { 'last-modified': DATE }, { lastModified: DATE }],
  ['a date, from an entity tag of ours', `@${DATE}`, {}, { lastModified: DATE }],
  ['a hash: nothing that the origin knows', HASH, { 'last-modified': DATE }, {}],
])('conditionsFor %s', (_what, validator, headers, expected) =>
  expect(conditionsFor({ validator, headers })).toEqual(expected),
);

describe('makeEtag', () => {
  test('is weak, and differs by source and cache key', () => {
    const etags = [
      makeEtag('"a"', 'x', SECRET),
      makeEtag('"b"', 'x', SECRET),
      makeEtag('"a"', 'y', SECRET),
      makeEtag(HASH, 'x', SECRET),
    ];
    for (const etag of etags) expect(etag).toMatch(/^W\/"[\w.-]+"$/);
    expect(new Set(etags).size).toBe(4);
    expect(makeEtag('"a"', 'x', SECRET)).toBe(etags[0]);
  });
  test('holds the validator, but not a hash', () => {
    expect(makeEtag('"a"', 'x', SECRET)).toContain(`.${Buffer.from('"a"').toString('base64url')}"`);
    expect(makeEtag(HASH, 'x', SECRET)).toMatch(/^W\/"[\w-]{22}"$/);
  });
});

test.each<[string | undefined, string, boolean]>([
  // The table of RFC 9110, 8.8.3.2, in its column for weak comparison.
  ['W/"1"', 'W/"1"', true],
  ['W/"1"', 'W/"2"', false],
  ['W/"1"', '"1"', true],
  ['"1"', '"1"', true],
  ['"2", W/"1"', 'W/"1"', true],
  ['"2","1"', 'W/"1"', true],
  ['"2", "3"', 'W/"1"', false],
  ['*', 'W/"1"', true],
  [' * ', 'W/"1"', true],
  ['"*"', 'W/"1"', false],
  ['1', 'W/"1"', false],
  ['', 'W/"1"', false],
  [undefined, 'W/"1"', false],
])('weakMatch(%j, %j)', (ifNoneMatch, etag, expected) => expect(weakMatch(ifNoneMatch, etag)).toBe(expected));

describe('validatorFromEtag', () => {
  const KEY = 'cache key';
  test.each(['"a"', 'W/"a"', `@${DATE}`, `"${'~'.repeat(200)}"`])('%s, there and back', (validator) => {
    const etag = makeEtag(validator, KEY, SECRET);
    expect(validatorFromEtag(etag, KEY, SECRET)).toBe(validator);
    expect(validatorFromEtag(etag.replace('W/', ''), KEY, SECRET)).toBe(validator);
    expect(validatorFromEtag(`"foreign", ${etag}`, KEY, SECRET)).toBe(validator);
  });
  const encode = (validator: string) => Buffer.from(validator, 'latin1').toString('base64url');
  test.each<[string, string | undefined]>([
    ['no header', undefined],
    ['*', '*'],
    ['a foreign one', '"a"'],
    ['one of another cache key', makeEtag('"a"', 'another key', SECRET)],
    ['one of another deployment', makeEtag('"a"', KEY, OTHER_SECRET)],
    ['one without a secret', makeEtag('"a"', KEY, Buffer.alloc(0))],
    ['one with a digest instead of an HMAC', `W/"${digest(`"a"\n${KEY}`, 16)}.${encode('"a"')}"`],
    ['one with a hash only', makeEtag(HASH, KEY, SECRET)],
    ['an invented validator', `W/"${'A'.repeat(22)}.${encode('"a"')}"`],
    ['the validator of another one', makeEtag('"a"', KEY, SECRET).replace(encode('"a"'), encode('"b"'))],
    ['one that is no entity tag', makeEtag('a', KEY, SECRET)],
    ['one with a line break', makeEtag('"a\r\nX: 1"', KEY, SECRET)],
    ['one that is no date', makeEtag('@yesterday', KEY, SECRET)],
    ['a hash as a validator', `W/"${'A'.repeat(22)}.${encode(HASH)}"`],
  ])('undefined for %s', (_what, ifNoneMatch) => expect(validatorFromEtag(ifNoneMatch, KEY, SECRET)).toBeUndefined());
});

test.each<[string | undefined, boolean]>([
  [makeEtag('"a"', 'x', SECRET), true],
  [makeEtag(HASH, 'x', SECRET), true],
  [`"foreign", ${makeEtag('"a"', 'x', SECRET)}`, true],
  [`"${'A'.repeat(22)}"`, true],
  [`"${'A'.repeat(21)}"`, false],
  [`"${'A'.repeat(22)}."`, false],
  ['"a"', false],
  ['*', false],
  [undefined, false],
])('hasOwnEtag(%j)', (ifNoneMatch, expected) => expect(hasOwnEtag(ifNoneMatch)).toBe(expected));

test.each<[string, ConditionalHeaders, string | undefined, boolean]>([
  ['no condition', {}, DATE, false],
  ['the entity tag', { ifNoneMatch: '"1"' }, DATE, true],
  ['another entity tag', { ifNoneMatch: '"2"' }, DATE, false],
  ['another entity tag, and the date', { ifNoneMatch: '"2"', ifModifiedSince: DATE }, DATE, false],
  ['the entity tag, and an older date', { ifNoneMatch: '"1"', ifModifiedSince: DATE }, LATER, true],
  ['an empty If-None-Match, and the date', { ifNoneMatch: '', ifModifiedSince: DATE }, DATE, false],
  ['the date', { ifModifiedSince: DATE }, DATE, true],
  ['a later date', { ifModifiedSince: LATER }, DATE, true],
  ['an older date', { ifModifiedSince: DATE }, LATER, false],
  ['no date', { ifModifiedSince: 'yesterday' }, DATE, false],
  ['a date, for a source without one', { ifModifiedSince: DATE }, undefined, false],
])('isNotModified: %s', (_what, conditions, lastModified, expected) =>
  expect(isNotModified(conditions, 'W/"1"', lastModified)).toBe(expected),
);

test.each([
  [DATE, true],
  ['Sunday, 01-Nov-20 00:00:00 GMT', true],
  ['Sun Nov  1 00:00:00 2020', true],
  ['2020-11-01T00:00:00Z', false],
  ['1604188800', false],
  ['Sun, 99 Nov 2020 00:00:00 GMT', false],
  [`${DATE}\r\nX: 1`, false],
  ['', false],
])('isHttpDate(%j)', (text, expected) => expect(isHttpDate(text)).toBe(expected));
