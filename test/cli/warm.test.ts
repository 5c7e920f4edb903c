/** `pixgate warm` against the local server, with sources, lists and sitemaps on an origin. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseArguments, UsageError } from '../../src/cli/arguments.ts';
import { optionsOf } from '../../src/cli/command.ts';
import { warm as warmCommand } from '../../src/cli/warm.ts';
import { startServer } from '../../src/dev/server.ts';
import { sha256 } from '../../src/keys/registry.ts';
import { startOrigin } from '../origin.ts';
import { KEY, request, testConfig } from '../requests.ts';

const CLI = fileURLToPath(new URL('../../src/cli/cli.ts', import.meta.url));
const photo = readFileSync(new URL('../../src/dev/samples/landscape.jpg', import.meta.url));
const SECRET = Buffer.alloc(32, 7).toString('base64url');
const folder = mkdtempSync(join(tmpdir(), 'pixgate-warm-'));
const DONE = join(folder, '.pixgate-warm');
let origin: Awaited<ReturnType<typeof startOrigin>>;
let server: Awaited<ReturnType<typeof startServer>>;
let base = '';
/** Status and cache status of each request that the deployment got. */
let requests: string[] = [];

beforeAll(async () => {
  origin = await startOrigin();
  const API_KEYS = JSON.stringify([
    { id: 'tester', sha256: sha256(KEY) },
    { id: 'signer', mode: 'signed', secret: SECRET },
  ]);
  const config = testConfig({ PRESETS: 'thumb=w=80&h=80&fit=cover;hero=w=240', API_KEYS });
  server = await startServer(config, {
    log: (line) => {
      const { status, cache = '' } = JSON.parse(line);
      requests.push(`${status} ${cache}`);
    },
  });
  base = `${server.origin}/`;
});
afterAll(async () => {
  await server.stop();
  await origin.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  requests = [];
  rmSync(DONE, { force: true });
});

interface Result {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program, which gets the key on standard input. */
const runProgram = (args: readonly string[], input: string): Promise<Result> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, 'warm', ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out: out.trim(), err: err.trim() }),
    );
    child.stdin?.end(input);
  });

/** Runs the command in this process, with the exit code that the program has. */
async function run(args: readonly string[], key = KEY): Promise<Result> {
  writeFileSync(join(folder, 'key.txt'), `${key}\n`);
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  const done = args.includes('--done') ? [] : ['--done', DONE];
  try {
    const all = [...args, ...done, '--key-file', join(folder, 'key.txt')];
    const { values } = parseArguments(all, optionsOf(warmCommand));
    await warmCommand.run({ values, parameters: {}, positionals: [] });
    return { code: 0, out: lines.join('\n'), err: '' };
  } catch (error) {
    return { code: error instanceof UsageError ? 2 : 1, out: lines.join('\n'), err: (error as Error).message };
  } finally {
    log.mockRestore();
  }
}
let next = 0;
/** Makes images that nobody has requested. @returns their URLs */
const fresh = (count: number) =>
  Array.from({ length: count }, () => {
    const path = `/${next++}.jpg`;
    origin.set(path, { body: photo });
    return origin.url + path;
  });
function list(lines: readonly string[], name = 'urls.txt'): string {
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
}
const warm = (from: string, ...more: string[]) =>
  run(['--preset', 'thumb,hero@2x', '--from', from, '--base', base, ...more]);
const visit = async (u: string, query: string, accept: string) => {
  const target = `/?k=${KEY}&u=${encodeURIComponent(u)}&${query}`;
  const { status, headers } = await request(base, target, { accept });
  return `${status} ${/cache;desc=(\w+)/.exec(headers['server-timing'] ?? '')?.[1]}`;
};

test('a list: afterwards every preset is a hit, in each format; a second run does nothing', async () => {
  const [a = '', b = ''] = fresh(2);
  const from = list(['# catalogue', a, '', ` ${b}\r`, a]);
  const args = ['--preset', 'thumb,hero@2x', '--from', from, '--base', base];
  expect(await runProgram(args, KEY)).toEqual({ code: 0, out: '2 of 2 sources warmed, 0 done before', err: '' });
  expect(requests).toHaveLength(2 * 2 * 2);
  for (const u of [a, b])
    for (const [query, accept] of [
      ['p=thumb', 'image/webp,*/*'],
      ['p=thumb', '*/*'],
      ['p=hero&dpr=2', 'image/webp,*/*'],
    ] as const)
      expect(await visit(u, query, accept), `${u} ${query}`).toBe('200 hit');
  requests = [];
  expect((await warm(from)).out).toBe('0 of 2 sources warmed, 2 done before');
  expect(requests).toEqual([]);
});

