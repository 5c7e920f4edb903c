/** The loaders against the types of the frameworks themselves, installed into an empty project. `npm run test:loaders`. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSnippets, type SnippetId } from '../../src/dev/page/snippets.ts';

const PACKAGES = [
  'next@16.4.6',
  '@nuxt/image@2.1.0',
  'unpic@4.2.2',
  'astro@7.3.5',
  'vue@3.5.45',
  'svelte@5.57.3',
  'typescript@7.0.2',
  '@types/react@19.3.0',
  '@unpic/react@1.0.2',
];
const folder = mkdtempSync(join(tmpdir(), 'pixgate-loaders-'));
const src = new URL('../../src/', import.meta.url);

beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: folder,
    stdio: 'ignore',
  });
  mkdirSync(join(folder, 'src/client'), { recursive: true });
  for (const name of ['client/frameworks.ts', 'client/parameters.ts', 'client/url.ts', 'options.ts'])
    copyFileSync(new URL(name, src), join(folder, 'src', name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FLAGS =
  '--noEmit --strict --skipLibCheck --module nodenext --target es2024 --lib es2024,dom --allowImportingTsExtensions --types react'.split(
    ' ',
  );
const compile = (code: string, flags: readonly string[] = []) => {
  writeFileSync(join(folder, 'check.ts'), code);
  try {
    execFileSync(join(folder, 'node_modules/.bin/tsc'), [...FLAGS, ...flags, 'check.ts'], { cwd: folder });
    return '';
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  }
};

const IMPORTS =
  "import { astroService, nextLoader, nextSignedLoader, nuxtProvider, unpicTransformer } from './src/client/frameworks.ts';\nconst options = { base: 'https://img.example.com/', k: 'KEY' };\n";
test.each([
  [
    'Next.js',
    "import type { ImageLoader } from 'next/image.js';\nexport const loader: ImageLoader = nextLoader(options);",
  ],
  [
    'Next.js with signed URLs',
    "import type { ImageLoader } from 'next/image.js';\nexport const loader: ImageLoader = nextSignedLoader({ 640: 'x' });",
  ],
  [
    'Astro',
    "import type { ExternalImageService } from 'astro';\nexport const service: ExternalImageService = astroService(options);",
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

/** The component of the docs in a language. */
const component = (language: string) => {
  const page = readFileSync(new URL('docs/embed.md', src), 'utf8');
  const [, code = ''] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  return code.replace("'pixgate/url'", "'./src/client/url.ts'");
};
/** Runs a script in the folder with the packages. */
const script = (code: string) => {
  writeFileSync(join(folder, 'script.mjs'), code);
  return execFileSync(process.execPath, ['script.mjs'], { cwd: folder }).toString();
};

describe('the components of the docs', () => {
  test('React', () => {
    writeFileSync(join(folder, 'Picture.tsx'), component('tsx'));
    expect(compile("import { Picture } from './Picture.tsx';\nexport { Picture };", ['--jsx', 'react-jsx'])).toBe('');
  });
  test('Vue', () => {
    writeFileSync(join(folder, 'Picture.vue'), component('vue'));
    expect(
      script(`import { readFileSync } from 'node:fs';
import { compileScript, parse } from 'vue/compiler-sfc';
const { descriptor, errors } = parse(readFileSync('Picture.vue', 'utf8'));
console.log(errors.length, compileScript(descriptor, { id: 'x', inlineTemplate: true }).content.includes('_renderList'));`),
    ).toBe('0 true\n');
  });
  test('Svelte', () => {
    writeFileSync(join(folder, 'Picture.svelte'), component('svelte'));
    expect(
      script(`import { readFileSync } from 'node:fs';
import { compile } from 'svelte/compiler';
const { js, warnings } = compile(readFileSync('Picture.svelte', 'utf8'), { generate: 'server' });
console.log(warnings.length, js.code.includes('picture('));`),
    ).toBe('0 true\n');
  });
});

describe('the code of the playground', () => {
  const state = {
    base: 'https://img.example.com/',
    u: 'https://example.com/cat.jpg',
    options: {
      w: '640',
      h: '480',
      fit: 'cover',
      a: 'attention',
      ro: '90',
      flip: '1',
      r: 'max',
      bg: 'fff',
      cx: '10%',
      q: '60',
    },
  };
  const info = { width: 640, height: 480, sourceWidth: 2000 };
  /** Writes a snippet, and returns the errors of TypeScript with the resolution of bundlers, which these frameworks have. */
  function compileSnippet(id: SnippetId, names: Readonly<Record<string, string>>): string {
    const text = createSnippets(state, 'KEY', info).find((snippet) => snippet.id === id)?.text ?? '';
    const parts = Object.fromEntries(
      text.split(/^\/\/ (?=[\w./-]+\n)/m).map((part) => [part.split('\n')[0], part.slice(part.indexOf('\n') + 1)]),
    );
    for (const [path, file] of Object.entries(names))
      writeFileSync(
        join(folder, file),
        (path ? (parts[path] ?? '') : text)
          .replace("'pixgate/url'", "'./src/client/url.ts'")
          .replace("'pixgate/loaders'", "'./src/client/frameworks.ts'"),
      );
    const flags = ['--module', 'esnext', '--moduleResolution', 'bundler', '--jsx', 'react-jsx', '--types', 'react'];
    const args = [...FLAGS.filter((flag) => !['--module', 'nodenext', '--types', 'react'].includes(flag)), ...flags];
    try {
      execFileSync(join(folder, 'node_modules/.bin/tsc'), [...args, ...Object.values(names)], { cwd: folder });
      return '';
    } catch (error) {
      return String((error as { stdout?: Buffer }).stdout);
    }
  }
  test.each<[SnippetId, Record<string, string>]>([
    ['react', { '': 'react.tsx' }],
    ['next', { 'next.config.ts': 'next.config.ts', 'image-loader.ts': 'image-loader.ts', 'app/page.tsx': 'page.tsx' }],
    ['nuxt', { 'app/providers/pixgate.ts': 'nuxt-provider.ts' }],
    ['astro', { 'astro.config.mjs': 'astro-config.ts', 'src/image-service.ts': 'image-service.ts' }],
    ['unpic', { '': 'unpic.tsx' }],
  ])('%s', (id, names) => expect(compileSnippet(id, names)).toBe(''));
});

test('a wrong loader fails the check', () =>
  expect(
    compile(
      `${IMPORTS}import type { ImageLoader } from 'next/image.js';\nexport const loader: ImageLoader = unpicTransformer(options);`,
    ),
  ).toContain('TS2322'));
