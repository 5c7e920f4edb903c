/** The loaders against the types of the frameworks themselves, installed into an empty project. `npm run test:loaders`. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PACKAGES = ['next@16.4.6', '@nuxt/image@2.1.0', 'unpic@4.2.2', 'typescript@7.0.2', '@types/react@19.3.0'];
const folder = mkdtempSync(join(tmpdir(), 'pixgate-loaders-'));
const src = new URL('../../src/', import.meta.url);

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: folder,
    stdio: 'ignore',
  });
  mkdirSync(join(folder, 'src/client'), { recursive: true });
  for (const name of ['client/frameworks.ts', 'client/url.ts', 'options.ts'])
    copyFileSync(new URL(name, src), join(folder, 'src', name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FLAGS =
  '--noEmit --strict --skipLibCheck --module nodenext --target es2024 --lib es2024,dom --allowImportingTsExtensions --types react'.split(
    ' ',
  );
const compile = (code: string) => {
  writeFileSync(join(folder, 'check.ts'), code);
  try {
    execFileSync(join(folder, 'node_modules/.bin/tsc'), [...FLAGS, 'check.ts'], { cwd: folder });
    return '';
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  }
};

const IMPORTS =
  "import { nextLoader, nuxtProvider, unpicTransformer } from './src/client/frameworks.ts';\nconst options = { base: 'https://img.example.com/', k: 'KEY' };\n";
test.each([
  [
    'Next.js',
    "import type { ImageLoader } from 'next/image.js';\nexport const loader: ImageLoader = nextLoader(options);",
  ],
  [
    'Nuxt Image',
    "import type { ImageProvider } from '@nuxt/image';\nexport const provider: ImageProvider<{ baseURL?: string }> = nuxtProvider(options);",
  ],
  [
    'unpic',
    "import type { Operations, TransformerFunction } from 'unpic';\nexport const transform: TransformerFunction<Operations, { x?: number }> = unpicTransformer(options);",
  ],
])('%s', (_name, code) => expect(compile(IMPORTS + code)).toBe(''));

test('a wrong loader fails the check', () =>
  expect(
    compile(
      `${IMPORTS}import type { ImageLoader } from 'next/image.js';\nexport const loader: ImageLoader = unpicTransformer(options);`,
    ),
  ).toContain('TS2322'));
