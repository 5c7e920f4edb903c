/** Runs every snippet of the README and the docs, and requests every URL in them. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { sign } from '../src/client/url.ts';
import { pages } from '../src/generate/generate.ts';
import { loadMarks } from '../src/marks/load.ts';
import { parseMarks } from '../src/marks/settings.ts';
import { codeOf, context, testConfig, testHandler, toReply } from './requests.ts';

const root = new URL('../', import.meta.url);
const cwd = fileURLToPath(root);
const texts = Object.fromEntries(pages().map((path) => [path, readFileSync(new URL(path, root), 'utf8')]));
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);

/** Finds the snippets of a language, without the indent of a list. */
const snippets = (language: string) =>
  Object.values(texts).flatMap((text) =>
    [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].flatMap(([, indent, name, code = '']) =>
      name === language ? [code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
    ),
  );
const node = (code: string, type: string, env = {}) =>
  execFileSync(process.execPath, [`--input-type=${type}`, '-e', code], { cwd, env: { PATH, ...env } }).toString();

test('every language of a snippet is run here', () => {
  const languages = Object.values(texts).flatMap((text) =>
    [...text.matchAll(/^ *```(\w+)$/gm)].map(([, name]) => name),
  );
  // JSON: test/origins/docs.test.ts.
  // Components: test/long/frameworks.test.ts.
  const components = ['tsx', 'vue', 'svelte'];
  const run = [...components, 'json', 'js', 'mjs', 'ts', 'sh', 'html', 'xml', 'css', 'python', 'php', 'go', 'bash'];
  expect(languages.filter((name) => !run.includes(name ?? ''))).toEqual([]);
});

test.each(snippets('js'))('js: %s', (code) => {
  // Print the value of each line that makes a URL.
  const shown = code.replaceAll(/^(generate|srcset|picture)(.*);$/gm, 'console.log(JSON.stringify($1$2));');
  const lines = node(shown, 'module').trim().split('\n');
  for (const line of lines) expect(line).toContain('https://img.example.com/?');
  expect(lines.length).toBe(code.match(/^(?:generate|srcset|picture)/gm)?.length);
});

/** Maps a path that the package exports to the source that it is compiled from. */
const sourceOf = (path: string) =>
  packageJson.exports[`.${path}` as './image'].default.replace('./lib/', './src/').replace(/js$/, 'ts');
const importSources = (code: string) =>
  code.replaceAll(/'pixgate(\/[\w/-]+)'/g, (_, path: string) => `'${sourceOf(path)}'`);

test.each(snippets('ts'))('ts: %s', (code) => {
  node(importSources(code), 'module-typescript');
});

test('the endpoint of another product responds as its comments say', () => {
  const [code = ''] = snippets('mjs').filter((text) => text.includes('text/csv'));
  const lines = node(code, 'module').split('\n');
  const shown = lines.filter((line) => !line.startsWith('{"level"'));
  expect(shown.join('\n')).toMatch(
    /^year,orders\n2026,42\n\n\{.*"detail":"year must be a whole number from 2000 to 2100/,
  );
  expect(shown.at(-2)).toBe('401');
  expect(lines.length - shown.length).toBe(3);
});

/** Runs a module, and expects the output in its comments. The imports go to the sources; test:package imports the package. */
function expectDocumentedOutput(code: string) {
  const out = node(importSources(code), 'module');
  const documented = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
  expect(documented.length).toBeGreaterThan(0);
  expect(out.trimEnd().split('\n')).toEqual(documented);
}

describe.each(Object.keys(texts).filter((page) => /\/middleware-[\w-]+\.md$/.test(page)))('%s', (page) => {
  const text = texts[page] ?? '';
  test('the example prints what its comments say', () => {
    for (const [, code = ''] of text.matchAll(/```mjs\n([\s\S]*?)```/g)) expectDocumentedOutput(code);
  });
  test('so does the example in the code', () => {
    const path = page.replace(/.*middleware-(.*)\.md/, 'src/middlewares/$1.ts');
    const [, code = ''] = / \* @example\n([\s\S]*?) \*\//.exec(readFileSync(new URL(path, root), 'utf8')) ?? [];
    expectDocumentedOutput(code.replaceAll(/^ \* ?/gm, ''));
  });
  test('the install command names what npm pack makes, and all that the example imports', () => {
    const { name, version, peerDependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
    const [, installed = ''] = /^npm install (.*)$/m.exec(text) ?? [];
    const [tarball, ...others] = installed.split(' ');
    expect(tarball).toBe(`./${name}-${version}.tgz`);
    const imported = [...text.matchAll(/^import (?!type).* from '((?:@[\w-]+\/)?[\w-]+)/gm)].map(([, name]) => name);
    expect([...new Set(imported.filter((one) => one !== name))].sort()).toEqual(others.sort());
    expect(peerDependencies).toHaveProperty('@middy/core');
  });
});

test('the example of the core prints what its comments say', () => {
  const [code = ''] = snippets('mjs').filter((text) => text.includes('transform('));
  const out = node(code, 'module');
  expect(out).toMatch(/type: 'image\/webp',\s+width: 320,\s+height: 240/);
  expect(out).toContain("true [ 'resize' ]");
});

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(() => {
    writeFileSync(join(folder, 'sitemap.xml'), '<urlset><url><loc>https://www.example.com/a.jpg</loc></url></urlset>');
    writeFileSync(join(folder, 'secret.txt'), 'pxg_AAECAwQFBgcICQoLDA0ODw\n');
    mkdirSync(join(folder, 'photos'));
    for (const name of ['in.jpg', 'photos/a.jpg', 'photos/b.jpg'])
      copyFileSync(join(cwd, 'src/dev/samples/landscape.jpg'), join(folder, name));
    copyFileSync(join(cwd, 'src/dev/samples/cat.webp'), join(folder, 'other.png'));
  });
  const lines = snippets('sh').flatMap((text) => text.split('\n').filter((line) => line.includes('npx pixgate ')));
  test.each(lines)('%s', (line) => {
    const local = line.replace('https://www.example.com/sitemap.xml', 'sitemap.xml');
    const command = local.replace('npx pixgate', `'${process.execPath}' '${join(cwd, 'src/cli/bin.js')}'`);
    const out = execFileSync('sh', ['-c', command], { cwd: folder, env: { PATH } }).toString();
    if (line.includes('pixgate sign'))
      expect(out).toMatch(/^https:\/\/img\.example\.com\/\?exp=\d+&k=acme1&u=\S+&w=640&s=[\w-]{43}\n$/);
    if (line.includes('pixgate url')) expect(out).toMatch(/^https:\/\/img\.example\.com\/\?k=KEY&u=\S+&w=640\n$/);
  });
  test('the outputs are there', () => {
    expect(existsSync(join(folder, 'out.webp'))).toBe(true);
    expect(readdirSync(join(folder, 'small'))).toEqual(['a.jpg', 'b.jpg']);
    expect(existsSync(join(folder, 'other-320.avif'))).toBe(true);
  });
});

/** What every signing example in the docs signs. */
const SIGNED = {
  base: 'https://img.resizer.example/',
  source: 'https://cdn.example.com/a b/ü.jpg?x=1&y=(2)',
  id: 'acme1',
};

describe('signed URLs, in every language', () => {
  const SECRET = `pxg_${Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64url')}`;
  test('the published test vector', async () => {
    const text = texts['src/docs/partners.md'] ?? '';
    const [expected = ''] = /^s=[\w-]{43}$/m.exec(text) ?? [];
    const exp = Number(/`exp=(\d+)`/.exec(text)?.[1]);
    const url = await sign(SIGNED.base, SIGNED.source, { id: SIGNED.id, secret: SECRET }, { w: 320, exp });
    expect(url).toContain(`&${expected}`);
  });
  test('no example has a time that passes', () => {
    for (const code of [...snippets('sh'), ...languages.flatMap(([name]) => snippets(name))])
      expect(code).not.toMatch(/\b1[5-9]\d{8}\b/);
  });
  const languages: [string, string, readonly string[], string][] = [
    ['mjs', process.execPath, [], 'a.mjs'],
    ['python', 'python3', [], 'a.py'],
    ['php', 'php', [], 'a.php'],
    ['go', 'go', ['run'], 'a.go'],
    ['bash', 'bash', [], 'a.sh'],
  ];
  for (const [language, command, args, file] of languages) {
    const missing = spawnSync(command, [language === 'go' ? 'version' : '--version'], { env: { PATH } }).error;
    if (missing) console.log(`SKIPPED: the signing example in ${language} needs ${command}, which is not here`);
    test.skipIf(missing)(
      language,
      async () => {
        const [code = ''] = snippets(language).filter((text) => text.includes('SECRET'));
        const folder = mkdtempSync(join(tmpdir(), 'pixgate-docs-'));
        const env = { PATH, SECRET, HOME: folder, GOCACHE: join(folder, 'cache') };
        try {
          writeFileSync(join(folder, file), code.replace('./src/client/url.ts', join(cwd, 'src/client/url.ts')));
          const out = execFileSync(command, [...args, join(folder, file)], { cwd: folder, env })
            .toString()
            .trim();
          const exp = Number(new URL(out).searchParams.get('exp'));
          const days = exp / 86_400 - Date.now() / 86_400_000;
          expect([exp % 86_400, days > 30, days <= 31]).toEqual([0, true, true]);
          const expected = await sign(SIGNED.base, SIGNED.source, { id: SIGNED.id, secret: SECRET }, { w: 320, exp });
          expect(out).toBe(expected);
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
      300_000,
    );
  }
});

/** A handler that accepts the examples, but for their host: it is not one of this deployment. */
const env = { API_KEYS: 'reader:KEY', SOURCE_ALLOWED_HOSTS: 'other.example.com', PRESETS: 'thumb=w=100' };
const logo = readFileSync(new URL('src/dev/samples/logo.svg', root), 'base64');
const mark = `{"source": "data:;base64,${logo}"}`;
const marks = await loadMarks(parseMarks(`{"logo": ${mark}, "watermark": ${mark}}`), testConfig());
const handler = testHandler(env, undefined, { marks });
async function expectAccepted(rawQueryString: string) {
  const reply = toReply(await handler({ rawQueryString, requestContext: { http: { method: 'GET' } } }, context()));
  expect([reply.status, codeOf(reply)], `${rawQueryString}: ${reply.body}`).toEqual([403, 'SOURCE_FORBIDDEN']);
}

test('html: the URLs are valid, but for the key, the host and the image', async () => {
  const urls = ['html', 'xml', 'css']
    .flatMap(snippets)
    .flatMap((html) => html.match(/https:\/\/YOUR-ADDRESS\/\?[^\s"]+/g) ?? []);
  expect(urls.length).toBeGreaterThan(10);
  for (const url of urls) await expectAccepted(url.replaceAll('&amp;', '&').split('?')[1] ?? '');
});

test('the queries of the migration guide work', async () => {
  const rows = (texts['src/docs/migration.md'] ?? '').split('\n').filter((line) => /^\| (?!---)/.test(line));
  const pieces = rows.flatMap((row) =>
    [...(row.split(' | ')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code),
  );
  const queries = pieces.filter((piece) =>
    /^(?!u=|PRESETS|exp$|[ks]$|we$|Cdn|Source|Accept|widths)[a-z]+(=|$)/.test(piece),
  );
  expect(queries.length).toBeGreaterThan(35);
  for (const query of queries) {
    const sized = /(?:^|&)(?:[wphc][wh]?)=/.test(query) ? query : `w=300&${query}`;
    await expectAccepted(`k=KEY&u=https%3A%2F%2Fexample.com%2Fcat.jpg&${sized}`);
  }
});

test('the documented error is the real one', async () => {
  const [shown = ''] = snippets('sh').filter((text) => text.includes('curl'));
  const rawQueryString = /\?(\S+)'/.exec(shown)?.[1] ?? '';
  const local = testHandler({ API_KEYS: 'demo:myKey' });
  const { body } = toReply(await local({ rawQueryString, requestContext: { http: { method: 'GET' } } }, context()));
  expect(shown).toContain(JSON.parse(body.toString()).detail);
});
