/** Policies of keys, without a socket: each setting at its bound and just outside of it. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkPolicy, type PolicyRequest, PRESET_COMPANIONS, sourceRestriction } from '../../src/keys/policy.ts';
import { type Key, parseKeys } from '../../src/keys/registry.ts';
import type { ImageOptions } from '../../src/options.ts';

const sha256 = createHash('sha256').update('one').digest('hex');

function keyWith(policy: object): Key {
  const [key] = parseKeys(JSON.stringify([{ id: 'acme', sha256, ...policy }]));
  if (!key) throw new Error('no key');
  return key;
}

/** A validated query, as far as policies read it. */
const OPTIONS = { u: 'https://example.com/a.jpg', w: 80, dpr: 1, f: 'auto', ro: 0 };

interface Sent {
  readonly options?: { readonly [Name in keyof ImageOptions]?: ImageOptions[Name] | undefined };
  /** Parameters in the query; those of `options` by default. */
  readonly given?: readonly string[];
  readonly origin?: string;
  readonly referer?: string;
}

/** Returns the message of the error; undefined when the policy allows the request. */
function check(policy: object, { options = {}, given = Object.keys(options), origin, referer }: Sent) {
  const request: PolicyRequest = {
    options: { ...OPTIONS, ...options } as ImageOptions,
    given: new Set(['k', 'u', ...given]),
    origin,
    referer,
  };
  try {
    checkPolicy(keyWith(policy), request);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'POLICY_FORBIDDEN', statusCode: 403 });
    return (error as Error).message;
  }
}

const PAGES = { pages: ['https://example.com'] };
const SUBDOMAINS = { pages: ['https://*.example.com'] };
const MAX_WIDTH = { maxWidth: 80 };
const WIDTHS = { widths: [40, 80] };
const DEGREES = 'a rotation that is not a multiple of 90 degrees';

