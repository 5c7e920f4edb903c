/** The command `pixgate convert`, run as a child process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runIn } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'pixgate-convert-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = runIn(folder);

test('prints one URL for each, and reports those without a counterpart', async () => {
  const { code, out, err } = await run(
    [
      'convert',
      '--base',
      'https://img.example.com/',
      '/_/rs:auto:1:1/plain/a.png',
      '/_next/image?url=%2Fa.png&w=640&q=75',
      '-',
    ],
    'https://old.example/_/w:300/plain/https://example.com/cat.jpg\nhttps://old.example/\n',
  );
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    'https://img.example.com/?q=75&u=%2Fa.png&w=640&we=1',
    'https://img.example.com/?u=https%3A%2F%2Fexample.com%2Fcat.jpg&w=300&we=1',
  ]);
  expect(err.split('\n')).toEqual([
    '/_/rs:auto:1:1/plain/a.png: imgproxy: the resizing type auto has no counterpart',
    expect.stringMatching(/^https:\/\/old\.example\/: this is not a URL of next, cloudflare, /),
  ]);
});

test('the base is that of the old URL', async () => {
  const { code, out } = await run(['convert', '--from', 'imgproxy', 'https://old.example/_/plain/a.png']);
  expect([code, out]).toEqual([0, 'https://old.example/?u=%2Fa.png&w=100%25']);
});

test.each([[[]], [['--from', 'imgix', '/a']], [['--base', 'x', '/a']]])('%j is a usage error', async (args) =>
  expect((await run(['convert', ...args])).code).toBe(2),
);
