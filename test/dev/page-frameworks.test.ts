/** The code that the playground shows for frameworks: compiled, and run with a stub of each framework and our own loaders. */
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { extract } from '../../src/client/url.ts';
import { createSnippets, type SnippetId } from '../../src/dev/page/snippets.ts';
import type { State } from '../../src/dev/page/state.ts';

const STATES: readonly State[] = [
  { base: 'https://img.example.com/', u: 'https://example.com/my-cat.jpg', options: { w: '640' } },
  {
    base: `https://img.example.com/it's/`,
    u: `https://example.com/a"b'c<d>&e={1}[x]!*$HOME\`id\`\\.jpg?q=1&amp;r=ü`,
    options: { w: '400', h: '300', fit: 'cover', a: 'attention', flip: '1', flop: '0', q: '60', bg: 'fff', dpr: '2' },
  },
  { base: 'https://img.example.com/', u: 'example.com/cat.png', options: { w: '50%', we: '1', r: 'max', ro: '-90' } },
];
const INFO = { width: 640, height: 480, sourceWidth: 2000 };

const codeOf = (state: State, id: SnippetId) =>
  createSnippets(state, `KEY'1`, INFO).find((snippet) => snippet.id === id)?.text ?? '';

/** Splits a snippet into its files, each below a comment with its path. */
const filesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/^\/\/ (?=[\w./-]+\n)/m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );

/** Elements are objects; every import from a framework is a function that returns its argument. */
const stubs: Plugin = {
  name: 'stubs',
  setup({ onResolve, onLoad }) {
    const client = { 'pixgate/url': 'url', 'pixgate/loaders': 'frameworks' } as const;
    onResolve({ filter: /^pixgate\// }, ({ path }) => ({
      path: fileURLToPath(new URL(`../../src/client/${client[path as keyof typeof client]}.ts`, import.meta.url)),
    }));
    onResolve({ filter: /^(?:next|astro|@nuxt|@unpic)/ }, ({ path }) => ({ path, namespace: 'stub' }));
    onLoad({ filter: /./, namespace: 'stub' }, () => ({
      contents: `const same = (value) => value;
export { same as default, same as defineProvider, same as defineConfig };
export const Image = 'Image', baseService = { validateOptions: 1 };`,
    }));
  },
};

