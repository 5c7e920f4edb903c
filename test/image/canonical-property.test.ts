/** Property tests: one cache key, one output. Equal canonical queries have equal plans, or are refused with equal errors. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import schema from '../../schemas/query.json' with { type: 'json' };
import { query as validate } from '../../schemas/validators.js';
import { ImageError } from '../../src/errors.ts';
import { canonicalQuery } from '../../src/image/canonical.ts';
import { candidateFormats } from '../../src/image/negotiate.ts';
import { plan } from '../../src/image/plan.ts';
import type { SourceInfo } from '../../src/image/source-info.ts';
import { withoutAlternatives } from '../../src/middlewares/schema-errors.ts';
import { compileQuery } from '../../src/middlewares/validate-query.ts';
import type { ImageOptions } from '../../src/options.ts';
import { createParsers } from '../../src/parsers.ts';
import { testConfig } from '../requests.ts';

/** A query as its parameters were written, in their order. */
type Spelling = readonly (readonly [name: string, value: string])[];

const RUNS = Number(process.env.FUZZ_RUNS ?? 1500);
const validateQuery = compileQuery({ schema, validate: withoutAlternatives(validate), parsers: createParsers() });

/** Reads a query as a request's is; undefined if it is invalid. */
function optionsOf(spelling: Spelling): ImageOptions | undefined {
  const { values, errors } = validateQuery(spelling.map(([name, value]) => ({ name, value })));
  return errors.length ? undefined : (values as unknown as ImageOptions);
}

const still = { decodedFrom: 'file', hasAlpha: false, pages: 1, orientation: 1, channels: 3, scans: 1 } as const;
/** Ordinary images, and those at which a limit of pixels, of a side or of a format is near. */
const SOURCES: readonly SourceInfo[] = [
  { ...still, format: 'jpeg', width: 400, height: 300 },
  { ...still, format: 'jpeg', width: 20_000, height: 2000 },
  { ...still, format: 'jpeg', width: 100, height: 10_000, orientation: 6 },
  { ...still, format: 'png', width: 10, height: 3000, hasAlpha: true, channels: 4 },
  { ...still, format: 'png', width: 1, height: 60_000 },
  { ...still, format: 'png', width: 900, height: 1 },
  { ...still, format: 'webp', width: 7000, height: 7000 },
  { ...still, format: 'avif', width: 4000, height: 4000 },
  { ...still, format: 'gif', width: 300, height: 200, pages: 120, hasAlpha: true, channels: 4 },
  { ...still, format: 'tiff', width: 333, height: 777, pages: 3 },
  { ...still, format: 'svg', width: 2.4, height: 10, hasAlpha: true, channels: 4 },
  { ...still, format: 'svg', width: 20_000, height: 3, hasAlpha: true, channels: 4 },
];
const DEPLOYMENTS = [
  testConfig(),
  testConfig({ RESULT_MAX_SIDE: '100' }),
  testConfig({ RESULT_MAX_PIXELS: '250000', AVIF_AUTO: 'on' }),
];
const ACCEPTED = ['image/webp,*/*', 'image/avif,image/webp', undefined];

