/** The pages of the documentation, in their order, and where they are on the site. */
import { readdirSync } from 'node:fs';

export const ROOT = new URL('../../', import.meta.url);
const FOLDER = 'src/docs/';
const IMAGES = '.github/images/';

const ORDER: Readonly<Record<string, readonly string[]>> = {
  Start: ['README'],
  Embed: ['embed', 'recipes', 'gallery'],
  Parameters: ['parameters', 'errors'],
  Keys: ['partners'],
  Deploy: ['hosting', 'cloudfront'],
  Operate: ['operate', 'origins', 'batch'],
  Security: ['security'],
  Migrate: ['migration'],
  Reuse: [
    'core',
    'middlewares',
    'middleware-access-log',
    'middleware-api-key',
    'middleware-error-mapper',
    'middleware-query-reader',
    'middleware-query-validator',
    'middleware-response-serializer',
    'middleware-signed-url',
    'signature',
    'bundle',
    'architecture',
  ],
  'Command line': ['cli'],
};

const others = readdirSync(new URL(FOLDER, ROOT))
  .map((name) => name.replace('.md', ''))
  .filter((name) => !Object.values(ORDER).flat().includes(name));

/** The pages by group, in the order of the site, and a last group of those that ORDER does not have. `README` is the start page. */
export const GROUPS = others.length ? { ...ORDER, More: others } : ORDER;

/** Where the files of the site are. */
export interface Layout {
  readonly page: (name: string) => string;
  readonly image: (name: string) => string;
  /** Bundled scripts and styles, and the icon. */
  readonly asset: (name: string) => string;
  readonly search: string;
  readonly home: string;
}

/** On the local server. */
export const SERVER: Layout = {
  page: (name) => `/docs/${name.toLowerCase()}`,
  image: (name) => `/docs/${name}`,
  asset: (name) => `/assets/${name}`,
  search: '/docs/search.json',
  home: '/',
};

/** Path in the repository → path on the site. */
export const sitePaths = ({ page, image }: Layout) =>
  new Map<string, string>([
    ...Object.values(GROUPS)
      .flat()
      .map((name) => [name === 'README' ? 'README.md' : `${FOLDER}${name}.md`, page(name)] as [string, string]),
    ...readdirSync(new URL(IMAGES, ROOT)).map((name) => [`${IMAGES}${name}`, image(name)] as [string, string]),
  ]);

/** Returns the anchor that GitHub gives a heading. */
export const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
