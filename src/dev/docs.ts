/** Renders the README and the docs as a site, for the local server and as static files. */
import { readFileSync } from 'node:fs';
import { marked, Renderer } from 'marked';
import { anchor, GROUPS, type Layout, ROOT, SERVER, sitePaths } from './docs-layout.ts';
import { type Page, searchEntries } from './docs-search.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly depth: number;
}

/** Renders a page. @param paths from `sitePaths` @returns its HTML, and the headings below its title */
function toHtml(path: string, markdown: string, paths: ReadonlyMap<string, string>) {
  /** Rewrites a link to the site's path; undefined if its target is not on the site. */
  const toSiteLink = (href: string): string | undefined => {
    if (/^(?:https?:|#)/.test(href)) return href;
    const [target = '', fragment] = href.split('#');
    const sitePath = paths.get(decodeURI(new URL(target, new URL(path, 'x:/')).pathname.slice(1)));
    return sitePath && (fragment === undefined ? sitePath : `${sitePath}#${fragment}`);
  };
  const sections: Section[] = [];
  const renderer = new Renderer();
  renderer.heading = function ({ tokens, depth, text }) {
    const id = anchor(text);
    if (depth > 1) sections.push({ id, depth, title: text.replaceAll('`', '') });
    return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
  };
  renderer.link = function ({ href, tokens }) {
    const inner = this.parser.parseInline(tokens);
    const link = toSiteLink(href);
    return link === undefined ? inner : `<a href="${link}">${inner}</a>`;
  };
  renderer.image = ({ href, text }) => `<img src="${toSiteLink(href) ?? ''}" alt="${text}">`;
  // Scrolls tables that are wider than the screen.
  const table = renderer.table;
  renderer.table = function (token) {
    return `<div class="wide" tabindex="0">${table.call(this, token)}</div>`;
  };
  // A column without a title has no header for a screen reader.
  const cell = renderer.tablecell;
  renderer.tablecell = function (token) {
    return cell.call(this, { ...token, header: token.header && token.text !== '' });
  };
  // HTML inside the Markdown: <picture> with a source for each colour scheme.
  const text = markdown.replaceAll(
    /(src|srcset)="([^"]+\.(?:webp|svg))"/g,
    (whole, name, href) => `${name}="${/^https?:/.test(href) ? href : (toSiteLink(href) ?? whole)}"`,
  );
  return { html: marked.parse(text, { renderer, async: false }), sections };
}

/** Reads a page from the repository. */
function readPage(path: string, sitePath: string): Page {
  const markdown = readFileSync(new URL(path, ROOT), 'utf8');
  return { path, sitePath, markdown, title: /^# (.*)$/m.exec(markdown)?.[1] ?? path };
}
const list = (links: readonly string[]) => `<ul>${links.map((link) => `<li>${link}</li>`).join('')}</ul>`;

function navigation(pages: readonly Page[], currentPath: string, { page }: Layout): string {
  const link = (name: string) => {
    const { sitePath, title } = pages.find((one) => one.sitePath === page(name)) ?? { sitePath: '', title: name };
    const current = sitePath === currentPath ? ' aria-current="page"' : '';
    return `<a href="${sitePath}"${current}>${name === 'README' ? 'Overview' : title}</a>`;
  };
  return Object.entries(GROUPS)
    .map(([group, names]) => `<p>${group}</p>${list(names.map(link))}`)
    .join('');
}

/** Returns the links to the sections of a page; nothing for a short page. */
const tableOfContents = (sections: readonly Section[]) =>
  sections.length < 3
    ? ''
    : `<nav class="toc" aria-label="On this page">${list(
        sections.filter(({ depth }) => depth === 2).map(({ id, title }) => `<a href="#${id}">${title}</a>`),
      )}</nav>`;

/**
 * Returns the site: pages as HTML, the bytes of their images, and the index of the search, by their paths.
 *
 * @param layout default: that of the local server
 */
export function renderDocs(layout = SERVER): {
  html: Map<string, string>;
  images: Map<string, Buffer>;
  search: string;
} {
  const paths = sitePaths(layout);
  const pages = [...paths].filter(([path]) => path.endsWith('.md')).map(([path, sitePath]) => readPage(path, sitePath));
  const toDocument = (page: Page) => {
    const { html, sections } = toHtml(page.path, page.markdown, paths);
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · pixgate</title>
<link rel="icon" href="${layout.asset('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${layout.asset('docs.css')}">
<script src="${layout.asset('theme.js')}"></script>
<script type="module" src="${layout.asset('docs.js')}"></script>
</head>
<body class="docs">
<header class="top">
  <a class="brand" href="${layout.home}"><img src="${layout.asset('icon.svg')}" width="28" height="28" alt="">pixgate</a>
  <a class="to-pages" href="#pages">Pages</a>
  <div class="search">
    <input type="search" id="search" placeholder="Search" aria-label="Search the documentation" data-index="${layout.search}">
    <ul id="results" aria-label="Results" hidden></ul>
  </div>
  <button type="button" id="theme" class="quiet">Dark</button>
</header>
<div class="columns">
<main>${tableOfContents(sections)}${html}</main>
<nav id="pages" aria-label="Pages">${navigation(pages, page.sitePath, layout)}</nav>
</div>
<p id="copied" class="visually-hidden" role="status"></p>
</body>
</html>
`;
  };
  const images = [...paths].filter(([path]) => !path.endsWith('.md'));
  return {
    html: new Map(pages.map((page) => [page.sitePath, toDocument(page)])),
    images: new Map(images.map(([path, sitePath]) => [sitePath, readFileSync(new URL(path, ROOT))])),
    search: JSON.stringify(pages.flatMap(searchEntries)),
  };
}
