import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import query from '../schemas/query.json' with { type: 'json' };
import { generated, tables } from '../src/dev/generate.ts';

const root = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

test.each(Object.entries(await generated()))('%s is what the schemas make (npm run generate)', (path, content) =>
  expect(readFileSync(new URL(path, root), 'utf8')).toBe(content),
);

test.each(Object.keys(tables))('the README has the table of %s', (name) =>
  expect(readme).toContain(`<!-- ${name} -->\n| `),
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
