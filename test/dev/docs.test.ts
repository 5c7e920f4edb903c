/** Tests the README and the docs: their tables come from the schemas, and their links have targets. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import query from '../../schemas/query.json' with { type: 'json' };
import { renderDocs } from '../../src/dev/docs.ts';
import { anchor, GROUPS } from '../../src/dev/docs-layout.ts';
import { ERRORS, type ErrorCode, errorPage } from '../../src/errors.ts';
import { generated, pages, tables } from '../../src/generate/generate.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const readme = read('README.md');

test.each(Object.entries(await generated()))('%s is up to date with the schemas (npm run generate)', (path, content) =>
  expect(read(path)).toBe(content),
);

test.each(Object.keys(tables))('exactly one page has the table %s', (name) =>
  expect(pages().filter((page) => read(page).includes(`<!-- ${name} -->\n`))).toHaveLength(1),
);

test('a page documents every parameter', () => {
  const page = read('src/docs/parameters.md');
  for (const name of Object.keys(query.properties)) expect(page).toContain(`| \`${name}\` |`);
  for (const { description } of Object.values(query.properties)) expect(page).toContain(description);
});

test('each error code has a section with its cause and fix, where its type leads', () => {
  const { html } = renderDocs();
  const page = html.get('/docs/errors') ?? '';
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const [path, id] = errorPage(code).split('#');
    expect(path).toBe('/docs/errors');
    expect(page, code).toContain(`id="${id}"`);
    const [, section = ''] =
      new RegExp(`^## ${code}$([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(read('src/docs/errors.md')) ?? [];
    expect(section, code).toMatch(/^\*\*Cause\.\*\* \S[\s\S]*^\*\*Fix\.\*\* \S/m);
  }
});

test('the README begins with the commands for start and test', () => {
  const top = readme.split('\n## ')[0] ?? '';
  expect(top).toContain('npm ci && npm start');
  expect(top).toContain('npm ci && npm test');
});

test('every npm script in the docs exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const page of [...pages(), 'CONTRIBUTING.md'])
    for (const [, name = ''] of read(page).matchAll(/npm run (?:-s )?([\w:]+)/g))
      expect(scripts, `${page}: npm run ${name}`).toHaveProperty([name]);
});

const anchors = (text: string) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchor(title));

describe.each([...pages(), 'CONTRIBUTING.md'])('%s', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  test('its links have targets', () => {
    for (const link of links.filter((target) => !target.startsWith('https:'))) {
      const [path = '', anchor] = link.split('#');
      const target = path ? new URL(path, new URL(page, root)) : new URL(page, root);
      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect(anchors(readFileSync(target, 'utf8')), link).toContain(anchor);
    }
  });
});

test('the site has every page once', () => {
  const names = readdirSync(new URL('src/docs/', root)).map((name) => name.replace('.md', ''));
  expect(Object.values(GROUPS).flat().sort()).toEqual(['README', ...names].sort());
});

test('the search finds each section by its anchor', () => {
  const { html, search } = renderDocs();
  const entries = JSON.parse(search) as { url: string; title: string; text: string; synonyms?: string }[];
  expect(entries.length).toBeGreaterThan(100);
  for (const { url, text } of entries) {
    const [path = '', id] = url.split('#');
    if (id !== undefined) expect(html.get(path), url).toContain(`id="${id}"`);
    expect(text).not.toMatch(/<\w|]\(/);
  }
  for (const [word, group] of [
    ['retina', 'size'],
    ['invert', 'adjust'],
    ['smart', 'crop'],
  ])
    expect(entries.find(({ url }) => url === `/docs/parameters#${group}`)?.synonyms).toContain(word);
  expect(entries.find(({ url }) => url === '/docs/errors#overloaded')?.title).toBe('Errors: OVERLOADED');
});

describe('the pages on the local server', () => {
  const { html, images } = renderDocs();
  const served = new Set([...html.keys(), ...images.keys(), '/', '/docs/search.json']);
  test.each([...html])('%s links to served paths and existing anchors', (_, text) => {
    const targets = [...text.matchAll(/(?:href|src|srcset)="([^"]*)"/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(10);
    for (const target of targets.filter((link) => !/^(?:https:|\/assets\/)/.test(link))) {
      const [path = '', fragment] = target.split('#');
      if (path) expect(served, target).toContain(path);
      if (fragment !== undefined) expect(path ? html.get(path) : text, target).toContain(`id="${fragment}"`);
    }
  });
});
