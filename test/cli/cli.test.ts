/** The command line, run as a child process. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
  let addedKey = '';
  test('add prints a key once; the registry stores its hash', async () => {
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
    addedKey = out;
  });
  test('rotate: the new key is valid, the old one until the end of the overlap', async () => {
    const { out } = await run(['keys', 'rotate', 'acme', '--overlap', '2d']);
    const [oldKey, newKey] = parseKeys(registry());
    expect([oldKey?.sha256, newKey?.sha256]).toEqual([sha256(addedKey), sha256(out)]);
    expect((oldKey?.notAfter ?? 0) - Date.now()).toBeGreaterThan(86_400_000);
    expect((oldKey?.notAfter ?? 0) - Date.now()).toBeLessThanOrEqual(2 * 86_400_000);
    expect(newKey?.policy).toMatchObject({ maxWidth: 800 });
  });
  test('list shows states and policies, neither a whole hash nor a secret', async () => {
    await run(['keys', 'add', 'beta', '--mode', 'signed']);
    const { out } = await run(['keys', 'list']);
    expect(out.split('\n')).toHaveLength(3);
    expect(out).toMatch(/^acme {2}plain {3}[0-9a-f]{8}… {2}until \S+ +maxWidth=800 widths=100,200 presetsOnly=true/);
    expect(out).not.toContain(JSON.parse(registry())[2].secret);
  });
  test('disable revokes all keys of an id', async () => {
    expect((await run(['keys', 'disable', 'acme'])).code).toBe(0);
    expect(parseKeys(registry()).map(({ disabled }) => disabled)).toEqual([true, true, false]);
    expect((await run(['keys', 'rotate', 'acme'])).code).toBe(2);
  });
  /** Parses the printed command for the key value store. */
  const pairsOf = (out: string): [string, unknown][] =>
    JSON.parse(/--puts '(.*)'$/.exec(out)?.[1] ?? '[]').map((pair: Record<string, string>) => [
      pair.Key,
      JSON.parse(pair.Value ?? ''),
    ]);
  test('push --kvs prints one command that writes every key, revoked ones too', async () => {
    await run(['keys', 'add', 'gamma']);
    const { out } = await run(['keys', 'push', '--kvs', 'arn:aws:cloudfront::1:key-value-store/x']);
    expect(out).toMatch(
      /^aws cloudfront-keyvaluestore update-keys --kvs-arn arn:aws:cloudfront::1:key-value-store\/x --if-match /,
    );
    const pairs = Object.fromEntries(pairsOf(out));
    for (const { id, sha256: hash = `signed-${id}`, disabled } of parseKeys(registry()))
      expect(pairs[hash], id).toEqual(disabled ? 0 : expect.objectContaining({ id }));
  });
  test('disable --purge prints how to remove what is cached for the key', async () => {
    writeFileSync(join(folder, 'purge.json'), JSON.stringify([{ id: 'gone', sha256: sha256('gone') }]));
    const args = ['keys', 'disable', 'gone', '--purge', '--kvs', 'arn:x', '--file', 'purge.json'];
    const [disabled, push, purge, later] = (await run(args)).out.split('\n');
    expect(disabled).toBe('All keys of gone are disabled.');
    expect(pairsOf(push ?? '')).toEqual([[sha256('gone'), 0]]);
    expect(purge).toBe("aws cloudfront create-invalidation --distribution-id DISTRIBUTION_ID --paths '#k-gone'");
    expect(later).toContain('Purge again after API_KEYS_REFRESH');
  });
  test('push --kvs writes times, which CloudFront compares', async () => {
    const entry = (id: string, times: object, hash = sha256(id)) => ({ id, sha256: hash, ...times });
    const [past, future] = ['2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z'];
    const entries = [
      entry('now', { notBefore: past, notAfter: future }),
      entry('later', { notBefore: future }),
      entry('never', { notBefore: future, disabled: true }),
      entry('expired', { notAfter: past }),
      entry('prolonged', { notAfter: past }),
      entry('prolonged', {}),
    ];
    writeFileSync(join(folder, 'times.json'), JSON.stringify(entries));
    const { out } = await run(['keys', 'push', '--kvs', 'arn:x', '--file', 'times.json']);
    const [from, until] = [past, future].map((time) => Date.parse(time ?? '') / 1000);
    expect(pairsOf(out)).toEqual(
      Object.entries({
        now: { id: 'now', from, until },
        later: { id: 'later', from: until },
        never: 0,
        expired: { id: 'expired', until: from },
        prolonged: { id: 'prolonged' },
      }).map(([id, entry]) => [sha256(id), entry]),
    );
    const plan = (await run(['keys', 'push', '--usage-plan', 'abc', '--file', 'times.json'])).out.split('\n');
    expect(plan.map((line) => /--name (\w+)/.exec(line)?.[1])).toEqual(['now', 'later', 'prolonged']);
  });
  test.skipIf(process.platform === 'win32')(
    'a registry that others could read becomes private, and stays whole',
    async () => {
      const file = join(folder, 'open.json');
      writeFileSync(file, JSON.stringify([{ id: 'a', sha256: sha256('a') }], null, 20), { mode: 0o644 });
      chmodSync(file, 0o644);
      expect((await run(['keys', 'add', 'b', '--mode', 'signed', '--file', 'open.json'])).code).toBe(0);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(parseKeys(readFileSync(file, 'utf8')).map(({ id }) => id)).toEqual(['a', 'b']);
      // Shorter than before.
      expect((await run(['keys', 'disable', 'b', '--file', 'open.json'])).code).toBe(0);
      expect(parseKeys(readFileSync(file, 'utf8'))).toHaveLength(2);
    },
  );
  test('push --usage-plan prints commands that add the valid keys to the plan', async () => {
    const lines = (await run(['keys', 'push', '--usage-plan', 'abc'])).out.split('\n');
    const hashes = parseKeys(registry()).flatMap(({ disabled, sha256: hash, id }) =>
      disabled ? [] : [hash ?? sha256(id)],
    );
    expect(lines.map((line) => /usage-plan-id abc .*--value ([0-9a-f]{64})/.exec(line)?.[1])).toEqual(hashes);
  });
  test.each([
    [['keys', 'add'], 'An id is required'],
    [['keys', 'add', 'a b'], 'id must be'],
    [['keys', 'add', 'x', '--rate', '0'], 'rate must be'],
    [['keys', 'add', 'x', '--mode', 'other'], '--mode must be'],
    [['keys', 'add', 'x', '--rote', '5'], 'rote'],
    [['keys', 'rotate', 'nobody'], 'no enabled key with the id nobody'],
    [['keys', 'disable', 'nobody'], 'no key with the id nobody'],
    [['keys', 'push'], 'push needs'],
    [['keys', 'paint'], 'Unknown command: keys paint'],
    [['paint'], 'Unknown command: paint'],
  ])('%j is a usage error: exit code 2, registry unchanged', async (args, message) => {
    const before = registry();
    const { code, err } = await run(args);
    expect([code, registry() === before]).toEqual([2, true]);
    expect(err).toContain(message);
  });
  test('an invalid registry file is not overwritten, and not quoted in the error', async () => {
    writeFileSync(join(folder, 'broken.json'), '[{"id":"a","secret":"hush-hush-hush"');
    const { code, err } = await run(['keys', 'add', 'x', '--file', 'broken.json']);
    expect([code, err.includes('hush')]).toEqual([2, false]);
    expect(err).toContain('not valid JSON');
  });
});

