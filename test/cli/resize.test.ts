/** `pixgate resize`, with real files and a real origin. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { BIN, runIn } from './run.ts';

const sample = (name: string) => fileURLToPath(new URL(`../../src/dev/samples/${name}`, import.meta.url));
const photo = readFileSync(sample('landscape.jpg'));
const folder = mkdtempSync(join(tmpdir(), 'pixgate-resize-'));
afterAll(() => rmSync(folder, { recursive: true }));
const runCommand = runIn(folder);
const run = (args: readonly string[], input?: Buffer) => runCommand(['resize', ...args], input);
const output = (name: string) => decodePixels(readFileSync(join(folder, name)));
beforeAll(() => {
  for (const name of ['a.jpg', 'b.jpg']) writeFileSync(join(folder, name), photo);
});

describe('the output', () => {
  test.each([
    ['out.webp', 'image/webp'],
    ['out.PNG', 'image/png'],
    ['out.jpeg', 'image/jpeg'],
    ['out', 'image/jpeg'],
  ])('the suffix of %s is its format: %s', async (name, type) => {
    expect(await run(['a.jpg', '-w', '64', '-o', name])).toMatchObject({ code: 0, out: '' });
    expect(await output(name)).toMatchObject({ type, width: 64 });
  });
  test('-f that is the same, in another spelling', async () => {
    await run(['a.jpg', '-w', '64', '-f', 'jpeg', '-o', 'same.jpg']);
    expect(await output('same.jpg')).toMatchObject({ type: 'image/jpeg' });
    await run(['a.jpg', '-f', 'blurhash', '-o', 'hash.txt']);
    expect(readFileSync(join(folder, 'hash.txt'), 'utf8')).toMatch(/^\S{20,}$/);
    await run(['a.jpg', '-w', '8', '--encoding', 'base64', '-o', 'url.css']);
    expect(readFileSync(join(folder, 'url.css'), 'utf8')).toMatch(/^data:image\/jpeg;base64,/);
  });
  test('--mark: the file is drawn onto each output', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1H0z" fill="#f00"/></svg>';
    writeFileSync(join(folder, 'mark.svg'), svg);
    const options = ['-w', '40', '--mpos', 'top-left', '--mscale', '0.5'];
    await run(['a.jpg', 'b.jpg', ...options, '-f', 'png', '--mark', 'mark.svg', '-o', 'marked/']);
    for (const name of ['marked/a.png', 'marked/b.png'])
      expect((await output(name)).at(0.25, 0.1)).toEqual([255, 0, 0, 255]);
    expect(await run(['a.jpg', ...options, '--mark', 'no.svg', '-o', 'no.png'])).toMatchObject({
      code: 1,
      err: 'no.svg: no such file or directory',
    });
    expect(await run(['a.jpg', '-w', '40', '--mpos', 'tile', '-o', 'tile.png'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('mpos needs mark'),
    });
  });
  test('standard input to standard output', async () => {
    const { bytes, err } = await run(['-', '-w', '32', '--fit', 'cover', '--height', '32'], photo);
    expect(await decodePixels(bytes)).toMatchObject({ type: 'image/jpeg', width: 32, height: 32 });
    expect(err).toBe('');
    expect(await decodePixels((await run(['a.jpg', '-w', '16', '-o', '-'])).bytes)).toMatchObject({ width: 16 });
  });
  const script = spawnSync('script', ['--version']).error === undefined && process.platform === 'linux';
  test.skipIf(!script)('no bytes of an image on a terminal; text is shown', () => {
    const inTerminal = (args: string) =>
      spawnSync('script', ['-qec', `'${process.execPath}' '${BIN}' resize ${args}`, '/dev/null'], {
        cwd: folder,
        encoding: 'utf8',
        input: '',
      });
    const { status, stdout } = inTerminal('a.jpg -w 64');
    expect([status, stdout.trim()]).toEqual([
      2,
      expect.stringMatching(/^An image is not text for a terminal: .* -o FILE/),
    ]);
    expect(inTerminal('a.jpg -f color').stdout).toMatch(/#[0-9a-f]{6}/);
  });
});

describe('several', () => {
  test('into a folder; one that fails is reported, and the others are written', async () => {
    writeFileSync(join(folder, 'no.jpg'), 'no picture');
    const files = [sample('landscape.jpg'), 'no.jpg', sample('cat.webp'), 'missing.jpg'];
    const { code, out, err } = await run([...files, '-w', '20', '-o', 'small/']);
    expect([code, out, err.split('\n')]).toEqual([
      1,
      '',
      [
        expect.stringMatching(/^no\.jpg: The source is not an image/),
        'missing.jpg: no such file or directory',
        expect.stringMatching(/^Wrote 2 images, [\d.]+ kB, in [\d.]+ s\. 2 failed\.$/),
      ],
    ]);
    expect(await output('small/landscape.jpg')).toMatchObject({ width: 20 });
    expect(await output('small/cat.webp')).toMatchObject({ width: 20 });
  });
  test('beside the originals, with the width in their names', async () => {
    const { code, err } = await run(['a.jpg', 'b.jpg', '-w', '20', '-f', 'png', '--quiet']);
    expect([code, err]).toEqual([0, '']);
    expect(await output('a-20.png')).toMatchObject({ type: 'image/png', width: 20 });
    expect(existsSync(join(folder, 'b-20.png'))).toBe(true);
    expect(readFileSync(join(folder, 'a.jpg')).equals(photo)).toBe(true);
  });
  test('a pattern in quotes; a file of that very name is no pattern', async () => {
    mkdirSync(join(folder, 'many/deep'), { recursive: true });
    for (const name of ['1.jpg', '2.jpg', 'deep/3.jpg', '[x].jpg']) writeFileSync(join(folder, 'many', name), photo);
    expect((await run(['many/?.jpg', '-w', '9', '-o', 'one/'])).err).toMatch(/^Wrote 2 images/);
    expect((await run(['many/**/*.jpg', '-w', '9', '-o', 'all/'])).err).toMatch(/^Wrote 4 images/);
    expect((await run(['many/[x].jpg', '-w', '9', '-o', 'x.webp'])).err).toMatch(/^Wrote 1 image, /);
    expect(await output('x.webp')).toMatchObject({ width: 9 });
  });
  test('--json: a line for each, in the order of the inputs', async () => {
    const { code, out, err } = await run(['b.jpg', 'no.jpg', 'a.jpg', '-w', '40', '-o', 'json/', '--json']);
    expect([code, err]).toEqual([1, '']);
    expect(out.split('\n').map((line) => JSON.parse(line))).toEqual([
      {
        input: 'b.jpg',
        output: join('json', 'b.jpg'),
        type: 'image/jpeg',
        width: 40,
        height: 30,
        bytes: expect.any(Number),
      },
      { input: 'no.jpg', error: 'SOURCE_UNSUPPORTED', detail: expect.stringContaining('not an image') },
      expect.objectContaining({ input: 'a.jpg', bytes: readFileSync(join(folder, 'json/a.jpg')).length }),
    ]);
  });
  test('neither an original nor another output is overwritten', async () => {
    mkdirSync(join(folder, 'own'));
    for (const name of ['own/a.jpg', 'own/a.png']) writeFileSync(join(folder, name), photo);
    const { code, err } = await run(['own/a.jpg', '-w', '20', '-o', 'own/']);
    expect([code, err]).toEqual([1, expect.stringMatching(/own\/a\.jpg is an input file/)]);
    expect(await run(['own/a.jpg', '-w', '20', '-o', 'own/a.jpg'])).toMatchObject({ code: 1 });
    expect(readFileSync(join(folder, 'own/a.jpg')).equals(photo)).toBe(true);
    const twice = await run(['own/a.jpg', 'own/a.png', '-w', '20', '-f', 'webp', '-o', 'two/']);
    expect([twice.code, twice.err]).toEqual([
      1,
      expect.stringMatching(/^own\/a\.png: two\/a\.webp is already the output of own\/a\.jpg/),
    ]);
    await run(['-', '-w', '20', '-f', 'webp', '-o', 'two/'], photo);
    expect(await output('two/stdin.webp')).toMatchObject({ width: 20 });
  });
});

