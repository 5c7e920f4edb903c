/** npm run docs [-- FOLDER]: writes the documentation as static files for any web server, by default into dist/docs/. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { renderDocs } from './docs.ts';
import type { Layout } from './docs-layout.ts';

/** All files in one folder, with relative links: the site works below any path. */
const STATIC: Layout = {
  page: (name) => (name === 'README' ? 'index.html' : `${name}.html`),
  image: (name) => name,
  asset: (name) => name.replace('.ts', '.js'),
  search: 'search.json',
  home: 'index.html',
};

const page = fileURLToPath(new URL('page/', import.meta.url));

/** Writes the site. @returns the number of pages */
export async function writeDocs(folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const { html, images, search } = renderDocs(STATIC);
  for (const [name, content] of [...html, ...images, ['search.json', search] as const])
    writeFileSync(join(folder, name), content);
  for (const name of ['icon.svg', 'page.css', 'docs.css']) copyFileSync(join(page, name), join(folder, name));
  const entryPoints = ['theme.ts', 'docs.ts'].map((name) => join(page, name));
  await build({ entryPoints, outdir: folder, bundle: true, minify: true, format: 'esm', logLevel: 'warning' });
  return html.size;
}

if (import.meta.main) {
  const folder = process.argv[2] ?? 'dist/docs';
  console.log(`Wrote ${await writeDocs(folder)} pages to ${folder}`);
}
