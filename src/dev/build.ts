/**
 * npm run build [-- --arch x64|arm64]: makes dist/, which `sam deploy` takes as it is. One file of JavaScript, and
 * beside it sharp's native parts for the target, from the lockfile and checked by its hashes.
 */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { openapi } from './openapi.ts';

const root = new URL('../../', import.meta.url);
const dist = new URL('dist/', root);
const run = promisify(execFile);

function readArch(): 'x64' | 'arm64' {
  const { arch } = parseArgs({ options: { arch: { type: 'string', default: 'arm64' } } }).values;
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`--arch must be x64 or arm64, not ${arch}`);
  return arch;
}

/** sharp finds the addon, and the addon libvips, by their place in node_modules: the folders stay as they are. */
async function installNative(arch: string): Promise<void> {
  const folder = new URL('install/', dist);
  await mkdir(folder);
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    await copyFile(new URL(file, root), new URL(file, folder));
  const target = [`--cpu=${arch}`, '--os=linux', '--libc=glibc'];
  await run('npm', ['ci', '--omit=dev', '--ignore-scripts', ...target], { cwd: folder });
  await mkdir(new URL('node_modules/@img/', dist), { recursive: true });
  for (const name of [`sharp-linux-${arch}`, `sharp-libvips-linux-${arch}`])
    await rename(new URL(`node_modules/@img/${name}`, folder), new URL(`node_modules/@img/${name}`, dist));
  await rm(folder, { recursive: true });
}

/** The schemas without what only people read: the README, the forms and the types have it from the files themselves. */
const terse: Plugin = {
  name: 'terse-schemas',
  setup: ({ onLoad }) =>
    onLoad({ filter: /schemas[\\/]\w+\.json$/ }, async ({ path }) => {
      const spoken = ['$schema', 'title', 'description', 'group'];
      const text = JSON.stringify(
        JSON.parse(await readFile(path, 'utf8'), (key, value) =>
          spoken.includes(key) && typeof value === 'string' ? undefined : value,
        ),
      );
      return { contents: text, loader: 'json' };
    }),
};

async function main() {
  const arch = readArch();
  await rm(dist, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(root),
    // The worker that draws SVG is started from a file of its own; what both need is in a third.
    entryPoints: {
      index: 'src/index.ts',
      stream: 'src/stream.ts',
      authorizer: 'src/authorizer.ts',
      'svg-worker': 'src/image/svg-worker.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    bundle: true,
    minify: true,
    sourcemap: true,
    metafile: true,
    plugins: [terse],
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The runtime has the AWS SDK.
    external: ['@img/sharp-*', '@aws-sdk/*'],
    // Parts of sharp are CommonJS and ask for `require`.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  await cp(new URL('src/image/fonts/', root), new URL('fonts/', dist), { recursive: true });
  await writeFile(new URL('openapi.json', dist), `${JSON.stringify(openapi(), null, 2)}\n`);
  await installNative(arch);
  const code = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.mjs'));
  const bytes = code.reduce((sum, [, output]) => sum + output.bytes, 0);
  console.log(
    `dist/ is ready for ${arch}, with ${Math.round(bytes / 1000)} kB of code. Deploy it by: sam deploy --guided`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