test('--anonymous: a deployment without keys', async () => {
  const log: string[] = [];
  const config = testConfig({ PRESETS: 'thumb=w=80', API_KEYS: '', ALLOW_ANONYMOUS: 'on' });
  const open = await startServer(config, { log: (line) => void log.push(line) });
  const args = ['--preset', 'thumb', '--from', list(fresh(2)), '--base', `${open.origin}/`];
  expect(await runProgram([...args, '--anonymous'], '')).toEqual({
    code: 0,
    out: '2 of 2 sources warmed, 0 done before',
    err: '',
  });
  expect(log.map((line) => JSON.parse(line).status)).toEqual([200, 200, 200, 200]);
  const done = ['--done', join(folder, 'anonymous')];
  expect(await runProgram([...args, ...done], '')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--anonymous'),
  });
  expect(await run([...args, ...done, '--anonymous'])).toMatchObject({ code: 2 });
  await open.stop();
});

test('--dry-run tells number, cost and time, and requests nothing', async () => {
  const { code, out } = await warm(list(fresh(3)), '--dry-run', '--avif');
  expect(code).toBe(0);
  expect(out).toMatch(
    /^3 sources, 18 images of 2 preset\(s\) in 3 formats\n {2}Lambda .*\n[\s\S]*At most, at list prices +\$0\.\d\d\n {2}Time: about 1 min$/,
  );
  expect(requests).toEqual([]);
  // Nor is it remembered.
  expect((await warm(join(folder, 'urls.txt'))).out).toBe('3 of 3 sources warmed, 0 done before');
});

