/** `pixgate keys …`. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseKeys, sha256 } from '../../src/keys/registry.ts';
import { runIn } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pixgate-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = runIn(folder);
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
  test('where it is stored is said beside the key', async () => {
    const { out, err } = await run(['keys', 'add', 'said', '--file', 'said.json']);
    expect([out, err]).toEqual([
      expect.stringMatching(/^pxg_[\w-]{27}$/),
      `The hash and the rules of said are in ${join(folder, 'said.json')}. The key itself is printed this once.`,
    ]);
    const signed = await run(['keys', 'add', 'secretive', '--mode', 'signed', '--file', 'said.json']);
    expect(signed.err).toBe(`The secret and the rules of secretive are in ${join(folder, 'said.json')}.`);
  });
  test('add --mark: a name, or JSON; list and show print it', async () => {
    const add = (mark: string) => run(['keys', 'add', 'marked', '--another', '--mark', mark, '--file', 'marks.json']);
    expect((await add('logo')).code).toBe(0);
    expect((await add('{"name": "logo", "mscale": 0.3}')).code).toBe(0);
    const keys = parseKeys(readFileSync(join(folder, 'marks.json'), 'utf8'));
    expect(keys.map(({ mark }) => mark)).toEqual([
      { name: 'logo', options: {} },
      { name: 'logo', options: { mscale: 0.3 } },
    ]);
    for (const command of [['list'], ['show', 'marked']])
      expect((await run(['keys', ...command, '--file', 'marks.json'])).out).toContain('{"name":"logo","mscale":0.3}');
    expect(await add('{"name": "logo", "mscale": 3}')).toMatchObject({
      code: 2,
      err: expect.stringContaining('mark: mscale must be'),
    });
    expect(await add('{logo')).toMatchObject({ code: 2, err: expect.stringContaining('{logo is not valid JSON') });
  });
  test('an id that exists gets a second key only with --another', async () => {
    const refused = await run(['keys', 'add', 'said', '--file', 'said.json']);
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('pixgate keys rotate said; for a second one: --another');
    expect((await run(['keys', 'add', 'said', '--another', '--file', 'said.json'])).code).toBe(0);
    const keys = parseKeys(readFileSync(join(folder, 'said.json'), 'utf8'));
    expect(keys.map(({ id }) => id)).toEqual(['said', 'secretive', 'said']);
  });
  test('rotate: the new key is valid, the old one until the end of the overlap', async () => {
    const { out } = await run(['keys', 'rotate', 'acme', '--overlap', '2d']);
    const [oldKey, newKey] = parseKeys(registry());
    expect([oldKey?.sha256, newKey?.sha256]).toEqual([sha256(addedKey), sha256(out)]);
    expect((oldKey?.notAfter ?? 0) - Date.now()).toBeGreaterThan(86_400_000);
    expect((oldKey?.notAfter ?? 0) - Date.now()).toBeLessThanOrEqual(2 * 86_400_000);
    expect(newKey?.policy).toMatchObject({ maxWidth: 800 });
  });
  test('rotate keeps the rules of an entry, its end included', async () => {
    const file = ['--file', 'rules.json'];
    const rules = ['--not-after', '2999-01-01', '--pages', 'https://example.com', '--rate', '60'];
    await run(['keys', 'add', 'client', '--mode', 'signed', ...rules, ...file]);
    const { out } = await run(['keys', 'rotate', 'client', ...file]);
    const [before, after] = JSON.parse(readFileSync(join(folder, 'rules.json'), 'utf8'));
    expect(after).toEqual({ ...before, notAfter: '2999-01-01', secret: out });
    expect(Date.parse(before.notAfter)).toBeLessThan(Date.now() + 31 * 86_400_000);
    writeFileSync(join(folder, 'rules.json'), JSON.stringify([{ ...after, notAfter: '2020-01-01' }]));
    const expired = await run(['keys', 'rotate', 'client', ...file]);
    expect([expired.code, expired.err]).toEqual([2, expect.stringContaining('pixgate keys add client --another')]);
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
  test('show, enable and remove', async () => {
    const file = ['--file', 'life.json'];
    await run(['keys', 'add', 'web', '--max-width', '800', ...file]);
    await run(['keys', 'add', 'mail', '--mode', 'signed', ...file]);
    const shown = async (id: string) => (await run(['keys', 'show', id, ...file])).out;
    expect(await shown('web')).toMatch(
      /^web\n {2}mode +plain\n {2}state +valid\n {2}sha256 +[0-9a-f]{64}\n {2}maxWidth +800$/,
    );
    expect(await shown('mail')).toContain('stored, not shown');
    expect(await run(['keys', 'remove', 'web', ...file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('keys disable web'),
    });
    await run(['keys', 'disable', 'web', ...file]);
    expect(await shown('web')).toMatch(/state +disabled/);
    expect((await run(['keys', 'enable', 'web', ...file])).out).toBe(
      `All keys of web are enabled in ${join(folder, 'life.json')}.`,
    );
    expect(await shown('web')).toMatch(/state +valid/);
    expect(await run(['keys', 'enable', 'web', ...file])).toMatchObject({ code: 2 });
    await run(['keys', 'disable', 'web', ...file]);
    expect((await run(['keys', 'remove', 'web', ...file])).out).toBe(
      `Removed 1 key of web from ${join(folder, 'life.json')}.`,
    );
    expect(parseKeys(readFileSync(join(folder, 'life.json'), 'utf8')).map(({ id }) => id)).toEqual(['mail']);
    await run(['keys', 'disable', 'mail', ...file]);
    expect(await run(['keys', 'remove', 'mail', ...file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no other key'),
    });
  });
  test('list without a registry says how to begin', async () =>
    expect((await run(['keys', 'list', '--file', 'none.json'])).err).toContain(
      `${join(folder, 'none.json')} yet: pixgate keys add ID`,
    ));
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
    expect(disabled).toBe(`All keys of gone are disabled in ${join(folder, 'purge.json')}.`);
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
    [['keys', 'add'], 'One id is required'],
    [['keys', 'add', 'x', 'y'], 'One id is required'],
    [['keys', 'show', 'gama'], 'Did you mean gamma?'],
    [['keys', 'add', 'a b'], 'id must be 1 to 64 letters, digits, dots, hyphens and underscores'],
    [['keys', 'add', 'x', '--pages', 'example.com'], 'each of pages must be a site such as https://example.com'],
    [['keys', 'add', 'x', '--rate', '0'], 'rate must be'],
    [['keys', 'add', 'x', '--mode', 'other'], '--mode must be'],
    [['keys', 'add', 'x', '--rote', '5'], 'rote'],
    [['keys', 'rotate', 'nobody'], 'no key with the id nobody'],
    [['keys', 'disable', 'nobody'], 'no key with the id nobody'],
    [['keys', 'push'], 'push needs'],
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
