/** The arrows of the layout: which folder may import which, who may read the environment, and words that must not come back. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

const src = new URL('../src/', import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'));
const read = (path: string) => readFileSync(new URL(path, src), 'utf8');

/** Paths below `src/`; what lies outside of it begins with `../`. */
const importsOf = (path: string) =>
  [...read(path).matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, target = '']) =>
    posix.normalize(posix.join(posix.dirname(path), target)),
  );

/** Folders end in a slash. A folder may always import itself. Bottom-up: each row imports rows above it only. */
const ARROWS: readonly (readonly [importers: string, targets: string])[] = [
  ['errors.ts options.ts', ''],
  ['http/ schema.ts concurrency/ client/', 'errors.ts options.ts'],
  ['middlewares/', 'errors.ts schema.ts http/ client/ ../schemas/middlewares.json'],
  ['image/', 'errors.ts options.ts concurrency/turn.ts'],
  ['svg/ heic/', 'errors.ts options.ts image/'],
  ['fetch/', 'errors.ts options.ts image/job.ts image/limits.ts image/formats/'],
  ['marks/', 'errors.ts options.ts schema.ts fetch/ image/ svg/ ../schemas/'],
  [
    'keys/',
    'errors.ts options.ts schema.ts marks/ fetch/source-url.ts fetch/source-bases.ts fetch/source-headers.ts fetch/s3-url.ts image/mark.ts image/negotiate.ts image/size.ts ../schemas/',
  ],
  [
    'config.ts parsers.ts',
    'errors.ts options.ts schema.ts http/ keys/registry.ts marks/settings.ts fetch/ image/colour.ts image/padding.ts middlewares/types.ts ../schemas/',
  ],
  ['cache/', 'errors.ts options.ts config.ts concurrency/ http/ fetch/ image/ svg/'],
  [
    'compat/ fallback.ts guards.ts',
    'errors.ts options.ts http/ keys/ cache/ fetch/source-bases.ts image/ middlewares/',
  ],
  [
    'renderer.ts images.ts',
    'errors.ts config.ts fallback.ts concurrency/ renderer.ts http/ cache/ fetch/ heic/ image/ svg/',
  ],
  [
    'transform.ts',
    'errors.ts options.ts config.ts parsers.ts middlewares/ marks/ fetch/ heic/ image/ svg/ ../schemas/',
  ],
  [
    'query-rules.ts handler.ts',
    'errors.ts options.ts config.ts parsers.ts query-rules.ts compat/ guards.ts fallback.ts images.ts http/ keys/ cache/ fetch/ image/mark.ts middlewares/ ../schemas/',
  ],
];
/** The entry points: nothing but one of them may import one. */
const ENTRY_POINTS = ['lambda/', 'server/', 'dev/', 'cli/', 'generate/', 'build/'];

const isIn = (path: string, place: string) => (place.endsWith('/') ? path.startsWith(place) : path === place);
const isInSome = (path: string, places: string) => places.split(' ').some((place) => isIn(path, place));

function allowed(path: string, target: string): boolean {
  if (ENTRY_POINTS.some((place) => isIn(path, place))) return true;
  const row = ARROWS.find(([importers]) => isInSome(path, importers));
  const folder = path.includes('/') ? path.replace(/\/.*/, '/') : path;
  return row !== undefined && (isIn(target, folder) || isInSome(target, row[1]));
}

test.each(files)('%s imports only what is below it', (path) => {
  expect(importsOf(path).filter((target) => !allowed(path, target))).toEqual([]);
});

test('the table is small, and it bites', () => {
  expect(ARROWS.length).toBeLessThanOrEqual(14);
  expect(allowed('image/plan.ts', 'http/event.ts')).toBe(false);
  expect(allowed('middlewares/api-key.ts', 'image/plan.ts')).toBe(false);
  expect(allowed('handler.ts', 'dev/server.ts')).toBe(false);
  expect(allowed('keys/registry.ts', 'middlewares/api-key.ts')).toBe(false);
  expect(importsOf('renderer.ts')).toContain('image/resize.ts');
});

test('byte readers know no decoder', () => {
  for (const path of files.filter((file) => file.startsWith('image/formats/'))) {
    expect(read(path)).not.toMatch(/^import (?!type)[^;]*from 'sharp'/m);
    expect(importsOf(path).filter((target) => !/^image\/(?:formats\/|size\.ts)|^errors\.ts/.test(target))).toEqual([]);
  }
});

test('no circles', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of importsOf(path)) if (files.includes(target)) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of files) walk(path, []);
  expect(circles).toEqual([]);
});

/** Where the environment is read. */
// client/url.ts: whether it is part of a production build.
const READ_ENVIRONMENT = [
  'client/url.ts',
  'lambda/',
  'server/start.ts',
  'dev/server.ts',
  'build/build.ts',
  'build/release.ts',
];
test.each(files.filter((path) => !READ_ENVIRONMENT.some((place) => isIn(path, place))))(
  '%s does not read the environment',
  (path) => expect(read(path)).not.toMatch(/process\.env|node:process/),
);

/** What runs on a developer's machine, and not on Lambda; and the readers of the deployment's fonts and the system's hosts file. */
const ON_DISK = ['server/', 'dev/', 'cli/', 'generate/', 'build/', 'svg/font-coverage.ts', 'fetch/hosts-file.ts'];
test.each(files.filter((path) => !ON_DISK.some((place) => isIn(path, place))))(
  '%s never touches the file system',
  (path) => expect(read(path)).not.toMatch(/node:fs|'fs'|\btmpdir\b|\.toFile\(|\/tmp/),
);
test('the hosts file is read, never written', () =>
  expect(read('fetch/hosts-file.ts').match(/\b(?:fs|file)\.\w+/g)).toEqual(['fs.open', 'file.read', 'file.close']));
test('fonts are read, never written', () =>
  expect(read('svg/font-coverage.ts').match(/import .*'node:fs.*/g)).toEqual([
    "import { readdirSync, readFileSync } from 'node:fs';",
  ]));

/** Private names of the first version, whose standard names are in use now. */
const PRIVATE_NAMES =
  /\b(?:remake\w*|kept\w*|stands|goesOn|letGo|behind|ownSamples|namesOurs|stamp\w*|inBucket|identity|notes|lifeOf|whileRevalidate|mayStand|insteadOf|copies|gate|pace|keepPace|drawing\w*|front_?[dD]oor\w*|pictures?|answer(?:s|ed|Headers)?|replyLimit|ELSEWHERE|most[A-Z]\w*|MOST_\w*|refuse[A-Z]\w*|tooLate|mended|anew)\b/;
/** Code without comments, strings and the names that HTML, Markdown or AWS have. */
const codeOf = (path: string) =>
  read(path)
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replaceAll(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'/g, '')
    .replaceAll(/\bpicture\(|\bpicture\b(?= as |: | *[,}])/g, '');
test.each(files)('%s has no private names', (path) => expect(codeOf(path)).not.toMatch(PRIVATE_NAMES));

test('no barrel, no utils', () => {
  expect(files.filter((path) => /(?:^|\/)index\.ts$|util|helper/.test(path))).toEqual([]);
});

test('few files at the root', () => {
  expect(files.filter((path) => !path.includes('/')).length).toBeLessThanOrEqual(12);
});
