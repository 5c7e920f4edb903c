/** The facts of `f=json` are those of the decoder, over all fixtures that it opens. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import sharp, { type Metadata } from 'sharp';
import { expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { resize } from '../../src/image/resize.ts';
import { createSvgPool } from '../../src/svg/pool.ts';
import { optionsOf, testConfig } from '../requests.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
const limits = testConfig();
const files = ['cases/files', 'wild', 'hostile/images']
  .flatMap((folder) => readdirSync(new URL(folder, fixtures)).map((name) => `${folder}/${name}`))
  .filter((path) => /\.(?:jpe?g|png|gif|webp|avif|tiff?|svg)$/.test(path))
  .filter((path) => statSync(new URL(path, fixtures)).size > 0);
const never = new AbortController().signal;
const { renderSvg } = createSvgPool({ svgTimeout: 20_000 });

/** Frames that do not cover the whole canvas, or are cleared, leave it transparent, as in browsers; the decoder fills it. */
const TRANSPARENT = ['alpha', 'channels'];
/** Facts in which pixgate is better than the decoder. */
const BETTER: Readonly<Record<string, readonly string[]>> = {
  // The decoder reads no animated PNG.
  'cases/files/A14-two.apng.png': ['pages'],
  'wild/W54-dispose.gif': TRANSPARENT,
  'wild/W55-small.gif': TRANSPARENT,
  'hostile/images/gif-10k-frames-2000sq.gif': TRANSPARENT,
  'hostile/images/gif-65535sq-canvas.gif': TRANSPARENT,
  'hostile/images/gif-js-polyglot.gif': TRANSPARENT,
};

async function factsOf(path: string): Promise<Record<string, unknown> | undefined> {
  const bytes = readFileSync(new URL(path, fixtures));
  try {
    const format = sniff(bytes, true);
    const job = { source: { bytes, format }, options: optionsOf({ w: 100, f: 'json' }), accept: undefined, limits };
    const { data } = await (format === 'svg' ? renderSvg(job, never) : resize(job, undefined, { signal: never }));
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

/** What sharp reads, in the terms of `f=json`. */
function expected({ autoOrient, pages = 1, pageHeight, ...metadata }: Metadata, isAnimation: boolean) {
  const height = isAnimation ? (pageHeight ?? metadata.height) : metadata.height;
  const isTurned = (metadata.orientation ?? 1) >= 5;
  return {
    width: isTurned ? height : metadata.width,
    height: isTurned ? metadata.width : height,
    orientation: metadata.orientation ?? 1,
    pages,
    primaryPage: metadata.pagePrimary,
    alpha: metadata.hasAlpha,
    channels: metadata.channels,
    space: metadata.space,
    depth: metadata.depth,
    profile: metadata.hasProfile,
  };
}

test.each(files)('%s', async (path) => {
  const facts = await factsOf(path);
  const bytes = readFileSync(new URL(path, fixtures));
  const isAnimation = /\.(?:gif|webp)$/.test(path);
  const metadata = await sharp(bytes, { limitInputPixels: false, ...(isAnimation && { pages: -1 }) })
    .metadata()
    .catch(() => undefined);
  if (!facts || !metadata) return;
  const { format: _, ...all } = facts;
  const wanted = expected(metadata, isAnimation);
  const names = Object.keys(wanted).filter((name) => !BETTER[path]?.includes(name));
  const pick = (from: Record<string, unknown>) => Object.fromEntries(names.map((name) => [name, from[name]]));
  expect(pick(all)).toEqual(pick(wanted));
});
