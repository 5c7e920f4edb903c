/** Signed URLs, signed here and not by `client/url.ts`: expiry times at their bounds, and every host of the service. */
import { createHmac } from 'node:crypto';
import middy from '@middy/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HttpEvent } from '../../src/http/event.ts';
import { type ApiKey, apiKey } from '../../src/middlewares/api-key.ts';
import { checkExpiry, describeMismatch, matchingSecret, throwIfExpired } from '../../src/middlewares/signature.ts';

const NOW = Date.UTC(2026, 10, 1);
beforeEach(() => vi.useFakeTimers({ now: NOW, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const secret = (byte: number) => new Uint8Array(32).fill(byte);
const signatureOf = (text: string, key: Uint8Array) => createHmac('sha256', key).update(text).digest('base64url');

test('the published vector', () => {
  const parameters = [
    ['w', '320'],
    ['u', 'https://cdn.example.com/a b/ü.jpg?x=1&y=(2)'],
    ['s', 'not signed'],
    ['k', 'acme1'],
    ['exp', '1795600000'],
  ] as const;
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => i);
  const signature = 'EW1gu183ZzI73R1SQAePPCZzcsbXFM-x3JRU-H0rtBw';
  const request = { hosts: ['img.resizer.example'], paths: ['/'], parameters, signature };
  expect(matchingSecret(request, [secret(1), bytes])).toBe(1);
  expect(matchingSecret(request, [bytes, secret(1)])).toBe(0);
  expect(matchingSecret({ ...request, hosts: ['x.example', 'img.resizer.example'], paths: ['/a', '/'] }, [bytes])).toBe(
    0,
  );
  expect(matchingSecret({ ...request, hosts: ['x.example'] }, [bytes])).toBe(-1);
  expect(matchingSecret({ ...request, paths: ['/x'] }, [bytes])).toBe(-1);
});

describe('one string has one meaning', () => {
  const bytes = secret(1);
  const s = signatureOf('v1\nh\n/\nblur=20\nk=acme\nw=320', bytes);
  const match = (paths: string[], parameters: [string, string][], signature = s) =>
    matchingSecret({ hosts: ['h'], paths, parameters, signature }, [bytes]);
  const W: [string, string] = ['w', '320'];
  const K: [string, string] = ['k', 'acme'];
  const invalid = (message: string) =>
    expect.objectContaining({ code: 'SIGNATURE_INVALID', message: expect.stringContaining(message) });

  test('the parameters as they were signed', () => expect(match(['/'], [['blur', '20'], K, W])).toBe(0));
  test.each<[string, string[], [string, string][]]>([
    ['a line feed in the path', ['/\nblur=20'], [K, W]],
    ['one of several paths', ['/', '/\nblur=20'], [K, W]],
    ['an encoded line feed in the path', ['/%0ablur=20'], [K, W]],
    ['a carriage return', ['/\rblur=20'], [K, W]],
    ['DEL', ['/\u007f'], [K, W]],
    ['an encoded DEL', ['/%7F'], [K, W]],
    ['a control character of C1', ['/\u0085'], [K, W]],
    ['a line feed in a name', ['/'], [['blur=20\nk', 'acme'], W]],
    ['a name and its value', ['/'], [['blur=20\nk=acme\nw', '320']]],
    ['= in a name', ['/'], [['blur=2', '0'], K, W]],
    ['NUL in a name', ['/'], [['blur\u0000', '20'], K, W]],
  ])('%s', (_what, paths, parameters) => expect(() => match(paths, parameters)).toThrow(invalid('control character')));

  test.each([
    ['/a b/ü', '/a%20b/%C3%BC'],
    ['/a?b#c', '/a%3Fb%23c'],
    ['/100%', '/100%25'],
    ['/a%20b/%c3%bc', '/a%20b/%c3%bc'],
    ["/(a)!*'/~b;c=1,d:e@f&g+h$", "/(a)!*'/~b;c=1,d:e@f&g+h$"],
    ['/[a]|b', '/[a]|b'],
    ['/\u212a\ud800', '/%E2%84%AA%EF%BF%BD'],
  ])('the path %j is signed as %j', (path, signedPath) =>
    expect(match([path], [W], signatureOf(`v1\nh\n${signedPath}\nw=320`, bytes))).toBe(0),
  );
  test('names are encoded like values', () =>
    expect(match(['/'], [['ä b', '\ud800']], signatureOf('v1\nh\n/\n%C3%A4%20b=%EF%BF%BD', bytes))).toBe(0));
});

describe('the spelling of a signature', () => {
  // Its signature has both a - and a _ in base64url.
  const bytes = secret(2);
  const s = Array.from({ length: 100 }, (_, i) => `${i}`).find((w) =>
    /-.*_/.test(signatureOf(`v1\nh\n/\nw=${w}`, bytes)),
  );
  const signature = signatureOf(`v1\nh\n/\nw=${s}`, bytes);
  const check = (text: string) => () =>
    matchingSecret({ hosts: ['h'], paths: ['/'], parameters: [['w', `${s}`]], signature: text }, [bytes]);
  const standard = signature.replaceAll('-', '+').replaceAll('_', '/');
  // The last character holds two bits that are not part of the 32 bytes.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const sameBytes = signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1) ?? '') + 1];

  test('base64url, with or without one =', () => {
    expect(check(signature)()).toBe(0);
    expect(check(`${signature}=`)()).toBe(0);
  });
  test.each([
    ['standard base64', `${standard}=`, 'standard base64'],
    ['standard base64 without =', standard, 'base64url, with - for + and _ for /'],
    ['standard base64 whose + was decoded', `${standard.replaceAll('+', ' ')}=`, 'standard base64'],
    ['two =', `${signature}==`, '43 characters'],
    ['a space after it', `${signature} `, '43 characters'],
    ['a line feed in it', `${signature.slice(0, 9)}\n${signature.slice(9)}`, '43 characters'],
    ['other spare bits', sameBytes, '43 characters'],
    ['hexadecimal digits', Buffer.from(signature, 'base64url').toString('hex'), '43 characters'],
    ['nothing', '', '43 characters'],
  ])('%s', (_what, text, message) =>
    expect(check(text)).toThrow(
      expect.objectContaining({ code: 'SIGNATURE_INVALID', message: expect.stringContaining(message) }),
    ),
  );
});

describe('describeMismatch', () => {
  const request = {
    hosts: ['cdn.example.com', 'h'],
    paths: ['/', '/prod/'],
    parameters: [['w', '320'] as const, ['k', 'theKey'] as const, ['s', 'forged'] as const],
    signature: 'forged',
  };
  test('has the signed string and all hosts and paths', () =>
    expect(describeMismatch(request, true).message).toBe(
      'signed string "v1\\ncdn.example.com\\n/\\nk=theKey\\nw=320", hosts ["cdn.example.com","h"], paths ["/","/prod/"]',
    ));
  test('a request without host and path', () =>
    expect(describeMismatch({ ...request, hosts: [], paths: [] }, true).message).toContain('hosts [], paths []'));
  test.each(['https://a.example/?X-Amz-Signature=theSecret&w=1', 'https://a.example/?sv=1&sig=theSecret'])(
    'the query of a URL with credentials is left out: %s',
    (u) => {
      const { message } = describeMismatch({ ...request, parameters: [['u', u]] }, true);
      expect(message).toContain('left%20out%20of%20the%20log');
      expect(message).not.toContain('theSecret');
    },
  );
  test('k is left out unless it is the id of a signing key', () =>
    expect(describeMismatch(request, false).message).not.toMatch(/theKey|forged/));
});

describe('the expiry time', () => {
  const at = (seconds: number) => () => checkExpiry(String(NOW / 1000 + seconds), NOW);
  const MAX_SECONDS = 401 * 86_400;
  test('from the next second to 401 days ahead', () => {
    expect(at(1)).not.toThrow();
    expect(at(MAX_SECONDS)).not.toThrow();
  });
  test.each([
    ['now', at(0), 'SIGNATURE_EXPIRED', 'the time in exp has passed'],
    ['too far ahead', at(MAX_SECONDS + 1), 'SIGNATURE_INVALID', 'at most 400 days'],
    ['missing', () => checkExpiry(undefined, NOW), 'SIGNATURE_INVALID', 'needs exp'],
    ['empty', () => checkExpiry('', NOW), 'SIGNATURE_INVALID', 'needs exp'],
    ['not a number', () => checkExpiry('1e10', NOW), 'SIGNATURE_INVALID', 'needs exp'],
    ['with a leading space', () => checkExpiry(' 1795600000', NOW), 'SIGNATURE_INVALID', 'needs exp'],
    ['milliseconds', () => checkExpiry(String(NOW), NOW), 'SIGNATURE_INVALID', 'exp is in milliseconds'],
    ['twelve digits', () => checkExpiry('1'.repeat(12), NOW), 'SIGNATURE_INVALID', 'needs exp'],
  ])('%s', (_when, check, code, message) =>
    expect(check).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) })),
  );
  test('eleven digits are read as a time, which is too far ahead', () =>
    expect(() => checkExpiry('9'.repeat(11), NOW)).toThrow(/at most 400 days/));
  test('a URL expires at its exact millisecond', () => {
    expect(() => throwIfExpired(NOW, NOW)).toThrow(/passed/);
    expect(() => throwIfExpired(NOW + 1, NOW)).not.toThrow();
  });
});

