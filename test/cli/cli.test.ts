/** The command line, as a person runs it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { extract } from '../../src/client/url.ts';
import { parseKeys, sha256 } from '../../src/keys/registry.ts';

const CLI = fileURLToPath(new URL('../../src/cli/cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pixgate-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { cwd: folder }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out: out.trim(), err: err.trim() }),
    );
    child.stdin?.end(input);
  });
}
const registry = () => readFileSync(join(folder, '.keys.json'), 'utf8');

describe('keys', () => {
  let first = '';
  test('add prints a key once; the registry has its hash', async () => {
    const { code, out } = await run([
      'keys',
      'add',
      'acme',
      '--max-width',
      '800',
      '--widths',
      '100,200',
      '--presets-only',
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^pxg_[\w-]{27}$/);
    expect(registry()).not.toContain(out.slice(4));
    expect(parseKeys(registry())[0]).toMatchObject({
      id: 'acme',
      sha256: sha256(out),
      policy: { maxWidth: 800, widths: [100, 200], presetsOnly: true },
    });
    expect(statSync(join(folder, '.keys.json')).mode & 0o077).toBe(0);
    first = out;
  });
  test('rotate: the new one is good, the old one for a while', async () => {
    const { out } = await run(['keys', 'rotate', 'acme', '--overlap', '2d']);
    const [old, fresh] = parseKeys(registry());
    expect([old?.sha256, fresh?.sha256]).toEqual([sha256(first), sha256(out)]);
    expect((old?.notAfter ?? 0) - Date.now()).toBeGreaterThan(86_400_000);
    expect((old?.notAfter ?? 0) - Date.now()).toBeLessThanOrEqual(2 * 86_400_000);
    expect(fresh?.policy).toMatchObject({ maxWidth: 800 });
  });
  test('list shows states and rules, no hash and no secret in full', async () => {
    await run(['keys', 'add', 'beta', '--mode', 'signed']);
    const { out } = await run(['keys', 'list']);
    expect(out.split('\n')).toHaveLength(3);
    expect(out).toMatch(/^acme {2}plain {3}[0-9a-f]{8}… {2}until \S+ +maxWidth=800 widths=100,200 presetsOnly=true/);
    expect(out).not.toContain(JSON.parse(registry())[2].secret);
  });
  test('disable', async () => {
    expect((await run(['keys', 'disable', 'acme'])).code).toBe(0);
    expect(parseKeys(registry()).map(({ disabled }) => disabled)).toEqual([true, true, false]);
    expect((await run(['keys', 'rotate', 'acme'])).code).toBe(2);
  });
  test('push --kvs prints what CloudFront is to know and to forget', async () => {
    await run(['keys', 'add', 'gamma']);
    const lines = (await run(['keys', 'push', '--kvs', 'arn:aws:cloudfront::1:key-value-store/x'])).out.split('\n');
    expect(lines.map((line) => /(put|delete)-key.*--key ([0-9a-f]{64})/.exec(line)?.[1])).toEqual([
      'put',
      'delete',
      'delete',
    ]);
  });
  test('push --usage-plan prints how a plan learns of the keys that are valid', async () => {
    const lines = (await run(['keys', 'push', '--usage-plan', 'abc'])).out.split('\n');
    const hashes = parseKeys(registry()).flatMap(({ disabled, sha256: hash, id }) =>
      disabled ? [] : [hash ?? sha256(id)],
    );
    expect(lines.map((line) => /usage-plan-id abc .*--value ([0-9a-f]{64})/.exec(line)?.[1])).toEqual(hashes);
  });
  test.each([
    [['keys', 'add'], 'An id is needed'],
    [['keys', 'add', 'a b'], 'id must be'],
    [['keys', 'add', 'x', '--rate', '0'], 'rate must be'],
    [['keys', 'add', 'x', '--mode', 'other'], '--mode must be'],
    [['keys', 'add', 'x', '--rote', '5'], 'rote'],
    [['keys', 'rotate', 'nobody'], 'no key of nobody'],
    [['keys', 'disable', 'nobody'], 'no key of nobody'],
    [['keys', 'push'], 'push needs'],
    [['keys', 'paint'], 'paint is no command'],
    [['paint'], 'paint is no command'],
  ])('%j is a mistake, and changes nothing', async (args, message) => {
    const before = registry();
    const { code, err } = await run(args);
    expect([code, registry() === before]).toEqual([2, true]);
    expect(err).toContain(message);
  });
  test('a file that is no registry is left alone, and none of it repeated', async () => {
    writeFileSync(join(folder, 'broken.json'), '[{"id":"a","secret":"hush-hush-hush"');
    const { code, err } = await run(['keys', 'add', 'x', '--file', 'broken.json']);
    expect([code, err.includes('hush')]).toEqual([2, false]);
    expect(err).toContain('not valid JSON');
  });
});

describe('addresses', () => {
  const base = ['--base', 'https://img.example.com/'];
  const source = 'https://example.com/a b.jpg';
  test('url, with the key from standard input or a file', async () => {
    const { out } = await run(['url', source, ...base, '--w', '320', '--we'], 'KEY\n');
    expect(extract(out)).toEqual({
      base: 'https://img.example.com/',
      source,
      options: { k: 'KEY', w: '320', we: '1' },
    });
    writeFileSync(join(folder, 'key'), 'KEY2\n');
    expect(extract((await run(['url', source, ...base, '--w', '9', '--key-file', 'key'])).out)?.options.k).toBe('KEY2');
  });
  test('sign', async () => {
    const secret = 'pxg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n';
    const { out, code } = await run(['sign', source, ...base, '--id', 'acme', '--w', '320', '--days', '7'], secret);
    expect(code).toBe(0);
    expect(extract(out)?.options).toMatchObject({ k: 'acme', s: expect.stringMatching(/^[\w-]{43}$/), w: '320' });
    const ahead = Number(extract(out)?.options.exp) - Date.now() / 1000;
    expect([ahead > 7 * 86_400, ahead <= 8 * 86_400]).toEqual([true, true]);
  });
  test.each([
    [['url'], 'address of a picture is needed'],
    [['url', source], '--base must be'],
    [['url', source, ...base, '--w', '0x10'], '--w must be a whole number from 1 to 8192'],
    [['url', source, ...base, '--k', 'KEY'], "'--k'"],
    [['sign', source, ...base], '--id must be'],
    [['sign', source, ...base, '--id', 'a'], 'signing secret is needed'],
    [['sign', source, ...base, '--id', 'a', '--days', '401'], '--days must be'],
  ])('%j is a mistake', async (args, message) => {
    const { code, err } = await run(args, args.includes('--days') ? 'AAECAwQFBgcICQoLDA0ODw' : '');
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
  test('help', async () => {
    for (const args of [[], ['--help'], ['url', '--help'], ['keys', '--help'], ['keys']]) {
      const { code, out } = await run(args);
      expect([code, /^Usage: pixgate/.test(out)]).toEqual([0, true]);
    }
  });
});
