/** `pixgate url` and `pixgate sign`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { extract } from '../../src/client/url.ts';
import { runIn } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pixgate-url-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = runIn(folder);

const base = ['--base', 'https://img.example.com/'];
const source = 'https://example.com/a b.jpg';
const SECRET = 'pxg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';

test('url takes the key from standard input or a file', async () => {
  const { out } = await run(['url', source, ...base, '--w', '320', '--we'], 'KEY\n');
  expect(extract(out)).toEqual({
    base: 'https://img.example.com/',
    source,
    options: { k: 'KEY', w: '320', we: '1' },
  });
  writeFileSync(join(folder, 'key'), 'KEY2\n');
  expect(extract((await run(['url', source, ...base, '--w', '9', '--key-file', 'key'])).out)?.options.k).toBe('KEY2');
});

test('url without a key is for public deployments', async () => {
  const { out } = await run(['url', source, ...base, '-w', '320', '--anonymous']);
  expect(extract(out)?.options).toEqual({ w: '320' });
});

test('long names, short names, and a negative value', async () => {
  const args = ['--width', '320', '--height=200', '-f', 'jpeg', '--quality', '70', '--ro', '-90'];
  const { out } = await run(['url', source, ...base, ...args], 'KEY');
  expect(extract(out)?.options).toEqual({ k: 'KEY', w: '320', h: '200', f: 'jpg', q: '70', ro: '-90' });
});

test('sign adds an expiry at the end of a day, and a signature', async () => {
  const { out, code } = await run(
    ['sign', source, ...base, '--id', 'acme', '--w', '320', '--days', '7'],
    `${SECRET}\n`,
  );
  expect(code).toBe(0);
  expect(extract(out)?.options).toMatchObject({ k: 'acme', s: expect.stringMatching(/^[\w-]{43}$/), w: '320' });
  const lifetime = Number(extract(out)?.options.exp) - Date.now() / 1000;
  expect([lifetime > 7 * 86_400, lifetime <= 8 * 86_400]).toEqual([true, true]);
});

const signing = ['sign', source, ...base, '--id', 'a'];
test.each([
  [['url'], '', 'One source URL is required'],
  [['url', source, 'another', ...base], 'KEY', 'One source URL is required'],
  [['url', source], 'KEY', '--base must be'],
  [['url', source, '--base', 'ftp://img.example.com/'], 'KEY', '--base must be'],
  [['url', source, ...base], '', 'The API key is required'],
  [['url', source, ...base, '--w', '0x10'], 'KEY', '--w must be a whole number from 1 to 8192'],
  [['url', source, ...base, '--ar', 'wide'], 'KEY', '--ar must be a ratio of two numbers, such as 16:9'],
  [['url', source, ...base, '--k', 'KEY'], '', '--k is not an option: every user of the machine'],
  [['sign', source, ...base, '--secret', SECRET], '', '--secret is not an option'],
  [['sign', source, ...base], SECRET, '--id must be'],
  [['sign', source, ...base, '--id', 'a b'], SECRET, '--id must be'],
  [signing, '', 'signing secret is required'],
  [signing, 'not base64url!', 'The signing secret must be 22 to 512 characters of base64url'],
  [signing, 'x'.repeat(25), 'The signing secret must be'],
  [[...signing, '--days', '401'], SECRET, '--days must be'],
  [[...signing, '--days', '1e1'], SECRET, '--days must be'],
])('%j with %j is a usage error', async (args, input, message) => {
  const { code, out, err } = await run(args, input);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
  expect(err).not.toContain(SECRET);
});

test('a file that does not exist is named, without a code of the system', async () => {
  const { code, err } = await run(['url', source, ...base, '--key-file', 'nowhere']);
  expect([code, err]).toEqual([1, 'nowhere: no such file or directory']);
});
