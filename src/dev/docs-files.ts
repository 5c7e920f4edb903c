/** npm run docs [-- FOLDER]: writes the documentation as static files for any web server, by default into dist/docs/. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleAssets } from './assets.ts';
import { renderDocs } from './docs.ts';
import type { Layout } from './docs-layout.ts';

/** All files in one folder, with relative links: the site works below any path. */
const STATIC: Layout = {
  page: (name) => (name === 'README' ? 'index.html' : `${name}.html`),
  image: (name) => name,
  asset: (name) => name,
  search: 'search.json',
  home: 'index.html',
};

const ICON = fileURLToPath(new URL('page/icon.svg', import.meta.url));

/** Writes the site. @returns the number of pages */
export async function writeDocs(folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const { html, images, search } = renderDocs(STATIC);
  for (const [name, content] of [...html, ...images, ['search.json', search] as const])
    writeFileSync(join(folder, name), content);
  copyFileSync(ICON, join(folder, 'icon.svg'));
  for (const [name, text] of await bundleAssets())
    if (!name.startsWith('playground')) writeFileSync(join(folder, name), text);
  return html.size;
}

if (import.meta.main) {
  const folder = process.argv[2] ?? 'dist/docs';
  console.log(`Wrote ${await writeDocs(folder)} pages to ${folder}`);
}
