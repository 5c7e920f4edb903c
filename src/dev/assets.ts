/** The scripts and styles of the playground and the documentation, bundled in memory: one script and one style for each. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('page/', import.meta.url));

const ENTRY_POINTS = [
  { in: 'main.ts', out: 'playground' },
  { in: 'playground.css', out: 'playground' },
  { in: 'docs.ts', out: 'docs' },
  { in: 'docs.css', out: 'docs' },
  // Apart from the others, because it runs before the first paint.
  { in: 'theme.ts', out: 'theme' },
];

/** @returns the text of each bundle, and of its source map, by its name: `playground.js`, `playground.js.map`, `docs.css` … */
export async function bundleAssets(): Promise<ReadonlyMap<string, string>> {
  // Imported at the first use: a start without a browser does not need it.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: FOLDER,
    entryPoints: ENTRY_POINTS,
    outdir: FOLDER,
    bundle: true,
    minify: true,
    format: 'esm',
    sourcemap: 'linked',
    write: false,
    logLevel: 'warning',
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
}
