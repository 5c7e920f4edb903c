/** The build runs on Windows too: where npm is a script, and the shell of npm's scripts is no bash. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { command, npmCommand } from '../../src/build/npm.ts';

test.each([
  [
    'C:\\nodejs\\node_modules\\npm\\bin\\npm-cli.js',
    'win32',
    { file: 'node.exe', args: ['C:\\nodejs\\node_modules\\npm\\bin\\npm-cli.js', 'ci'], shell: false },
  ],
  [undefined, 'win32', { file: 'npm', args: ['ci'], shell: true }],
  ['C:\\yarn\\yarn.js', 'win32', { file: 'npm', args: ['ci'], shell: true }],
  [
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    'linux',
    { file: 'node.exe', args: ['/usr/lib/node_modules/npm/bin/npm-cli.js', 'ci'], shell: false },
  ],
  [undefined, 'linux', { file: 'npm', args: ['ci'], shell: false }],
])('npm, run by %s on %s', (npm_execpath, platform, expected) =>
  expect(npmCommand(['ci'], { npm_execpath }, { node: 'node.exe', platform })).toEqual(expected),
);

test('sam needs a shell on Windows only', () => {
  expect(command('sam', ['deploy'], 'win32').shell).toBe(true);
  expect(command('sam', ['deploy'], 'darwin').shell).toBe(false);
});

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>;
};
test.each(Object.entries(scripts))(
  'npm run %s needs no bash: neither its quotes and variables nor its tools',
  (_, script) => {
    // Within double quotes, cmd.exe leaves single ones alone.
    expect(script.replace(/"[^"]*"/g, '')).not.toMatch(/['$`;|<>*~]|\\(?!")|&(?!&)(?<!&&)/);
    for (const part of script.split('&&')) expect(part.trim()).toMatch(/^(?:node|npm|tsc|vitest|biome)\b/);
  },
);