/** Compiles code, and returns what it exports. */
async function run<Exports = { default: unknown }>(contents: string): Promise<Exports> {
  const { outputFiles, warnings } = await build({
    stdin: { contents, loader: 'tsx' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'exported',
    jsx: 'transform',
    jsxFactory: 'h',
    plugins: [stubs],
  });
  expect(warnings).toEqual([]);
  const h = (tag: unknown, props: object, ...children: unknown[]) => ({ tag, ...props, children: children.flat() });
  return new Function('h', 'defineNuxtConfig', `${outputFiles[0]?.text}; return exported;`)(
    h,
    (config: object) => config,
  );
}

/** Parses the attributes of the first element, strictly. */
function attributesOf(markup: string): Record<string, string> {
  let first: Record<string, string> | undefined;
  const parser = new SaxesParser();
  parser.on('opentag', ({ attributes }) => {
    first ??= attributes as Record<string, string>;
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(markup).close();
  return first ?? {};
}

const partsOf = (url: string) => {
  const { source, options: { k, ...options } = {} } = extract(url) ?? {};
  return { source, k, options };
};
const sourceOf = ({ u }: State) => (u.includes('://') ? u : `https://${u}`);
/** What every request has, whatever the framework adds. */
const EXPECTED = [{}, { ar: '400:300', fit: 'cover', a: 'attention', flip: '1', bg: 'fff' }, { r: 'max', ro: '-90' }];

describe.each(STATES.map((state, i) => ({ state, expected: EXPECTED[i] ?? {} })))('$state.u', ({ state, expected }) => {
  const source = sourceOf(state);

  test('React: the same <picture> as in HTML', async () => {
    const { Image } = await run<{ Image: () => never }>(codeOf(state, 'react'));
    const { tag, children } = Image() as { tag: string; children: Record<string, unknown>[] };
    expect([tag, children.map((child) => child.tag)]).toEqual(['picture', ['source', 'source', 'img']]);
    // HTML has a switch that is off in its URLs, and JavaScript does not.
    const html = codeOf(state, 'picture').replaceAll('flop=0&amp;', '');
    const elements = [...html.matchAll(/<(?:source|img)[^>]*>/g)].map(([element]) =>
      attributesOf(element.replace(/>$/, '/>')),
    );
    const oneLine = (text = '') => text.replaceAll(/,\s+/g, ', ');
    expect(children.map(({ srcSet }) => srcSet)).toEqual(elements.map(({ srcset }) => oneLine(srcset)));
    expect(children.map(({ sizes }) => sizes)).toEqual(elements.map(({ sizes }) => sizes));
    const { src, alt, width, height } = elements[2] ?? {};
    expect(children[2]).toMatchObject({ src, alt, width: Number(width), height: Number(height) });
  });

  test('Next.js: the configuration, and the URL of its component', async () => {
    const files = filesOf(codeOf(state, 'next'));
    const config = await run(files['next.config.ts'] ?? '');
    expect(config.default).toEqual({ images: { loader: 'custom', loaderFile: './image-loader.ts' } });
    const loader = await run<{ default: (props: object) => string }>(files['image-loader.ts'] ?? '');
    const page = await run<{ default: () => { src: string } }>(files['app/page.tsx'] ?? '');
    const url = loader.default({ ...page.default(), width: 828 });
    expect(partsOf(url)).toEqual({
      source,
      k: `KEY'1`,
      options: { ...expected, w: '828', we: '1', ...(state.options.q && { q: state.options.q }) },
    });
  });

  test('Nuxt: the provider, and the URL of its component', async () => {
    const files = filesOf(codeOf(state, 'nuxt'));
    const config = await run(files['nuxt.config.ts'] ?? '');
    expect(config.default).toMatchObject({ image: { provider: 'pixgate' } });
    const provider = await run<{ default: { getImage: (source: string, options: object) => { url: string } } }>(
      files['app/providers/pixgate.ts'] ?? '',
    );
    const template = /<NuxtImg.*\/>/.exec(files['app/pages/index.vue'] ?? '')?.[0] ?? '';
    // An attribute of Vue would be a namespace of XML.
    const { src = '', width, modifiers = '{}' } = attributesOf(template.replace(' :modifiers', ' modifiers'));
    expect([src, Number(width)]).toEqual([source, 640 / Number(state.options.dpr ?? 1)]);
    const { url } = provider.default.getImage(src, {
      modifiers: { width, ...new Function(`return (${modifiers})`)() },
    });
    const { w: _, h: __, dpr: ___, flop: ____, ...options } = state.options;
    expect(partsOf(url)).toEqual({ source, k: `KEY'1`, options: { ...options, w: width } });
  });

  test('Astro: the service, and the URL of its component', async () => {
    const files = filesOf(codeOf(state, 'astro'));
    const config = await run(files['astro.config.mjs'] ?? '');
    expect(config.default).toEqual({ image: { service: { entrypoint: './src/image-service.ts' } } });
    const service = await run<{ default: { getURL: (props: object) => string; validateOptions: number } }>(
      files['src/image-service.ts'] ?? '',
    );
    expect(service.default.validateOptions).toBe(1);
    const component = files['src/pages/index.astro']?.split('---\n')[2] ?? '';
    const { page } = await run<{ page: object }>(`const Image = 'Image'; export const page = ${component};`);
    const { w, h, ...rest } = partsOf(service.default.getURL(page)).options;
    expect(Number(w) / Number(h)).toBeCloseTo(4 / 3);
    expect(rest).toEqual({ ...expected, we: '1', ...(state.options.q && { q: state.options.q }) });
  });

  test('unpic: the transformer of its component', async () => {
    const { Picture } = await run<{ Picture: () => never }>(codeOf(state, 'unpic'));
    const { tag, src, width, height, transformer } = Picture() as unknown as {
      tag: string;
      src: string;
      width: number;
      height: number;
      transformer: (source: string, operations: object) => string;
    };
    expect([tag, src]).toEqual(['Image', source]);
    const { w, h, ...rest } = partsOf(transformer(src, { width, height })).options;
    expect([Number(w), Number(h)]).toEqual([width, height]);
    expect(rest).toEqual({ fit: 'cover', ...expected, ...(state.options.q && { q: state.options.q }) });
  });
});
