/** The sample images of the local server: their files, thumbnails and buttons. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { StaticFile } from '../server/listen.ts';
import { transform } from '../transform.ts';

const FOLDER = new URL('samples/', import.meta.url);

export const SAMPLES: readonly string[] = readdirSync(FOLDER).filter((name) => !name.endsWith('.md'));

/** Content types of samples. Only SVG has one, because browsers do not sniff it; the others are sniffed, as from any origin. */
const TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml' };

const read = (name: string) => readFileSync(new URL(name, FOLDER));

export function readSample(name: string): StaticFile {
  const type = TYPES[extname(name)];
  return { status: 200, headers: type ? { 'Content-Type': type } : {}, body: read(name) };
}

/** Size of a thumbnail: 1.5 times that of a button in CSS pixels. */
const SIZE = { w: 78, h: 72 };

/** Returns a sample of one frame, at the size of its button; an SVG as it is, because it is smaller than its pixels. */
export async function renderThumbnail(name: string): Promise<StaticFile> {
  if (extname(name) === '.svg') return readSample(name);
  const { data } = await transform(read(name), { ...SIZE, fit: 'cover', f: 'webp', q: 50, n: 1 });
  return { status: 200, headers: { 'Content-Type': 'image/webp' }, body: data };
}

/** Returns the HTML of the buttons, in the page, so that loading causes no layout shift. Their images load after the style. */
export const sampleButtons = (): string =>
  SAMPLES.map(
    (name) =>
      `<button type="button" data-name="${name}" aria-label="${name}" title="${name}"><img src="/thumbnails/${name}" alt="" loading="lazy"></button>`,
  ).join('');

/** Returns the list of samples, for a person who opens their folder. */
export const samplesPage = (): string => `<!doctype html>
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