function verdict(source: SourceInfo, options: ImageOptions, accept: string | undefined, limits = DEPLOYMENTS[0]) {
  if (!limits) return undefined;
  try {
    return plan(source, options, candidateFormats(options.f, source.format, accept, limits.avifAuto === 'on'), limits);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Every plan or error of a query, on each source and each deployment. */
const verdicts = (options: ImageOptions) =>
  SOURCES.flatMap((source, i) =>
    DEPLOYMENTS.map((limits, j) => verdict(source, options, ACCEPTED[(i + j) % ACCEPTED.length], limits)),
  );

const pixels = fc.oneof(fc.constantFrom(1, 10, 50, 100, 200, 250, 500, 4000, 8192), fc.integer({ min: 1, max: 8192 }));
const percent = fc.constantFrom(0.5, 1, 12.5, 25, 33.3, 50, 75, 100).map((share) => `${share}%`);
const length = fc.oneof(pixels.map(String), percent);
const PARAMETERS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  w: length,
  h: length,
  dpr: fc.constantFrom('1', '1.1', '1.5', '2', '2.5', '3', '4', '5', '8'),
  ar: fc.constantFrom('1:1', '16:9', '1:40'),
  fit: fc.constantFrom(...schema.properties.fit.enum),
  we: fc.constantFrom('0', '1'),
  a: fc.constantFrom('center', 'top', 'entropy'),
  cx: length,
  cy: fc.constantFrom('0', '10', '50%'),
  cw: length,
  ch: length,
  precrop: fc.constantFrom('0', '1'),
  ro: fc.constantFrom('0', '45', '90', '180', '-90', '33.3'),
  flip: fc.constantFrom('0', '1'),
  mask: fc.constantFrom('circle', 'star'),
  pad: fc.constantFrom('0', '0,0%', '10', '10,10', '5%,200', '1,2,3,4'),
  cbg: fc.constantFrom('auto', 'blur', 'red', 'transparent'),
  f: fc.constantFrom('auto', 'jpg', 'png', 'webp', 'avif', 'gif', 'tiff'),
  q: fc.constantFrom('80', '70'),
  n: fc.constantFrom('-1', '1', '3'),
  page: fc.constantFrom('0', '2'),
};
const anyQuery: fc.Arbitrary<Spelling> = fc
  .tuple(
    fc.constantFrom([], ['w'], ['h'], ['w', 'h'], ['w', 'dpr'], ['h', 'dpr'], ['w', 'h', 'dpr'], ['w', 'ar', 'dpr']),
    fc.uniqueArray(fc.constantFrom(...Object.keys(PARAMETERS)), { maxLength: 4 }),
  )
  .chain(([size, more]) =>
    fc.tuple(...[...new Set([...size, ...more])].map((name) => fc.tuple(fc.constant(name), PARAMETERS[name] as never))),
  )
  .map((pairs) => [['u', 'https://example.com/a.jpg'], ...(pairs as Spelling)]);

const multiplied = (value: string, factor: number) =>
  `${Number((Number.parseFloat(value) * factor).toPrecision(12))}${value.endsWith('%') ? '%' : ''}`;

/** Multiplies the sides, and divides `dpr` by as much: the same size in device pixels. */
function withDpr(spelling: Spelling, factor: number): Spelling {
  const dpr = Number(spelling.find(([name]) => name === 'dpr')?.[1] ?? 1);
  const others = spelling.filter(([name]) => name !== 'dpr');
  return [
    ...others.map(([name, value]) => [name, 'wh'.includes(name) ? multiplied(value, factor) : value] as const),
    ['dpr', String(Number((dpr / factor).toPrecision(12)))],
  ];
}

const aliasesOf = (name: string): readonly string[] =>
  (schema.properties[name as 'w'] as { aliases?: string[] } | undefined)?.aliases ?? [];
const DEFAULT_VALUES = Object.entries(schema.properties).flatMap(([name, property]) =>
  'default' in property ? [[name, String(property.default === false ? 0 : property.default)] as const] : [],
);
const isGiven = (spelling: Spelling, name: string) => spelling.some(([given]) => given === name);

/** Other spellings of the same query: each must have the same key. */
const RESPELLINGS: Readonly<Record<string, (spelling: Spelling) => Spelling>> = {
  reversed: (spelling) => spelling.toReversed(),
  aliases: (spelling) => spelling.map(([name, value]) => [aliasesOf(name)[0] ?? name, value]),
  'leading zero': (spelling) => spelling.map(([name, value]) => [name, /^\d+$/.test(value) ? `0${value}` : value]),
  'explicit defaults': (spelling) => [...spelling, ...DEFAULT_VALUES.filter(([name]) => !isGiven(spelling, name))],
  'default of fit': (spelling) =>
    isGiven(spelling, 'fit') ? spelling : [...spelling, ['fit', isGiven(spelling, 'ar') ? 'cover' : 'inside']],
  'no defaults': (spelling) =>
    spelling.filter(([name, value]) => !DEFAULT_VALUES.some(([one, given]) => one === name && given === value)),
  'a ratio of no size': (spelling) =>
    ['w', 'h', 'dpr', 'pad'].some((name) => isGiven(spelling, name)) ? spelling : [...spelling, ['dpr', '2']],
  'file name and expiry': (spelling) => [...spelling, ['filename', 'a'], ['exp', '4000000000'], ['maxage', '1d']],
};

test.each(Object.entries(RESPELLINGS))(
  '%s: the same key, and the same plan or error',
  { timeout: 30_000 },
  (_, respell) => {
    let valid = 0;
    fc.assert(
      fc.property(anyQuery, (spelling) => {
        const [one, other] = [optionsOf(spelling), optionsOf(respell(spelling))];
        if (!one || !other) return;
        valid++;
        expect(canonicalQuery(other)).toBe(canonicalQuery(one));
        expect(verdicts(other)).toEqual(verdicts(one));
      }),
      { numRuns: RUNS / 15 },
    );
    expect(valid).toBeGreaterThan(RUNS / 40);
  },
);

test('dpr multiplied into w and h, and divided out of them: equal keys only with equal plans and errors', {
  timeout: 30_000,
}, () => {
  let [equal, different] = [0, 0];
  const factors = fc.constantFrom(0.125, 0.2, 0.25, 0.4, 0.5, 1, 1.5, 2, 2.5, 4, 5, 8);
  fc.assert(
    fc.property(anyQuery, factors, (spelling, factor) => {
      const [one, other] = [optionsOf(spelling), optionsOf(withDpr(spelling, factor))];
      if (!one || !other) return;
      const isSameKey = canonicalQuery(one) === canonicalQuery(other);
      const [before, after] = [verdicts(one), verdicts(other)];
      if (isSameKey) expect(after).toEqual(before);
      if (isSameKey) equal++;
      else if (JSON.stringify(before) !== JSON.stringify(after)) different++;
    }),
    { numRuns: RUNS },
  );
  // Both kinds occur: the property says something.
  expect(equal).toBeGreaterThan(RUNS / 100);
  expect(different).toBeGreaterThan(RUNS / 100);
});

test('any two queries: equal keys only with equal plans and errors', { timeout: 30_000 }, () => {
  const byKey = new Map<string, ReturnType<typeof verdicts>>();
  let equal = 0;
  fc.assert(
    fc.property(fc.array(anyQuery, { minLength: 4, maxLength: 4 }), (spellings) => {
      for (const spelling of spellings) {
        const options = optionsOf(spelling);
        if (!options) continue;
        const [key, found] = [canonicalQuery(options), verdicts(options)];
        const known = byKey.get(key);
        if (known) equal++;
        if (known) expect(found).toEqual(known);
        else byKey.set(key, found);
      }
    }),
    { numRuns: RUNS / 4 },
  );
  expect(equal).toBeGreaterThan(RUNS / 100);
});

test('the output size and the limits are those of w × dpr: a ratio is lowered only where that exceeds a limit', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SOURCES), pixels, fc.constantFrom(2, 2.5, 5), (source, w, dpr) => {
      if (w * dpr > 8192) return;
      const [ratio, length] = [
        { w, dpr },
        { w: w * dpr, dpr: 1 },
      ].map((size) => {
        const options = optionsOf([
          ['u', 'https://example.com/a'],
          ['w', '1'],
        ]) as ImageOptions;
        return verdict(source, { ...options, ...size }, undefined);
      });
      // A length beyond the limits is an error; everything else is equal.
      if (length && !('code' in length)) expect(ratio).toEqual(length);
    }),
    { numRuns: RUNS },
  );
});
