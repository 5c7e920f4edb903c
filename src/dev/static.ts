/** Static files of the local server: the playground, sample images, docs and openapi.json. All are read once, at the start. */
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { openapi } from '../generate/openapi.ts';
import type { StaticFile as File } from '../server/listen.ts';
import { renderDocs } from './docs.ts';
import { escapeHtml } from './page/html.ts';
import { unknownPath } from './unknown-path.ts';

const file = (headers: File['headers'], body: File['body'], status = 200): File => ({ status, headers, body });

const ROOT = new URL('../../', import.meta.url);
const list = (folder: string) => readdirSync(new URL(folder, ROOT)).filter((name) => !name.endsWith('.md'));

export const SAMPLES: readonly string[] = list('src/dev/samples/');

/** Content types of samples. Only SVG has one, because browsers do not sniff it; the others are sniffed, as from any origin. */
const SAMPLE_TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml' };

const TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
};

/** Allows the page's own scripts and styles only, and images and API responses from any host, because the page can call any server. */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src * blob: data:; connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** Files that the page loads, served by their repository paths, so that imports are the same for the browser, the tests and tsc. */
const PAGE_FILES = [
  ...list('src/dev/page/').map((name) => `src/dev/page/${name}`),
  'src/client/url.ts',
  'src/client/parameters.ts',
  'schemas/query.json',
].filter((path) => extname(path) in TYPES && !path.endsWith('tsconfig.json'));

function readPageFile(path: string): [string, File] {
  const text = readFileSync(new URL(path, ROOT), 'utf8');
  const headers = {
    'Content-Type': `${TYPES[extname(path)]}; charset=utf-8`,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-cache',
  };
  return [`/${path}`, file(headers, path.endsWith('.ts') ? stripTypeScriptTypes(text) : text)];
}

function readSample(name: string): [string, File] {
  const type = SAMPLE_TYPES[extname(name)];
  const body = readFileSync(new URL(`src/dev/samples/${name}`, ROOT));
  return [`/samples/${name}`, file(type ? { 'Content-Type': type } : {}, body)];
}

/** Returns the HTML of a sample's button. It is part of the served page, so that loading causes no layout shift. */
const sampleButton = (name: string) =>
  `<button type="button" data-name="${name}" aria-label="${name}" title="${name}"><img src="/samples/${name}" alt=""></button>`;

/** Returns the list of samples, for a person who opens their folder. */
const samplesPage = () => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Samples · pixgate</title>
</head>
<body>
<h1>Samples</h1>
<ul>
${SAMPLES.map((name) => `<li><a href="/samples/${name}">${name}</a></li>`).join('\n')}
</ul>
<p><a href="/">Open the playground</a></p>
</body>
</html>
`;

const moved = (location: string) => file({ Location: location }, '', 302);

/** Returns the README, the docs and their images, at /docs/NAME. */
function readDocs(): [string, File][] {
  const { html, images, search } = renderDocs();
  const imageFile = (path: string, body: Buffer) => file({ 'Content-Type': TYPES[extname(path)] ?? '' }, body);
  return [
    ...[...html].map(([path, text]) => [path, file(PAGE_HEADERS, text)] as [string, File]),
    ['/docs/search.json', file({ 'Content-Type': 'application/json' }, search)],
    ...[...images].map(([path, body]) => [path, imageFile(path, body)] as [string, File]),
  ];
}

/**
 * Loads all static files.
 *
 * @param start values embedded in the page: base URL of the samples, and the demo key, empty if there is none
 * @param isCompat whether URLs of other resizers are accepted: then any path may be one
 * @returns a function from a request target to its file, or to a 404; undefined for a request to the image handler
 */
export function createStatic(
  start: { readonly samples: string; readonly key: string },
  isCompat: boolean,
): (target: string) => File | undefined {
  const html = readFileSync(new URL('src/dev/page/page.html', ROOT), 'utf8');
  const page = html
    .replace('%START%', () => escapeHtml(JSON.stringify(start)))
    .replace('%SAMPLES%', () => SAMPLES.map(sampleButton).join(''));
  const pageFiles = PAGE_FILES.map(readPageFile);
  const icon = new Map(pageFiles).get('/src/dev/page/icon.svg') ?? file({}, '', 404);
  const files = new Map<string, File>([
    ['/', file(PAGE_HEADERS, page)],
    ['/docs', moved('/docs/')],
    ['/docs/', moved('/docs/readme')],
    ['/samples', moved('/samples/')],
    ['/samples/', file(PAGE_HEADERS, samplesPage())],
    ['/health', file({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }, '{"status":"ready"}')],
    ['/openapi.json', file({ 'Content-Type': 'application/json' }, JSON.stringify(openapi()))],
    ...pageFiles,
    ['/favicon.ico', icon],
    ...SAMPLES.map(readSample),
    ...readDocs(),
  ]);
  return (target) => {
    const [path = ''] = target.split('?');
    // The page alone has no query: one at / is an image.
    return files.get(path === '/' ? target : path) ?? (isCompat ? undefined : unknownPath(target));
  };
}
