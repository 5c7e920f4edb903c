/** The command line as a whole: help, version, mistakes, and the completions of shells. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import query from '../../schemas/query.json' with { type: 'json' };
import { BIN, runIn } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pixgate-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = runIn(folder);

const COMMANDS = ['resize', 'url', 'sign', 'warm', 'convert', 'keys', 'completion'];
const KEY_COMMANDS = ['add', 'list', 'show', 'rotate', 'disable', 'enable', 'remove', 'push'];

describe('help', () => {
  test.each([[[]], [['--help']], [['-h']], [['help']]])('pixgate %j lists the commands', async (args) => {
    const { code, out } = await run(args);
    expect([code, out.split('\n')[0]]).toEqual([0, 'Usage: pixgate <command> [options]']);
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
  });
  test.each([[['keys']], [['keys', '--help']], [['help', 'keys']]])('pixgate %j lists those of keys', async (args) => {
    const { code, out } = await run(args);
    expect(code).toBe(0);
    for (const name of KEY_COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
  });
  const paths = [
    ...COMMANDS.filter((name) => name !== 'keys').map((name) => [name]),
    ...KEY_COMMANDS.map((name) => ['keys', name]),
  ];
  // Asked in three ways, in turn.
  const asked = (path: readonly string[], i: number) =>
    [
      [...path, '--help'],
      [...path, 'x', '-h'],
      ['help', ...path],
    ][i % 3] ?? [];
  test.each(paths.map((path, i) => [asked(path, i), path.join(' ')] as const))('pixgate %j', async (args, name) => {
    const { code, out } = await run(args);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: pixgate ${name}[ \n]`));
    expect(out).toContain('-h, --help');
  });
  test('the page of resize has every parameter of an image with its aliases', async () => {
    const { out } = await run(['resize', '--help']);
    expect(out).toContain('-w, --width VALUE');
    for (const name of ['h', 'fit', 'blur', 'mask', 'hdr']) expect(out).toMatch(new RegExp(`^  --${name}[ ,]`, 'm'));
    expect(out).not.toMatch(/--(?:u|exp|maxage)\b/);
    expect(out).toContain(query.properties.fit.enum.join(', '));
  });
});

test('--version is that of the package', async () => expect((await run(['--version'])).out).toBe(manifest.version));

describe('mistakes', () => {
  test.each([
    [['rezise'], 'Unknown command: pixgate rezise. Did you mean pixgate resize?'],
    [['paint'], 'Unknown command: pixgate paint.'],
    [['keys', 'ad'], 'Unknown command: pixgate keys ad.'],
    [['keys', 'rotat'], 'Did you mean pixgate keys rotate?'],
    [['constructor'], 'Unknown command: pixgate constructor.'],
    [['resize', 'a.jpg', '--wdith', '10'], 'Unknown option: --wdith. Did you mean --width?'],
    [['resize', 'a.jpg', '--heigt=10'], 'Unknown option: --heigt. Did you mean --height?'],
    [['resize', 'a.jpg', '-x'], 'Unknown option: -x.'],
    [['resize', 'a.jpg', '-w'], '-w needs a value'],
    [['resize', 'a.jpg', '--out', '--json'], '--out needs a value'],
    [['resize', 'a.jpg', '--json=maybe'], '--json takes no value, or 1 or 0'],
    [['completion'], 'One shell is required: bash, zsh, fish'],
    [['completion', 'tcsh'], 'One shell is required'],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toMatch(/ at .*:\d+/);
  });
});

test('an old Node gets a sentence, and not a stack', async () => {
  const old = join(folder, 'old.mjs');
  writeFileSync(
    old,
    `Object.defineProperty(process.versions, 'node', { value: '20.20.2' });\nawait import(${JSON.stringify(BIN)});\n`,
  );
  const { status, stderr } = spawnSync(process.execPath, [old], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/^pixgate needs Node 22\.18 or newer, and this is v[\d.]+\. Run npm ci/),
  ]);
});

test('a reader that ends early is no error', async () => {
  const script = `${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} resize --help | head -1`;
  const err = await new Promise((resolve) => execFile('sh', ['-c', script], (_, __, stderr) => resolve(stderr)));
  expect(err).toBe('');
});

describe('completions', () => {
  const has = (shell: string) => spawnSync(shell, ['--version']).error === undefined;
  const script = async (shell: string) => {
    const path = join(folder, `pixgate.${shell}`);
    writeFileSync(path, (await run(['completion', shell])).out);
    return path;
  };
  /** Completes the last word as bash does. */
  async function inBash(...words: string[]): Promise<string[]> {
    const code = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pixgate; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', code, await script('bash'), 'pixgate', ...words], { encoding: 'utf8' });
    return stdout.trim().split('\n');
  }
  test.skipIf(!has('bash'))('bash', async () => {
    expect(await inBash('')).toEqual(COMMANDS);
    expect(await inBash('keys', '')).toEqual(KEY_COMMANDS);
    expect(await inBash('keys', 'add', '--mo')).toEqual(['--mode']);
    expect(await inBash('keys', 'add', 'acme', '--mode', '')).toEqual(['plain', 'signed']);
    expect(await inBash('resize', 'a.jpg', '--wid')).toEqual(['--width']);
    expect(await inBash('resize', 'a.jpg', '-f', 'w')).toEqual(['webp']);
    expect(await inBash('resize', 'a')).toEqual(['']);
  });
  test.skipIf(!has('fish'))('fish', async () => {
    const path = await script('fish');
    const complete = (line: string) => {
      const { stdout } = spawnSync(
        'fish',
        ['--no-config', '-c', `source ${path}; complete -C ${JSON.stringify(line)}`],
        {
          encoding: 'utf8',
        },
      );
      return stdout
        .trim()
        .split('\n')
        .map((one) => one.split('\t')[0]);
    };
    expect(complete('pixgate ')).toEqual([...COMMANDS].sort());
    expect(complete('pixgate keys ')).toEqual([...KEY_COMMANDS].sort());
    expect(complete('pixgate keys add --mode ')).toEqual(['plain', 'signed']);
    expect(complete('pixgate resize a.jpg --wid')).toEqual(['--width']);
  });
  test.skipIf(!has('zsh'))('zsh reads the script', async () => {
    const { status, stderr } = spawnSync(
      'zsh',
      ['-fc', `autoload -U compinit && compinit -D; source ${await script('zsh')}; print $_comps[pixgate]`],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
  });
  for (const shell of ['bash', 'zsh', 'fish'])
    if (!has(shell)) console.log(`SKIPPED: no ${shell} to try its completions in`);
});
