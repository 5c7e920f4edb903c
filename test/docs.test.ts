import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
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

describe('what stands in the README works', () => {
  const snippets = (language: string) =>
    [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].flatMap(([, name, text]) =>
      name === language ? [text ?? ''] : [],
    );
  const cwd = fileURLToPath(root);

  test.each(snippets('js'))('js: %s', (code) => {
    // Each line that makes an address is printed, so that it is seen to be one.
    const shown = code.replaceAll(/^(generate|srcset|picture)(.*);$/gm, 'console.log(JSON.stringify($1$2));');
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', shown], { cwd }).toString();
    for (const line of out.trim().split('\n')) expect(line).toContain('https://img.example.com/?');
    expect(out.trim().split('\n').length).toBe(code.match(/^(?:generate|srcset|picture)/gm)?.length);
  });

  test('sh: a signed address', () => {
    const [code = ''] = snippets('sh').filter((text) => text.includes('pixgate sign'));
    const folder = mkdtempSync(join(tmpdir(), 'pixgate-docs-'));
    try {
      writeFileSync(join(folder, 'secret.txt'), 'pxg_AAECAwQFBgcICQoLDA0ODw\n');
      const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
      const command = code.replace('npx pixgate', `node ${join(cwd, 'src/dev/cli.ts')}`);
      const out = execFileSync('sh', ['-c', command], { cwd: folder, env: { PATH } }).toString();
      expect(out).toMatch(/^https:\/\/img\.example\.com\/\?exp=\d+&k=acme1&u=\S+&w=640&s=[\w-]{43}\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('html: the addresses are good but for the key, the host and the picture', async () => {
    const { codeOf, context, testHandler, toReply } = await import('./requests.ts');
    const handler = testHandler({ API_KEYS: 'reader:KEY', SOURCE_ALLOWED_HOSTS: 'other.example.com' });
    const addresses = snippets('html').flatMap((html) => html.match(/https:\/\/YOUR-ADDRESS\/\?[^\s"]+/g) ?? []);
    expect(addresses.length).toBeGreaterThan(4);
    for (const address of addresses) {
      const rawQueryString = address.replaceAll('&amp;', '&').split('?')[1] ?? '';
      const reply = toReply(await handler({ rawQueryString, requestContext: { http: { method: 'GET' } } }, context()));
      // Everything is right, and only the host of the example is not one of this deployment.
      expect([reply.status, codeOf(reply)], address).toEqual([403, 'SOURCE_FORBIDDEN']);
    }
  });

  test('the error that is shown is the one that comes', async () => {
    const { context, testHandler, toReply } = await import('./requests.ts');
    const [shown = ''] = snippets('sh').filter((text) => text.includes('curl'));
    const rawQueryString = /\?(\S+)'/.exec(shown)?.[1] ?? '';
    const handler = testHandler({ API_KEYS: 'demo:myKey' });
    const { body } = toReply(await handler({ rawQueryString, requestContext: { http: { method: 'GET' } } }, context()));
    expect(shown).toContain(JSON.parse(body.toString()).detail);
  });
});
