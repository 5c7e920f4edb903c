/** Static files of the local server: the playground, sample images, docs and openapi.json. Each is made at its first request. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { openapi } from '../generate/openapi.ts';
import type { StaticFile as File, Site } from '../server/listen.ts';
import { bundleAssets } from './assets.ts';
import { compress } from './compress.ts';
import { renderDocs } from './docs.ts';
import { escapeHtml } from './page/html.ts';
import { RECIPES } from './page/recipes.ts';
import { revalidate } from './revalidate.ts';
import { readSample, renderThumbnail, SAMPLES, sampleButtons, samplesPage } from './samples.ts';
import { unknownPath } from './unknown-path.ts';

const file = (headers: File['headers'], body: File['body'], status = 200): File => ({ status, headers, body });

const read = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
};
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Allows the page's own scripts and styles only, and images and API responses from any host, because the page can call any server. */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src * blob: data:; connect-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

type Files = ReadonlyMap<string, File>;

/** Returns a function that makes a value at its first call, and again after a promise that was rejected. */
function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    if (made) return made.value;
    const value = make();
    made = { value };
    if (value instanceof Promise)
      value.catch(() => {
        made = undefined;
      });
    return value;
  };
}

/** Scripts, styles and the icon, at /assets/NAME. */
const assets = once(async (): Promise<Files> => {
  const texts = [...(await bundleAssets()), ['icon.svg', read('icon.svg')] as const];
  const headers = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-cache' };
  return new Map(
    texts.map(([name, text]) => [
      `/assets/${name}`,
      file({ 'Content-Type': TYPES[extname(name)] ?? '', ...headers }, text),
    ]),
  );
});

/** The README, the docs and their images, at /docs/NAME. */
const docs = once((): Files => {
  const { html, images, search } = renderDocs();
  return new Map([
    ...[...html].map(([path, text]) => [path, file(PAGE_HEADERS, text)] as const),
    ['/docs/search.json', file(JSON_TYPE, search)] as const,
    ...[...images].map(([path, body]) => [path, file({ 'Content-Type': TYPES[extname(path)] ?? '' }, body)] as const),
  ]);
});

/** Values embedded in the page. */
export interface Start {
  /** Base URL of the samples. */
  readonly samples: string;
  /** The demo key; empty if there is none. */
  readonly key: string;
  /** Names of the presets and marks, by the parameter that takes one. */
  readonly names: { readonly p: readonly string[]; readonly mark: readonly string[] };
}

/** Returns the HTML of the recipes' buttons, part of the page as those of the samples are. */
const recipeButtons = () =>
  RECIPES.map(
    ({ title }) => `<button type="button" aria-describedby="recipe-explanation">${escapeHtml(title)}</button>`,
  ).join('');

function renderPage(start: Start): File {
  const html = read('page.html')
    .replace('%START%', () => escapeHtml(JSON.stringify(start)))
    .replace('%SAMPLES%', sampleButtons)
    .replace('%RECIPES%', recipeButtons);
  return file(PAGE_HEADERS, html);
}

const moved = (location: string) => file({ Location: location }, '', 302);

/** Paths outside of /docs/ and /assets/, each with what makes its file. */
const createRoutes = (start: Start) =>
  new Map<string, () => File | Promise<File>>([
    ['/', () => renderPage(start)],
    ['/docs', () => moved('/docs/')],
    ['/docs/', () => moved('/docs/readme')],
    ['/samples', () => moved('/samples/')],
    ['/samples/', () => file(PAGE_HEADERS, samplesPage())],
    ['/health', () => file({ ...JSON_TYPE, 'Cache-Control': 'no-store' }, '{"status":"ready"}')],
    ['/openapi.json', () => file(JSON_TYPE, JSON.stringify(openapi()))],
    ['/favicon.ico', () => file({ 'Content-Type': 'image/svg+xml' }, read('icon.svg'))],
    ...SAMPLES.map((name) => [`/samples/${name}`, () => readSample(name)] as const),
    ...SAMPLES.map((name) => [`/thumbnails/${name}`, () => renderThumbnail(name)] as const),
  ]);

/**
 * Returns what finds the static files.
 *
 * @param isCompat whether URLs of other resizers are accepted: then any path may be one
 * @returns a function from a request target and its headers to a file, or to a 404; undefined for a request to the image handler
 */
export function createStatic(start: Start, isCompat: boolean): Site['findFile'] {
  const routes = new Map([...createRoutes(start)].map(([path, make]) => [path, once(make)]));
  const find = (path: string): File | undefined | Promise<File | undefined> => {
    const route = routes.get(path);
    if (route) return route();
    if (path.startsWith('/docs/')) return docs().get(path);
    return path.startsWith('/assets/') ? assets().then((files) => files.get(path)) : undefined;
  };
  return async (target, { 'accept-encoding': acceptEncoding, 'if-none-match': ifNoneMatch }) => {
    const [path = ''] = target.split('?');
    // The bundles are made while the page is on its way.
    if (target === '/') assets().catch(() => {});
    // The page alone has no query: one at / is an image.
    const found = await find(path === '/' ? target : path);
    if (found) return revalidate(compress(found, acceptEncoding), ifNoneMatch);
    return isCompat ? undefined : unknownPath(target);
  };
}
