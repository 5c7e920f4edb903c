/** Renders the README and the docs as HTML, for the local server. */
import { readdirSync, readFileSync } from 'node:fs';
import { marked, Renderer } from 'marked';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = 'src/docs/';
const IMAGES = '.github/images/';

/** Path in the repository → path on the local server. */
const serverPaths = new Map<string, string>([
  ['README.md', '/docs/readme'],
  ...readdirSync(new URL(FOLDER, ROOT)).map(
    (name) => [`${FOLDER}${name}`, `/docs/${name.replace('.md', '')}`] as [string, string],
  ),
  ...readdirSync(new URL(IMAGES, ROOT)).map((name) => [`${IMAGES}${name}`, `/docs/${name}`] as [string, string]),
]);

/** Returns the anchor that GitHub gives a heading. */
export const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

/** Rewrites a link of a page to the server's path; undefined if its target is not served. @param path the page's, in the repository */
function toServerLink(href: string, path: string): string | undefined {
  if (/^(?:https?:|#)/.test(href)) return href;
  const [target = '', fragment] = href.split('#');
  const serverPath = serverPaths.get(decodeURI(new URL(target, new URL(path, 'x:/')).pathname.slice(1)));
  return serverPath && (fragment === undefined ? serverPath : `${serverPath}#${fragment}`);
}

function toHtml(path: string, markdown: string): string {
  const renderer = new Renderer();
  renderer.heading = function ({ tokens, depth, text }) {
    return `<h${depth} id="${anchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  };
  renderer.link = function ({ href, tokens }) {
    const inner = this.parser.parseInline(tokens);
    const link = toServerLink(href, path);
    return link === undefined ? inner : `<a href="${link}">${inner}</a>`;
  };
  renderer.image = ({ href, text }) => `<img src="${toServerLink(href, path) ?? ''}" alt="${text}">`;
  // Scrolls tables that are wider than the screen.
  const table = renderer.table;
  renderer.table = function (token) {
    return `<div class="wide" tabindex="0">${table.call(this, token)}</div>`;
  };
  // HTML inside the Markdown: <picture> with a source for each colour scheme.
  const text = markdown.replaceAll(
    /(src|srcset)="([^"]+\.(?:webp|svg))"/g,
    (_, name, href) => `${name}="${toServerLink(href, path) ?? ''}"`,
  );
  return marked.parse(text, { renderer, async: false });
}

/** Reads a page from the repository. */
function readPage([path, serverPath]: readonly [string, string]) {
  const markdown = readFileSync(new URL(path, ROOT), 'utf8');
  return { path, serverPath, markdown, title: /^# (.*)$/m.exec(markdown)?.[1] ?? path };
}

/** Returns the pages as HTML and the bytes of their images, by their paths on the server. */
export function renderDocs(): { html: Map<string, string>; images: Map<string, Buffer> } {
  const pages = [...serverPaths].filter(([path]) => path.endsWith('.md')).map(readPage);
  const nav = (currentPath: string) =>
    pages
      .map(({ path, serverPath, title }) => {
        const current = serverPath === currentPath ? ' aria-current="page"' : '';
        return `<a href="${serverPath}"${current}>${path === 'README.md' ? 'Start' : title}</a>`;
      })
      .join('');
  const toDocument = ({ path, serverPath, title, markdown }: (typeof pages)[0]) => `<!doctype html>
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
  <nav aria-label="Pages">${nav(serverPath)}</nav>
  <button type="button" id="theme" class="quiet">Dark</button>
</header>
<main>${toHtml(path, markdown)}</main>
</body>
</html>
`;
  return {
    html: new Map(pages.map((page) => [page.serverPath, toDocument(page)])),
    images: new Map(
      [...serverPaths]
        .filter(([path]) => !path.endsWith('.md'))
        .map(([path, serverPath]) => [serverPath, readFileSync(new URL(path, ROOT))]),
    ),
  };
}