test('a run goes on where it ended: with the sources that failed, and after a line that was cut', async () => {
  const deployment = await startOrigin();
  const sources = ['a', 'b', 'c'].map((name) => `https://shop.example/${name}.jpg`);
  const target = (source = '') => `/?k=${KEY}&p=thumb&u=${encodeURIComponent(source)}`;
  const [a, b, c] = sources;
  for (const source of [a, c]) deployment.set(target(source), { body: photo });
  const problem = JSON.stringify({ code: 'SOURCE_NOT_FOUND', detail: 'The origin returned 404.' });
  deployment.set(target(b), { status: 404, body: problem });
  const from = list(sources);
  const again = (preset = 'thumb') => run(['--preset', preset, '--from', from, '--base', `${deployment.url}/`]);
  expect(await again()).toEqual({
    code: 1,
    out: '2 of 3 sources warmed, 0 done before',
    err: `1 failed:\n${b}: SOURCE_NOT_FOUND: The origin returned 404.`,
  });
  const lines = readFileSync(DONE, 'utf8').split('\n');
  expect(lines).toEqual([`# thumb ${deployment.url}/`, ...lines.slice(1, 3), '']);
  expect(lines.slice(1, 3).sort()).toEqual([a, c]);
  // As if the program had ended while it wrote the last line.
  writeFileSync(DONE, lines.join('\n').slice(0, -2));
  deployment.set(target(b), { body: photo });
  expect(await again()).toEqual({ code: 0, out: '2 of 3 sources warmed, 1 done before', err: '' });
  expect((await again('hero')).err).toMatch(/belongs to another run \(thumb http/);
  await deployment.close();
});

test('a key in mode signed', async () => {
  const { code, out } = await run(
    ['--preset', 'thumb', '--from', list(fresh(1)), '--base', base, '--id', 'signer'],
    SECRET,
  );
  expect([code, out, requests]).toEqual([0, '1 of 1 sources warmed, 0 done before', ['200 miss', '200 source']]);
});

test('a wrong key ends the run at once; so do sources that all fail', async () => {
  const wrong = await run(
    ['--preset', 'thumb', '--from', list(fresh(100)), '--base', base, '--concurrency', '2'],
    'nobody',
  );
  expect([wrong.code, wrong.err]).toEqual([
    1,
    expect.stringMatching(/^The deployment refuses the key\. This API key is not known/),
  ]);
  expect(requests.length).toBeLessThanOrEqual(2);
  requests = [];
  const none = Array.from({ length: 200 }, (_, i) => `${origin.url}/none-${i}.jpg`);
  const failed = await warm(list(none), '--concurrency', '4', '--done', join(folder, 'other'));
  expect([failed.code, failed.err]).toEqual([
    1,
    expect.stringMatching(/^The last 5\d sources failed: SOURCE_NOT_FOUND/),
  ]);
  expect(requests.length).toBeLessThan(60);
});

test('a deployment that is overloaded is asked again', async () => {
  const [a = ''] = fresh(1);
  const busy = await startOrigin();
  const path = (accept: string) => `/?p=thumb&u=${encodeURIComponent(a)}${accept}`;
  busy.set(path(''), { status: 503, headers: { 'retry-after': '1' } });
  const started = runProgram(['--preset', 'thumb', '--from', list([a]), '--base', `${busy.url}/`, '--anonymous'], '');
  while (!busy.hits.get(path(''))) await new Promise((done) => setTimeout(done, 20));
  busy.set(path(''), { body: photo });
  expect((await started).out).toBe('1 of 1 sources warmed, 0 done before');
  expect(busy.hits.get(path(''))).toBe(3);
  await busy.close();
});

describe('sitemaps', () => {
  const urlset = (...urls: string[]) => `<?xml version="1.0"?><urlset>${urls.join('')}</urlset>`;
  const index = (...urls: string[]) =>
    `<sitemapindex>${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`;

  test('images of an index with two sitemaps, one of them in gzip', async () => {
    const [a = '', b = '', c = ''] = fresh(3);
    const page = `<url><loc>https://shop.example/</loc><image:image><image:loc> ${a}?x=1&amp;y=2 </image:loc></image:image></url>`;
    origin.set(`${new URL(a).pathname}?x=1&y=2`, { body: photo });
    origin.set('/one.xml', { body: urlset(page, `<url><loc><![CDATA[${b}]]></loc></url>`) });
    origin.set('/two.xml.gz', { body: gzipSync(urlset(`<url><loc>${c}</loc></url>`)) });
    origin.set('/index.xml', { body: index(`${origin.url}/one.xml`, `${origin.url}/two.xml.gz`) });
    expect((await warm(`${origin.url}/index.xml`)).out).toBe('3 of 3 sources warmed, 0 done before');
    expect(await visit(`${a}?x=1&y=2`, 'p=thumb', '*/*')).toBe('200 hit');
    expect(await visit(c, 'p=thumb', '*/*')).toBe('200 hit');
  });

  test.each<[string, () => string, string]>([
    ['no images', () => urlset('<url><loc>https://shop.example/</loc></url>'), 'has no images'],
    ['another host', () => index('http://169.254.169.254/latest'), 'names a sitemap of another host'],
    ['no XML', () => '<urlset><url>', 'is not a sitemap'],
    ['a missing sitemap', () => index(`${origin.url}/not-there.xml`), 'returned 404'],
  ])('%s is refused', async (_, body, reason) => {
    origin.set('/bad.xml', { body: body() });
    const { code, err } = await warm(`${origin.url}/bad.xml`);
    expect([code, err]).toEqual([2, expect.stringContaining(reason)]);
  });

  test('a redirect is not followed, and a bomb is not unpacked', async () => {
    origin.set('/moved.xml', { status: 302, headers: { location: '/index.xml' } });
    expect((await warm(`${origin.url}/moved.xml`)).err).toContain('could not be read');
    origin.set('/bomb.xml.gz', { body: gzipSync(Buffer.alloc(60_000_000, 32)) });
    expect((await warm(`${origin.url}/bomb.xml.gz`)).err).toContain('could not be unpacked to at most 52428800 bytes');
  });
});

describe('usage', () => {
  const URLS = ['--preset', 'thumb', '--from', 'urls.txt'];
  test.each<[string[], string]>([
    [[], '--preset must be names of presets'],
    [['--preset', 'a b', '--from', 'urls.txt', '--base', 'https://a.example/'], '--preset must be names of presets'],
    [['--preset', 'thumb', '--base', 'https://a.example/'], '--from must be'],
    [URLS, 'One of --base URL and --queue URL is required'],
    [[...URLS, '--base', 'https://a.example/', '--queue', 'https://b.example/'], 'One of --base URL and --queue URL'],
    [[...URLS, '--base', 'http://a.example/'], '--base must be the URL of a deployment'],
    [[...URLS, '--base', 'https://a.example/', '--concurrency', '65'], '--concurrency must be an integer from 1 to 64'],
    [
      ['--preset', 'thumb', '--from', 'nothing.txt', '--base', 'https://a.example/'],
      'nothing.txt could not be read (ENOENT)',
    ],
  ])('%j', async (args, message) => {
    list(['https://a.example/1.jpg']);
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  test('an invalid source is named by its line, and nothing is requested', async () => {
    const { code, err } = await warm(
      list(['shop:cat.jpg', '/cat.jpg', 'https://a.example/1.jpg', 'ftp://a.example/2.jpg']),
    );
    expect([code, err]).toEqual([2, expect.stringMatching(/^line 4: the source /)]);
    expect(requests).toEqual([]);
  });

  test('more images than --max-images are refused, with their cost', async () => {
    const { code, err } = await warm(list(fresh(3)), '--max-images', '11');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^3 sources, 12 images .*about \$0\.\d\d: more than --max-images 11/),
    ]);
    expect(requests).toEqual([]);
  });

  test('--help', async () => expect((await runProgram(['--help'], '')).out).toMatch(/^Usage: pixgate warm --preset/));
});