describe('URLs', () => {
  let origin: Awaited<ReturnType<typeof startOrigin>>;
  beforeAll(async () => {
    origin = await startOrigin({ '/p%20q.jpg?x=1': { body: photo }, '/gone.jpg': { status: 404 } });
  });
  afterAll(() => origin.close());
  const local = ['--source-allowed-networks', '127.0.0.0/8'];

  test('are fetched, beside files', async () => {
    const { code, out } = await run([
      `${origin.url}/p%20q.jpg?x=1`,
      `${origin.url}/gone.jpg`,
      'a.jpg',
      '-w',
      '30',
      '-o',
      'web/',
      '--json',
      ...local,
    ]);
    expect(code).toBe(1);
    expect(out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      { output: join('web', 'p_q.jpg'), width: 30 },
      { error: 'SOURCE_NOT_FOUND' },
      { output: join('web', 'a.jpg') },
    ]);
  });
  test('one to a file', async () => {
    await run([`${origin.url}/p%20q.jpg?x=1`, '-w', '31', '-o', 'url.webp', ...local]);
    expect(await output('url.webp')).toMatchObject({ type: 'image/webp', width: 31 });
  });
  test('of a private network only when it is allowed', async () => {
    const { code, err } = await run([`${origin.url}/gone.jpg`, '-w', '30', '-o', 'no.webp']);
    expect([code, err]).toEqual([1, expect.stringContaining('--source-allowed-networks 127.0.0.0/8')]);
  });
});

