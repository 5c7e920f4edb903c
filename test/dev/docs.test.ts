/** The README and the pages: made of the schemas where they are tables, and linked right. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import query from '../../schemas/query.json' with { type: 'json' };
import { anchor, renderDocs } from '../../src/dev/docs.ts';
import { generated, pages, tables } from '../../src/generate/generate.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const readme = read('README.md');

test.each(Object.entries(await generated()))('%s is what the schemas make (npm run generate)', (path, content) =>
  expect(read(path)).toBe(content),
);

test.each(Object.keys(tables))('one page has the table of %s', (name) =>
  expect(pages().filter((page) => read(page).includes(`<!-- ${name} -->\n| `))).toHaveLength(1),
);

test('every parameter stands in the README with its meaning', () => {
  for (const name of Object.keys(query.properties)) expect(readme).toContain(`| \`${name}\` |`);
  for (const { description } of Object.values(query.properties)) expect(readme).toContain(description);
});

test('the two commands stand at the top', () => {
  const top = readme.split('\n## ')[0] ?? '';
  expect(top).toContain('npm ci && npm start');
  expect(top).toContain('npm ci && npm test');
});

test('every script that a page names is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const page of [...pages(), 'CONTRIBUTING.md'])
    for (const [, name = ''] of read(page).matchAll(/npm run (?:-s )?([\w:]+)/g))
      expect(scripts, `${page}: npm run ${name}`).toHaveProperty([name]);
});

const anchors = (text: string) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchor(title));

describe.each([...pages(), 'CONTRIBUTING.md'])('%s', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  test('what it links to is there', () => {
    for (const link of links.filter((target) => !target.startsWith('https:'))) {
      const [path = '', anchor] = link.split('#');
      const target = path ? new URL(path, new URL(page, root)) : new URL(page, root);
      expect(existsSync(target), link).toBe(true);
      if (anchor !== undefined) expect(anchors(readFileSync(target, 'utf8')), link).toContain(anchor);
    }
  });
});

describe('the pages as the local server has them', () => {
  const { html, pictures } = renderDocs();
  const served = new Set([...html.keys(), ...pictures.keys(), '/']);
  test.each([...html])('%s links to what is served, and to anchors that are there', (_, text) => {
    const targets = [...text.matchAll(/(?:href|src|srcset)="([^"]*)"/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(10);
    for (const target of targets.filter((one) => !/^(?:https:|\/src\/dev\/page\/)/.test(one))) {
      const [path = '', fragment] = target.split('#');
      if (path) expect(served, target).toContain(path);
      if (fragment !== undefined) expect(path ? html.get(path) : text, target).toContain(`id="${fragment}"`);
    }
  });
});