describe.each<[string, object, readonly (readonly [string, Sent, string | undefined])[]]>([
  ['no policy', {}, [['anything', { options: { w: 8192, f: 'avif' }, referer: 'https://example.org/' }, undefined]]],
  [
    'sources',
    { sources: ['example.com', '*.example.net', 'example.org:8080', 's3://mine'] },
    [
      ['a host', {}, undefined],
      ['a host, http', { options: { u: 'http://example.com/a.jpg' } }, undefined],
      ['a host, another port', { options: { u: 'https://example.com:8443/' } }, 'u must be on one of the hosts'],
      ['a host with its port', { options: { u: 'https://example.org:8080/' } }, undefined],
      ['a host without its port', { options: { u: 'https://example.org/' } }, 'u must be on one of the hosts'],
      ['another host', { options: { u: 'https://other.example/' } }, 'u must be on one of the hosts'],
      ['a subdomain of a host', { options: { u: 'https://a.example.com/' } }, 'u must be on one of the hosts'],
      [
        'a host that ends with the name',
        { options: { u: 'https://evilexample.com/' } },
        'u must be on one of the hosts',
      ],
      ['a subdomain', { options: { u: 'https://a.b.example.net/' } }, undefined],
      ['a domain with subdomains only', { options: { u: 'https://example.net/' } }, 'u must be on one of the hosts'],
      ['a bucket', { options: { u: 's3://mine/a.jpg' } }, undefined],
      ['another bucket', { options: { u: 's3://other/a.jpg' } }, 'u must be on one of the hosts'],
      ['a host named like the bucket', { options: { u: 'https://mine/a.jpg' } }, 'u must be on one of the hosts'],
      ['a fallback image', { options: { default: 'https://example.com/b.jpg' } }, undefined],
      [
        'a fallback image on another host',
        { options: { default: 'https://other.example/' } },
        'default must be on one',
      ],
      ['a placeholder', { options: { default: '1' } }, undefined],
    ],
  ],
  ['sources: a bucket only', { sources: ['s3://mine'] }, [['a host', {}, 'u must be on one of the hosts']]],
  [
    'pages: an origin',
    PAGES,
    [
      ['its Referer', { referer: 'https://example.com/page?x#y' }, undefined],
      ['its Origin', { origin: 'https://example.com' }, undefined],
      ['its Origin in upper case', { origin: 'HTTPS://EXAMPLE.COM' }, undefined],
      ['another site', { referer: 'https://example.org/' }, 'this site'],
      ['another scheme', { referer: 'http://example.com/' }, 'this site'],
      ['another port', { referer: 'https://example.com:8443/' }, 'this site'],
      ['the default port', { referer: 'https://example.com:443/' }, undefined],
      ['a subdomain', { referer: 'https://a.example.com/' }, 'this site'],
      ['Origin before Referer', { origin: 'https://evil.com', referer: 'https://example.com/' }, 'this site'],
      ['Referer, where Origin is null', { origin: 'null', referer: 'https://evil.com/' }, 'this site'],
      ['neither', {}, undefined],
      ['an opaque origin', { origin: 'null' }, undefined],
      ['no URL', { referer: 'about' }, undefined],
      ['an opaque URL', { referer: 'data:,x' }, undefined],
    ],
  ],
  [
    'pages: subdomains',
    SUBDOMAINS,
    [
      ['a subdomain', { origin: 'https://a.b.example.com' }, undefined],
      ['the domain itself', { origin: 'https://example.com' }, 'this site'],
      ['a site that ends with the name', { origin: 'https://evilexample.com' }, 'this site'],
      ['a site that begins with it', { origin: 'https://a.example.com.evil.com' }, 'this site'],
      ['another scheme', { origin: 'http://a.example.com' }, 'this site'],
    ],
  ],
  [
    'maxWidth',
    MAX_WIDTH,
    [
      ['at it', {}, undefined],
      ['above it', { options: { w: 81 } }, 'w × dpr may be at most 80'],
      ['above it by dpr', { options: { dpr: 1.1 } }, 'w × dpr may be at most 80'],
      ['at it by dpr', { options: { w: 40, dpr: 2 } }, undefined],
      ['rounded to it', { options: { w: 40, dpr: 2.01 } }, undefined],
      ['height only', { options: { w: undefined, h: 10 } }, 'w is required, in pixels'],
      ['percent', { options: { w: '1%' } }, 'w is required, in pixels'],
      ['fit=outside', { options: { h: 900, fit: 'outside' } }, 'fit=outside'],
      ['another fit', { options: { h: 900, fit: 'cover' } }, undefined],
      ['rotated by 45°', { options: { ro: 45 } }, DEGREES],
      ['rotated by 90°', { options: { ro: 90 } }, undefined],
      ['metadata has no width', { options: { w: undefined, f: 'blurhash' } }, undefined],
      ['metadata with a width', { options: { w: 81, f: 'blurhash' } }, 'at most 80'],
    ],
  ],
  [
    'widths',
    WIDTHS,
    [
      ['one of them', {}, undefined],
      ['one of them by dpr', { options: { w: 40, dpr: 2 } }, undefined],
      ['between them', { options: { w: 60 } }, 'w × dpr must be one of 40, 80'],
      ['height only', { options: { w: undefined, h: 10 } }, 'w is required, in pixels'],
    ],
  ],
  [
    'widths and maxWidth',
    { widths: [40, 80], maxWidth: 50 },
    [
      ['both', { options: { w: 40 } }, undefined],
      ['widths only', {}, 'at most 50'],
    ],
  ],
  [
    'formats',
    { formats: ['auto', 'webp'] },
    [
      ['the default', {}, undefined],
      ['one of them', { options: { f: 'webp' } }, undefined],
      ['another', { options: { f: 'avif' } }, 'f must be one of auto, webp'],
    ],
  ],
  ['formats without auto', { formats: ['webp'] }, [['the default', {}, 'f must be one of webp']]],
  [
    'presets',
    { presets: ['thumb'] },
    [
      ['one of them', { options: { p: 'thumb' } }, undefined],
      ['another', { options: { p: 'hero' } }, 'p must be one of thumb'],
      ['none', {}, undefined],
    ],
  ],
  [
    'presetsOnly',
    { presetsOnly: true },
    [
      ['a preset, whose own parameters count for nothing', { options: { p: 'thumb', w: 50 }, given: ['p'] }, undefined],
      ['every parameter allowed beside it', { options: { p: 'thumb' }, given: PRESET_COMPANIONS }, undefined],
      ['no preset', { given: [] }, 'p is required: this key may use only presets'],
      ['another parameter', { options: { p: 'thumb', w: 50 } }, 'w is not allowed'],
    ],
  ],
])('%s', (_setting, policy, rows) => {
  test.each(rows)('%s', (_what, sent, expected) => {
    const message = check(policy, sent);
    if (expected === undefined) expect(message).toBeUndefined();
    else expect(message).toContain(expected);
  });
});

test('the message names the key and the rule', () =>
  expect(check(MAX_WIDTH, { options: { w: 81 } })).toBe(
    'The key acme does not allow this: w × dpr may be at most 80.',
  ));

describe('sourceRestriction', () => {
  test('none for a key without sources', () => expect(sourceRestriction(keyWith({ maxWidth: 80 }))).toBeUndefined());
  test.each([
    ['https://example.com/', true],
    ['http://a.example.net/', true],
    ['https://example.net/', false],
    ['https://example.com:8443/', false],
    ['https://other.example/', false],
  ])('%s', (url, isAllowed) => {
    const restriction = sourceRestriction(keyWith({ sources: ['example.com', '*.example.net', 's3://mine'] }));
    const check = () => restriction?.assertAllowed(new URL(url));
    if (isAllowed) expect(check).not.toThrow();
    // Keys with the same sources share it, so it names none of them.
    else
      expect(check).toThrow(
        expect.objectContaining({ code: 'POLICY_FORBIDDEN', message: expect.not.stringContaining('acme') }),
      );
  });
  test('equal for equal sources only', () => {
    const id = (sources: string[]) => sourceRestriction(keyWith({ sources }))?.id;
    expect(id(['a.com', 'b.com'])).toBe(id(['a.com', 'b.com']));
    expect(id(['a.com'])).not.toBe(id(['b.com']));
  });
});