describe('mistakes', () => {
  test.each([
    [['a.jpg', '-w', '0', '-o', 'x.jpg'], /^--w must be a whole number from 1 to 8192/],
    [['a.jpg', 'b.jpg', '-w', '9', '--tbg', 'red'], /^tbg needs trim\.$/],
    [['a.jpg', 'b.jpg', '-w', '10', '-o', 'one.jpg'], /^--out must be a folder for 2 images: one\.jpg\//],
    [['a.jpg', '-w', '10', '-f', 'jpg', '-o', 'x.webp'], /^x\.webp has the suffix of webp, and -f is jpg/],
    [['a.jpg', '-w', '10', '-o', 'x.bmp'], /^x\.bmp: \.bmp is no output format\. Use one of \.jpg, \.png/],
    [['a.jpg', '-w', '10', '--json'], /^--json needs a file/],
    [['*.nope', '-w', '10', '-o', 'x/'], /^No file matches \*\.nope/],
    [['many', '-w', '10', '-o', 'x/'], /^many is a folder\. The files in it: 'many\/\*'/],
    [['http://', '-w', '10', '-o', 'x.jpg'], /^http:\/\/ is not a valid URL/],
    [
      ['a.jpg', '-w', '10', '-o', 'x.jpg', '--source-allowed-networks', 'home'],
      /^--source-allowed-networks must be networks such as/,
    ],
    [[], /^An image file is required/],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(args);
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)]);
    expect(existsSync(join(folder, 'x.jpg'))).toBe(false);
  });
  test('errors of the system have no codes and no stack', async () => {
    expect(await run(['nope.jpg', '-w', '9'])).toMatchObject({ code: 1, err: 'nope.jpg: no such file or directory' });
    const { code, err } = await run(['a.jpg', '-w', '9', '-o', 'nowhere/x.jpg']);
    expect([code, err.split('\n')[0]]).toEqual([1, 'a.jpg: nowhere/x.jpg: no such file or directory']);
  });
});
