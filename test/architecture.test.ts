/** The arrows of the house: who may import whom, and who may read the environment. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

const src = new URL('../src/', import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));
const read = (path: string) => readFileSync(new URL(path, src), 'utf8');

const importsOf = (path: string) =>
  [...read(path).matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, target = '']) =>
    posix.normalize(posix.join(posix.dirname(path), target)),
  );

const LEAVES = ['errors.ts', 'event.ts', 'options.ts'];
const SCHEMAS = ['../schemas/query.json', '../schemas/config.json', '../schemas/keys.json', '../schemas/validators.js'];
const OPTIONS = '../schemas/middlewares.json';
const REMEMBERING = ['errors.ts', 'options.ts', 'config.ts', 'cache.ts', 'http.ts', 'freshness.ts', /^image\//];
const ALL = /^(?!dev\/|transform\.ts|lambda\.ts|index\.ts|stream\.ts|authorizer\.ts)/;

/** What each room may import. */
function allowed(path: string): (target: string) => boolean {
  const one =
    (...list: (string | RegExp)[]) =>
    (target: string) =>
      list.some((entry) => (typeof entry === 'string' ? entry === target : entry.test(target)));
  if (['errors.ts', 'options.ts', 'event.ts', 'freshness.ts'].includes(path)) return one();
  if (path === 'http.ts') return one('freshness.ts');
  if (path === 'url.ts') return one('options.ts');
  if (path === 'loaders.ts') return one('url.ts');
  if (path === 'keys.ts') return one('options.ts', ...SCHEMAS, /^middlewares\//, /^image\//);
  if (path === 'key-store.ts') return one('keys.ts');
  if (path === 'parsers.ts') return one('errors.ts', 'freshness.ts', ...SCHEMAS, /^middlewares\//, /^image\//);
  if (path === 'steps.ts') return one(...LEAVES, 'keys.ts', 'policy.ts', ...SCHEMAS, /^middlewares\//);
  if (path === 'policy.ts') return one('errors.ts', 'options.ts', 'keys.ts', /^image\//);
  if (path === 'cache.ts') return one('errors.ts');
  if (path === 'fallback.ts') return one('errors.ts', 'options.ts', /^image\//);
  if (path === 'bucket.ts') return one('http.ts', 'sources.ts');
  if (path === 'sources.ts') return one(...REMEMBERING);
  if (path === 'pictures.ts') return one(...REMEMBERING, 'bucket.ts', 'fallback.ts', 'sources.ts');
  if (path.startsWith('middlewares/')) return one('errors.ts', 'event.ts', 'url.ts', OPTIONS, /^middlewares\//);
  if (path.startsWith('image/')) return one('errors.ts', 'options.ts', /^image\//);
  if (path === 'config.ts') return one(...LEAVES, 'keys.ts', ...SCHEMAS, /^middlewares\//, /^image\//);
  if (path === 'handler.ts') return one(ALL, ...SCHEMAS);
  if (path === 'authorizer.ts') return one('keys.ts');
  if (path === 'transform.ts')
    return one(...LEAVES, 'config.ts', 'parsers.ts', ...SCHEMAS, /^middlewares\//, /^image\//);
  if (path === 'lambda.ts') return one('handler.ts', 'config.ts', 'key-store.ts');
  if (path === 'index.ts' || path === 'stream.ts') return one('lambda.ts');
  return one(/./);
}

test.each(files)('%s imports only what is below it', (path) => {
  expect(importsOf(path).filter((target) => !allowed(path)(target))).toEqual([]);
});

test('the rule bites', () => {
  expect(allowed('image/plan.ts')('event.ts')).toBe(false);
  expect(allowed('middlewares/api-key.ts')('image/plan.ts')).toBe(false);
  expect(allowed('handler.ts')('dev/server.ts')).toBe(false);
  expect(importsOf('pictures.ts')).toContain('image/resize.ts');
});

const ENTRIES = ['index.ts', 'stream.ts', 'dev/server.ts', 'dev/build.ts'];
test.each(files.filter((path) => !ENTRIES.includes(path)))('%s does not read the environment', (path) =>
  expect(read(path)).not.toMatch(/process\.env|node:process/),
);

test.each(files.filter((path) => !path.startsWith('dev/')))('%s never touches the file system', (path) =>
  expect(read(path)).not.toMatch(/node:fs|'fs'|\btmpdir\b|\.toFile\(|\/tmp/),
);

test('no barrel, no utils', () => {
  expect(files.filter((path) => /\/index\.ts$|util|helper/.test(path))).toEqual([]);
});