const EXP = String(NOW / 1000 + 60);
const keys: ApiKey[] = [
  { id: 'acme', secret: secret(1), notAfter: NOW },
  { id: 'acme', secret: secret(2) },
  { id: 'beta', secret: secret(3) },
  { id: 'plain', key: 'acme' },
];
const handler = middy()
  .use(apiKey({ keys, hosts: ['cdn.example.com'] }))
  .after((request) => {
    request.response = { ...request.internal };
  })
  .handler(() => undefined) as unknown as (event: HttpEvent, context: object) => Promise<{ apiKey?: ApiKey }>;

function signed({ id = 'acme', by = secret(2), host = 'origin.example.com', path = '/', exp = EXP, suffix = '' } = {}) {
  const s = signatureOf(`v1\n${host}\n${path}\nexp=${exp}\nk=${id}\nw=320`, by);
  const event = {
    rawPath: '/',
    rawQueryString: `k=${id}&w=320&exp=${exp}&s=${s}${suffix}`,
    headers: { host: 'Origin.example.com:443' },
    requestContext: { http: { method: 'GET' }, domainName: 'x.lambda-url.on.aws' },
  } as HttpEvent;
  return handler(event, {});
}

describe('a signed URL', () => {
  test.each<[string, { id?: string; by?: Uint8Array<ArrayBuffer>; host?: string }]>([
    ['with the Host header: case and default port are ignored', {}],
    ['with the domain name of the event source', { host: 'x.lambda-url.on.aws' }],
    ['with a host of the options', { host: 'cdn.example.com' }],
    ['of another key', { id: 'beta', by: secret(3) }],
  ])('%s', async (_what, options) =>
    expect((await signed(options)).apiKey).toMatchObject({ id: options.id ?? 'acme', secret: options.by ?? secret(2) }),
  );

  test.each([
    ['with a foreign host', { host: 'evil.example.com' }, 'SIGNATURE_INVALID', /does not match/],
    ['for another path', { path: '/x' }, 'SIGNATURE_INVALID', /does not match/],
    ["with another key's secret", { by: secret(3) }, 'SIGNATURE_INVALID', /does not match/],
    ['of an unknown id', { id: 'gamma' }, 'SIGNATURE_INVALID', /does not match/],
    ['of a key that is not for signing', { id: 'plain' }, 'SIGNATURE_INVALID', /does not match/],
    ['with a parameter added', { suffix: '&h=9' }, 'SIGNATURE_INVALID', /does not match/],
    ['with invalid percent-encoding', { suffix: '&h=%zz' }, 'SIGNATURE_INVALID', /does not match/],
    ['with a second signature', { suffix: '&s=x' }, undefined, undefined],
    ['that has expired', { exp: String(NOW / 1000) }, 'SIGNATURE_EXPIRED', /passed/],
    ['with an expired secret', { by: secret(1) }, 'UNAUTHORIZED', /has expired/],
  ])('%s', async (_what, options, code, message) => {
    const response = signed(options);
    // The signature of the other parameters is valid; the query validator rejects the repeated one.
    if (code === undefined) return expect((await response).apiKey?.id).toBe('acme');
    await expect(response).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each(['', 'x', 'A'.repeat(44), 'A'.repeat(43)])('with the signature %j', async (s) => {
    const rawQueryString = `k=acme&w=320&exp=${EXP}&s=${s}`;
    const event = { rawPath: '/', rawQueryString, headers: { host: 'origin.example.com' } };
    await expect(handler(event, {})).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  test('without exp', async () => {
    const s = signatureOf('v1\nh\n/\nk=acme\nw=320', secret(2));
    const event = { rawPath: '/', rawQueryString: `k=acme&w=320&s=${s}`, headers: { host: 'h' } };
    await expect(handler(event, {})).rejects.toMatchObject({ message: expect.stringContaining('needs exp') });
  });

  test('the id of a secret is not a key', async () => {
    const event = { rawQueryString: 'k=beta&w=320' };
    await expect(handler(event, {})).rejects.toMatchObject({ message: 'This API key is not known.' });
  });
});
