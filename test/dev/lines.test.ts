import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { gathered } from '../../src/dev/lines.ts';

test('lines of a moment are written together, and later ones by themselves', async () => {
  const written: string[] = [];
  const log = gathered((lines) => written.push(lines));
  log('a');
  log('b');
  expect(written).toEqual([]);
  await expect.poll(() => written).toEqual(['a\nb']);
  log('c');
  await expect.poll(() => written).toEqual(['a\nb', 'c']);
});

test('a process that ends writes what waits', () => {
  const url = new URL('../../src/dev/lines.ts', import.meta.url);
  const run = (end: string) =>
    execFileSync(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      `import { gathered } from '${url}';
       const log = gathered((lines) => console.log(lines));
       log('a'); log('b'); ${end}`,
    ]).toString();
  expect(run('')).toBe('a\nb\n');
  expect(run('process.exit(0)')).toBe('a\nb\n');
});