describe('url and sign', () => {
  const base = ['--base', 'https://img.example.com/'];
  const source = 'https://example.com/a b.jpg';
  test('url takes the key from standard input or a file', async () => {
    const { out } = await run(['url', source, ...base, '--w', '320', '--we'], 'KEY\n');
    expect(extract(out)).toEqual({
      base: 'https://img.example.com/',
      source,
      options: { k: 'KEY', w: '320', we: '1' },
    });
    writeFileSync(join(folder, 'key'), 'KEY2\n');
    expect(extract((await run(['url', source, ...base, '--w', '9', '--key-file', 'key'])).out)?.options.k).toBe('KEY2');
  });
  test('sign adds an expiry at the end of a day, and a signature', async () => {
    const secret = 'pxg_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n';
    const { out, code } = await run(['sign', source, ...base, '--id', 'acme', '--w', '320', '--days', '7'], secret);
    expect(code).toBe(0);
    expect(extract(out)?.options).toMatchObject({ k: 'acme', s: expect.stringMatching(/^[\w-]{43}$/), w: '320' });
    const lifetime = Number(extract(out)?.options.exp) - Date.now() / 1000;
    expect([lifetime > 7 * 86_400, lifetime <= 8 * 86_400]).toEqual([true, true]);
  });
  test.each([
    [['url'], 'A source URL is required'],
    [['url', source], '--base must be'],
    [['url', source, ...base, '--w', '0x10'], '--w must be a whole number from 1 to 8192'],
    [['url', source, ...base, '--k', 'KEY'], "'--k'"],
    [['sign', source, ...base], '--id must be'],
    [['sign', source, ...base, '--id', 'a'], 'signing secret is required'],
    [['sign', source, ...base, '--id', 'a', '--days', '401'], '--days must be'],
  ])('%j is a usage error', async (args, message) => {
    const { code, err } = await run(args, args.includes('--days') ? 'AAECAwQFBgcICQoLDA0ODw' : '');
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
  test('help is printed for --help and without a command', async () => {
    for (const args of [[], ['--help'], ['url', '--help'], ['keys', '--help'], ['keys']]) {
      const { code, out } = await run(args);
      expect([code, /^Usage: pixgate/.test(out)]).toEqual([0, true]);
    }
  });
});
