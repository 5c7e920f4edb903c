/**
 * Mutation tests of the middlewares: `npm run test:mutation`, about five minutes. Stryker is installed into a cache at the first
 * run, since it brings two hundred packages that nothing else needs; Vitest is the project's own.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLS = { '@stryker-mutator/core': '10.1.1', '@stryker-mutator/vitest-runner': '10.1.1' };

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/stryker');
const command = join(cache, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const npm = ['install', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];

mkdirSync(cache, { recursive: true });
writeFileSync(join(cache, 'package.json'), JSON.stringify({ private: true, dependencies: TOOLS }));
if (!existsSync(command)) execFileSync('npm', npm, { cwd: cache, stdio: 'inherit' });

const config = {
  testRunner: 'vitest',
  // A file that does not exist: Stryker would read it by an API that TypeScript 7 does not have.
  tsconfigFile: 'none.json',
  vitest: { configFile: 'test/middlewares/vitest.config.ts' },
  mutate: ['src/middlewares/*.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // The command fails below `break`.
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false, skipFull: true },
  tempDirName: '.stryker-tmp',
  cleanTempDir: 'always',
};
const file = join(cache, 'stryker.config.json');
writeFileSync(file, JSON.stringify(config));
try {
  execFileSync(process.execPath, [command, 'run', file], {
    cwd: root,
    stdio: 'inherit',
    env: { PATH: [dirname(process.execPath), process.env.PATH].join(':') },
  });
} catch {
  process.exitCode = 1;
}
