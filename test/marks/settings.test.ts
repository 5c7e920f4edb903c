import { describe, expect, test } from 'vitest';
import { loadConfig, resolveConfig } from '../../src/config.ts';
import { parseKeys } from '../../src/keys/registry.ts';
import { parseMarks } from '../../src/marks/settings.ts';

const message = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};

test('marks with their defaults', () => {
  expect(parseMarks('{"logo": {"source": "s3://brand/logo.svg", "mpos": "tile", "malpha": 0.3}}')).toEqual([
    { name: 'logo', source: 's3://brand/logo.svg', options: { mpos: 'tile', malpha: 0.3 } },
  ]);
  expect(parseMarks('{}')).toEqual([]);
});

describe('an invalid text: the message names the mark, and repeats no source', () => {
  const https = { source: 'https://example.com/hush.png' };
  test.each<[unknown, string]>([
    ['{', 'it is not valid JSON'],
    [[], 'it must be an object of marks by name'],
    [{ 'a b': https }, 'a b: mark must be a name of 1 to 40 letters'],
    [{ logo: 'https://example.com/hush.png' }, 'logo: it must be an object with a source'],
    [{ logo: {} }, 'logo: source must be an http(s), s3:// or data URL'],
    [{ logo: { source: 'hush.png' } }, 'logo: source must be an http(s), s3:// or data URL'],
    [{ logo: { source: 'file:///hush.png' } }, 'logo: source must be an http(s), s3:// or data URL'],
    [{ logo: { source: 'data:image/png' } }, 'logo: source must be an http(s), s3:// or data URL'],
    [{ logo: { source: 'https://user:hush@example.com/' } }, 'logo: source must not contain a user name or password'],
    [{ logo: { source: 's3://hush' } }, 'logo: source must be s3://bucket/key'],
    [{ logo: { ...https, scale: 0.3 } }, 'logo: scale is not one of mpos, mscale, malpha, mx, my'],
    [{ logo: { ...https, mscale: 2 } }, 'logo: mscale must be a decimal number from 0.01 to 1'],
    [{ logo: { ...https, mscale: '0.3' } }, 'logo: mscale must be a decimal number from 0.01 to 1'],
    [{ logo: { ...https, mpos: 'middle' } }, 'logo: mpos must be one of center, top'],
    [{ logo: { ...https, mx: 1.5 } }, 'logo: mx must be a whole number from 0 to 8192'],
  ])('%j', (marks, expected) => {
    const text = typeof marks === 'string' ? marks : JSON.stringify(marks);
    expect(message(() => parseMarks(text))).toContain(expected);
    expect(message(() => parseMarks(text))).not.toContain('hush');
  });
});

test('the configuration: from one place, with the name that the caller knows', () => {
  const marks = '{"logo": {"source": "data:,x"}}';
  const env = { API_KEYS: 'demo:key' };
  expect(loadConfig({ ...env, MARKS: marks }).marks).toMatchObject([{ name: 'logo' }]);
  expect(resolveConfig({ marks }).marks).toHaveLength(1);
  expect(loadConfig({ ...env, MARKS_SSM: '/x' })).toMatchObject({ marks: [], marksSsm: '/x' });
  expect(message(() => loadConfig({ ...env, MARKS: marks, MARKS_SSM: '/x' }))).toContain(
    'MARKS and MARKS_SSM exclude each other',
  );
  expect(message(() => loadConfig({ ...env, MARKS: '[]' }))).toContain('MARKS is invalid: it must be an object');
  expect(message(() => resolveConfig({ marks: '[]' }))).toContain('marks is invalid: it must be an object');
});

test.each<[unknown, string]>([
  [{ name: 'logo', mscale: 0.3 }, 'no error'],
  ['logo', 'entry 1 (acme): mark must be an object'],
  [{}, 'entry 1 (acme): mark needs name'],
  [{ name: 5 }, 'entry 1 (acme): mark: mark must be a name'],
  [{ name: 'logo', mpos: 'middle' }, 'entry 1 (acme): mark: mpos must be one of'],
  [{ name: 'logo', url: 'x' }, 'entry 1 (acme): mark: url is not one of mpos'],
])('mark of a key: %j', (mark, expected) => {
  const entry = { id: 'acme', sha256: '0'.repeat(64), mark };
  expect(message(() => parseKeys(JSON.stringify([entry])))).toContain(expected);
});
