/** The README and the pages as HTML, for the local server. */
import { readdirSync, readFileSync } from 'node:fs';
import { marked, Renderer } from 'marked';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = 'src/docs/';
const PICTURES = '.github/pictures/';

/** Path in the repository → where the server has it. */
const places = new Map<string, string>([
  ['README.md', '/docs/readme'],
  ...readdirSync(new URL(FOLDER, ROOT)).map(
    (name) => [`${FOLDER}${name}`, `/docs/${name.replace('.md', '')}`] as [string, string],
  ),
  ...readdirSync(new URL(PICTURES, ROOT)).map((name) => [`${PICTURES}${name}`, `/docs/${name}`] as [string, string]),
]);

/** The anchor that GitHub makes of a heading. */
export const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** A link of a page as one of the server; undefined where it leads to a file that is not served. */
function toServer(href: string, path: string): string | undefined {
  if (/^(?:https?:|#)/.test(href)) return href;
  const [target = '', fragment] = href.split('#');
  const place = places.get(decodeURI(new URL(target, new URL(path, 'x:/')).pathname.slice(1)));
  return place && (fragment === undefined ? place : `${place}#${fragment}`);
}

function toHtml(path: string, markdown: string): string {
  const renderer = new Renderer();
  renderer.heading = function ({ tokens, depth, text }) {
    return `<h${depth} id="${anchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  };
  renderer.link = function ({ href, tokens }) {
    const inner = this.parser.parseInline(tokens);
    const place = toServer(href, path);
    return place === undefined ? inner : `<a href="${place}">${inner}</a>`;
  };
  renderer.image = ({ href, text }) => `<img src="${toServer(href, path) ?? ''}" alt="${text}">`;
  // A table can be wider than a phone.
  const table = renderer.table;
  renderer.table = function (token) {
    return `<div class="wide" tabindex="0">${table.call(this, token)}</div>`;
  };
  // HTML of the page itself: pictures for dark and light.
  const text = markdown.replaceAll(
    /(src|srcset)="([^"]+\.(?:webp|svg))"/g,
    (_, name, href) => `${name}="${toServer(href, path) ?? ''}"`,
  );
  return marked.parse(text, { renderer, async: false });
}

/** A page as it lies in the repository. */
function readPage([path, place]: readonly [string, string]) {
  const markdown = readFileSync(new URL(path, ROOT), 'utf8');
  return { path, place, markdown, title: /^# (.*)$/m.exec(markdown)?.[1] ?? path };
}

/** Target of a request → the page, or the bytes of a picture. Read at the start. */
export function renderDocs(): { html: Map<string, string>; pictures: Map<string, Buffer> } {
  const pages = [...places].filter(([path]) => path.endsWith('.md')).map(readPage);
  const nav = (own: string) =>
    pages
      .map(({ path, place, title }) => {
        const current = place === own ? ' aria-current="page"' : '';
        return `<a href="${place}"${current}>${path === 'README.md' ? 'Start' : title}</a>`;
      })
      .join('');
  const frame = ({ path, place, title, markdown }: (typeof pages)[0]) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · pixgate</title>
<link rel="icon" href="/src/dev/page/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/src/dev/page/page.css">
<link rel="stylesheet" href="/src/dev/page/docs.css">
<script src="/src/dev/page/theme.ts"></script>
</head>
<body class="docs">
<header class="top">
  <a class="brand" href="/"><img src="/src/dev/page/icon.svg" width="28" height="28" alt="">pixgate</a>
  <nav aria-label="Pages">${nav(place)}</nav>
  <button type="button" id="theme" class="quiet">Dark</button>
</header>
<main>${toHtml(path, markdown)}</main>
</body>
</html>
`;
  return {
    html: new Map(pages.map((page) => [page.place, frame(page)])),
    pictures: new Map(
      [...places]
        .filter(([path]) => !path.endsWith('.md'))
        .map(([path, place]) => [place, readFileSync(new URL(path, ROOT))]),
    ),
  };
}
