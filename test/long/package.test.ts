/** The published package: packed, installed into an empty project, and used there. `npm run test:package`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { decodePixels, near } from '../pixels.ts';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pixgate-package-'));
const { exports, devDependencies } = packageJson;
const names = Object.keys(exports).filter((name) => name !== './package.json');
/** The version of a tool that the project uses itself. */
const pinned = (name: keyof typeof devDependencies) => `${name}@${devDependencies[name]}`;
const TOOLS = [
  ...(['typescript', '@types/node', 'ajv', 'sharp', 'zod'] as const).map(pinned),
  'express@5.3.0',
  'hono@4.13.19',
];

const run = (command: string, args: readonly string[], at = folder) => {
  try {
    return execFileSync(command, args, { cwd: at, stdio: 'pipe' }).toString();
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  }
};
const node = (code: string) => {
  writeFileSync(join(folder, 'use.mjs'), code);
  return run(process.execPath, ['use.mjs']);
};

let tarball: string;
beforeAll(() => {
  run('npm', ['pack', '--pack-destination', folder], cwd);
  tarball = join(folder, `pixgate-${packageJson.version}.tgz`);
  writeFileSync(join(folder, 'package.json'), '{"type":"module","private":true}');
  run('npm', ['install', '--no-audit', '--no-fund', tarball, ...TOOLS]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every export can be imported, with its types and names', () => {
  const imports = names.map((name, i) => `import * as m${i} from '${name.replace('.', 'pixgate')}';`);
  const shown = names.map((_, i) => `Object.keys(m${i})`).join(', ');
  const exported = JSON.parse(node(`${imports.join('\n')}\nconsole.log(JSON.stringify([${shown}]));`)) as string[][];
  const all = Object.fromEntries(names.map((name, i) => [name, exported[i]]));
  expect(all).toMatchObject({
    '.': ['createHandler'],
    './image': ['loadMarks', 'transform'],
    './url': expect.arrayContaining(['generate', 'sign', 'srcset']),
    './errors': expect.arrayContaining(['ERRORS', 'ImageError']),
    './middlewares/api-key': ['apiKey'],
  });
  writeFileSync(join(folder, 'types.ts'), `${imports.join('\n')}\nexport const all = [${shown}];\n`);
  const flags = '--noEmit --strict --skipLibCheck --module nodenext --target es2024 --types node'.split(' ');
  expect(run('npx', ['tsc', ...flags, 'types.ts'])).toBe('');
});

/** Versions of middy, and the ends of the range of Node that run with it; all other tests run on Node 24. */
const MIDDY: readonly [middy: string, nodes: readonly string[]][] = [
  ['6.4.5', ['20.20.2']],
  ['7.9.2', ['22.23.3', '26.9.0']],
];
describe.each(MIDDY)('middy %s', (middy, nodes) => {
  const at = mkdtempSync(join(tmpdir(), 'pixgate-middy-'));
  beforeAll(() => {
    writeFileSync(join(at, 'package.json'), '{"type":"module","private":true}');
    const tools = (['ajv', 'typescript', '@types/node'] as const).map(pinned);
    run('npm', ['install', '--no-audit', '--no-fund', tarball, `@middy/core@${middy}`, ...tools], at);
  });
  afterAll(() => rmSync(at, { recursive: true, force: true }));

  test('the types, without skipLibCheck where the types of middy allow it', () => {
    const types = readFileSync(join(cwd, 'test/middlewares/lambda-types.test-d.ts'), 'utf8');
    const page = readFileSync(join(cwd, 'src/docs/middleware-query-validator.md'), 'utf8');
    const [, snippet = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
    writeFileSync(join(at, 'types.ts'), types.replaceAll(/'..\/..\/src\/(middlewares\/[\w-]+)\.ts'/g, "'pixgate/$1'"));
    writeFileSync(join(at, 'snippet.ts'), snippet);
    writeFileSync(
      join(at, 'wrong.ts'),
      "import { errorMapper } from 'pixgate/middlewares/error-mapper';\nerrorMapper(1);\n",
    );
    const flags = '--noEmit --strict --module nodenext --target es2024 --types node'.split(' ');
    const { stdout } = spawnSync('npx', ['tsc', ...flags, 'types.ts', 'snippet.ts', 'wrong.ts'], { cwd: at });
    const errors = String(stdout)
      .split('\n')
      .filter((line) => /^\S.*error TS/.test(line));
    // middy's own types import a package that few have.
    const inMiddy = /^node_modules\/@middy\/[\w-]+\/.*(?:durable-execution-sdk-js|'ajv)/;
    expect(errors.filter((line) => !inMiddy.test(line))).toEqual([expect.stringContaining('wrong.ts(2,13): error')]);
  });

  test.each(nodes)('the example endpoint on Node %s', (version) => {
    const binary = `node-${process.platform}-${process.arch}`;
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', `${binary}@${version}`], at);
    writeFileSync(join(at, 'endpoint.mjs'), example('middlewares.md'));
    const out = run(join(at, `node_modules/${binary}/bin/node`), ['endpoint.mjs'], at);
    expect(out).toContain('year,orders\n2026,42\n');
    expect(out).toContain('"code":"QUERY_INVALID"');
  });
});

test('the types accept valid options, and refuse wrong ones', () => {
  const code = `import { transform } from 'pixgate/image';
import { apiKey } from 'pixgate/middlewares/api-key';
import { createHandler } from 'pixgate';
import { loadConfig } from 'pixgate/config';
const { data, info }: { data: Buffer | string; info: { size: number } } = await transform(new Uint8Array(), { w: 1, f: 'webp' });
// @ts-expect-error no such format
await transform(new Uint8Array(), { f: 'bmp' });
// @ts-expect-error keys are needed
apiKey({});
export const handler = createHandler(loadConfig(process.env));
export { data, info };
`;
  writeFileSync(join(folder, 'wrong.ts'), code);
  const flags = '--noEmit --strict --skipLibCheck --module nodenext --target es2024 --types node'.split(' ');
  expect(run('npx', ['tsc', ...flags, 'wrong.ts'])).toBe('');
});

/** The first example of a page, with the imports of the package. */
const example = (page: string) => {
  const [, code = ''] = /```mjs\n([\s\S]*?)```/.exec(readFileSync(join(cwd, 'src/docs', page), 'utf8')) ?? [];
  return code.replaceAll(/'\.\/src\/(middlewares\/[\w-]+)\.ts'/g, "'pixgate/$1'");
};

describe('without images', () => {
  const small = mkdtempSync(join(tmpdir(), 'pixgate-without-sharp-'));
  beforeAll(() => {
    writeFileSync(join(small, 'package.json'), '{"type":"module","private":true}');
    run('npm', ['install', '--no-audit', '--no-fund', tarball, '@middy/core', pinned('ajv')], small);
  });
  afterAll(() => rmSync(small, { recursive: true, force: true }));

  test('the example endpoint of another product works where sharp is not installed', () => {
    expect(readdirSync(join(small, 'node_modules')).filter((name) => /sharp|@img|libheif/.test(name))).toEqual([]);
    writeFileSync(join(small, 'endpoint.mjs'), example('middlewares.md'));
    const out = run(process.execPath, ['endpoint.mjs'], small);
    expect(out).toContain('year,orders\n2026,42\n');
    expect(out).toContain('"code":"QUERY_INVALID"');
  });

  const IMAGE_CODE = /pixgate\/lib\/(?:image|svg|heic|fetch|cache|concurrency|keys)\/|node_modules\/(?:sharp|@img)\//;
  const WITHOUT_IMAGES = names.filter((name) => /middlewares|url|loaders|errors/.test(name));
  test.each(WITHOUT_IMAGES)('%s has no image code in its graph', async (name) => {
    const { metafile } = await build({
      stdin: { contents: `export * from '${name.replace('.', 'pixgate')}'`, resolveDir: small },
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.length).toBeGreaterThan(1);
    expect(inputs.filter((path) => IMAGE_CODE.test(path))).toEqual([]);
  });
});

const PAGES = names.flatMap((name) => /middlewares\/(.*)/.exec(name)?.[1] ?? []);
test.each(PAGES)('the example of %s works on the package', (name) => {
  const code = example(`middleware-${name}.md`);
  const documented = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line);
  expect(node(code).trimEnd().split('\n')).toEqual(documented);
});

describe('images', () => {
  test('by the core, an SVG by its worker, too', async () => {
    copyFileSync(join(cwd, 'src/dev/samples/landscape.jpg'), join(folder, 'a.jpg'));
    copyFileSync(join(cwd, 'src/dev/samples/logo.svg'), join(folder, 'a.svg'));
    node(`import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import { transform } from 'pixgate/image';
writeFileSync('a.webp', (await transform(createReadStream('a.jpg'), { w: 64, f: 'webp' })).data);
writeFileSync('a.png', (await transform(readFileSync('a.svg'), { w: 64 })).data);`);
    expect(await decodePixels(readFileSync(join(folder, 'a.webp')))).toMatchObject({ type: 'image/webp', width: 64 });
    expect(await decodePixels(readFileSync(join(folder, 'a.png')))).toMatchObject({ type: 'image/png', width: 64 });
  });
  test('by the command', async () => {
    run('npx', ['pixgate', 'resize', 'a.jpg', '-w', '32', '-o', 'b.jpg']);
    expect(await decodePixels(readFileSync(join(folder, 'b.jpg')))).toMatchObject({ type: 'image/jpeg', width: 32 });
  });
});

describe('the core in other programs, as documented', () => {
  const page = readFileSync(join(cwd, 'src/docs/core.md'), 'utf8');
  const snippet = (title: string) =>
    new RegExp(`## ${title}\\n[\\s\\S]*?\`\`\`mjs\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
  const sample = join(cwd, 'src/dev/samples/landscape.jpg');

  test('watermarks: transform, and a handler that starts', async () => {
    copyFileSync(sample, join(folder, 'm.jpg'));
    const out = node(`${snippet('Watermarks')}
const { readFile, writeFile } = await import('node:fs/promises');
await writeFile('marked.jpg', await stamp(await readFile('m.jpg')));
console.log(typeof handler);`);
    expect(out).toBe('function\n');
    const marked = await decodePixels(readFileSync(join(folder, 'marked.jpg')));
    expect(near(marked.at(0.95, 0.95), [255, 0, 0, 255], 30)).toBe(true);
  });

  test('a queue: a source that is no image is not retried', async () => {
    copyFileSync(sample, join(folder, 'q.jpg'));
    const record = (messageId: string, body: object) => ({ messageId, body: JSON.stringify(body) });
    const Records = [
      record('good', { from: 'q.jpg', to: 'q.webp', w: 40, f: 'webp' }),
      record('no image', { from: 'package.json', to: 'x', w: 40 }),
      record('missing', { from: 'nowhere.jpg', to: 'x', w: 40 }),
    ];
    const out = node(
      `${snippet('A queue')}\nconsole.log(JSON.stringify(await handler({ Records: ${JSON.stringify(Records)} })));`,
    );
    expect(JSON.parse(out)).toEqual({ batchItemFailures: [{ itemIdentifier: 'missing' }] });
    expect(await decodePixels(readFileSync(join(folder, 'q.webp')))).toMatchObject({ type: 'image/webp', width: 40 });
  });

  test('Express: a host that is not allowed, and a wrong width, are refused', () => {
    const out = node(`${snippet('Express')}
const server = app.listen(0, '127.0.0.1', async () => {
  const ask = async (query) => {
    const reply = await fetch('http://127.0.0.1:' + server.address().port + '/resize?' + query);
    console.log(reply.status, (await reply.json()).code);
  };
  await ask('u=https://other.example/a.jpg&w=10');
  await ask('u=https://example.com/a.jpg&w=0');
  server.close();
});`);
    expect(out).toBe('403 SOURCE_FORBIDDEN\n400 QUERY_INVALID\n');
  });

  test('Hono: the format is negotiated by Accept', async () => {
    copyFileSync(sample, join(folder, 'cat.jpg'));
    const out = node(`${snippet('Hono')}
const reply = await app.request('/images/cat?w=30', { headers: { accept: 'image/webp' } });
const { writeFile } = await import('node:fs/promises');
await writeFile('hono.webp', Buffer.from(await reply.arrayBuffer()));
console.log(reply.status, reply.headers.get('content-type'), (await app.request('/images/cat?w=0')).status);`);
    expect(out).toBe('200 image/webp 400\n');
    expect(await decodePixels(readFileSync(join(folder, 'hono.webp')))).toMatchObject({
      type: 'image/webp',
      width: 30,
    });
  });

  test('a build script', async () => {
    mkdirSync(join(folder, 'photos'), { recursive: true });
    copyFileSync(sample, join(folder, 'photos/one.jpg'));
    const line = JSON.parse(node(snippet('A build script')));
    // The photograph is 600 px wide, and not upscaled.
    expect(line.srcset).toBe('photos/one.jpg-320.webp 320w, photos/one.jpg-640.webp 600w');
    expect(line.blurhash).toMatch(/^\S{20,}$/);
    expect(await decodePixels(readFileSync(join(folder, 'photos/one.jpg-320.webp')))).toMatchObject({ width: 320 });
  });
});

/** Maximum bytes of each export in a minified bundle with its dependencies, but for its peers. */
const BUDGETS: Readonly<Record<string, number>> = {
  '.': 392_000,
  './image': 305_000,
  './url': 3400,
  './picture-html': 2500,
  './loaders': 4200,
  './errors': 5100,
  './config': 125_000,
  './middlewares/access-log': 13_100,
  './middlewares/api-key': 20_200,
  './middlewares/error-mapper': 16_100,
  './middlewares/query-reader': 5000,
  './middlewares/query-validator': 49_700,
  './middlewares/response-serializer': 16_300,
  './middlewares/signed-url': 21_300,
};
test.each(names)('%s: its size as a bundle', async (name) => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${name.replace('.', 'pixgate')}'`, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    external: ['@middy/core', 'sharp', '@img/*', '@aws-sdk/*', 'libheif-js'],
  });
  expect(outputFiles[0]?.contents.length).toBeLessThan(BUDGETS[name] ?? 0);
});

/** The declarations of the exports and of the types in them, without comments. After an intended change: `npm run test:package -- -u`. */
test('the API is that of the report', async () => {
  const entries = Object.values(exports).flatMap((entry) => (typeof entry === 'object' ? [entry.types] : []));
  const shared = ['middlewares/options', 'middlewares/types', 'middlewares/query-types', 'options', 'http/event'];
  const paths = [...entries, ...shared.map((name) => `./lib/${name}.d.ts`)].sort();
  const report = paths.map((path) => {
    const text = readFileSync(join(folder, 'node_modules/pixgate', path), 'utf8');
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, '').replaceAll(/^\s*\n/gm, '');
    return `// ${path}\n${code}`;
  });
  await expect(report.join('\n').replace(packageJson.version, 'VERSION')).toMatchFileSnapshot(
    '../fixtures/api-report.txt',
  );
});

test('a function of your own, bundled as documented, runs from one file', () => {
  const at = mkdtempSync(join(tmpdir(), 'pixgate-bundle-'));
  const page = readFileSync(join(cwd, 'src/docs/bundle.md'), 'utf8');
  const [endpoint = '', schema = '', script = ''] = [...page.matchAll(/^ {3}```\n([\s\S]*?)^ {3}```$/gm)].map(
    ([, code = '']) => code.replaceAll(/^ {3}/gm, ''),
  );
  const files = { 'endpoint.mjs': endpoint, 'schema.json': schema, 'build.mjs': script };
  writeFileSync(join(at, 'package.json'), '{"type":"module","private":true}');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text);
  run('npm', ['install', '--no-audit', '--no-fund', tarball, '@middy/core', pinned('ajv'), pinned('esbuild')], at);
  run(process.execPath, ['build.mjs'], at);
  rmSync(join(at, 'node_modules'), { recursive: true });
  expect(readFileSync(join(at, 'dist/index.mjs')).length).toBeLessThan(70_000);
  const code = `import { handler } from './dist/index.mjs';
for (const rawQueryString of ['year=2026', 'year=x']) console.log((await handler({ rawQueryString }, {})).body);`;
  writeFileSync(join(at, 'run.mjs'), code);
  const out = run(process.execPath, ['run.mjs'], at);
  expect(out).toMatch(/^year,orders\n2026,42\n\n.*"code":"QUERY_INVALID"/);
  rmSync(at, { recursive: true });
});

test('publint reports nothing', () =>
  expect(run('npx', ['publint', 'run', '--strict', tarball], cwd)).toMatch(/All good!/));

// It exits with 1 if it finds a problem.
test('attw reports nothing about the use as an ES module', () =>
  expect(run('npx', ['attw', tarball, '--profile', 'esm-only'], cwd).match(/node16 \(from ESM\): 🟢/g)).toHaveLength(
    names.length + 1,
  ));
