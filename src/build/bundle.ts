/** The code of the package: what esbuild makes of `src/`, and what is left out because the target is known. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build as esbuild, type Plugin } from 'esbuild';

export type Arch = 'x64' | 'arm64';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The schemas without what only people read: the README, the forms and the types have it from the files themselves. */
const terse: Plugin = {
  name: 'terse-schemas',
  setup: ({ onLoad }) =>
    onLoad({ filter: /schemas[\\/]\w+\.json$/ }, async ({ path }) => {
      const spoken = ['$schema', 'title', 'description', 'group', 'tsType'];
      const text = JSON.stringify(
        JSON.parse(await readFile(path, 'utf8'), (key, value) =>
          spoken.includes(key) && typeof value === 'string' ? undefined : value,
        ),
      );
      return { contents: text, loader: 'json' };
    }),
};

/**
 * Two parts of sharp that are for other places than a package of one platform: the search for a libvips (with semver
 * and child_process), and the parser of colour names, to which we give numbers. Without them a cold start takes 9 ms less of CPU.
 */
const settled = (arch: Arch): Plugin => ({
  name: 'settled',
  setup: ({ onLoad }) => {
    onLoad({ filter: /node_modules[\\/]sharp[\\/]dist[\\/]libvips\.mjs$/ }, () => ({
      contents: `export default {
        runtimePlatformArch: () => 'linux-${arch}',
        isUnsupportedNodeRuntime: () => undefined,
        prebuiltPlatforms: [],
        minimumLibvipsVersion: '',
      };`,
    }));
    onLoad({ filter: /node_modules[\\/]@img[\\/]colour[\\/]/ }, () => ({
      contents: `export default ({ r, g, b, alpha = 1 }) => {
        if (typeof r !== 'number') throw new TypeError('In this package colours are given to sharp as numbers.');
        return { red: () => r, green: () => g, blue: () => b, alpha: () => alpha };
      };`,
    }));
  },
});

/** The entries are thin, and share one file. */
const shared: Plugin = {
  name: 'shared',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/start\.ts$/ }, () => ({ path: './lambda.mjs', external: true })),
};

/**
 * In front of everything, before the addon is looked for. The names of architectures are Node's; the template has Lambda's.
 * Parts of sharp are CommonJS and ask for `require`.
 */
const banner = (arch: Arch) =>
  `if(process.arch!=='${arch}'||process.platform!=='linux')throw new Error('This package is for ${arch} and Linux, and here is '+process.arch+' and '+process.platform+': deploy it with Architecture=${arch === 'x64' ? 'x86_64' : arch}, or build it anew by npm run build -- --arch '+process.arch);` +
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/**
 * Writes the code of the package for one architecture.
 *
 * @param outdir a path; files there are overwritten
 * @returns what went into it, and the files with their sizes
 */
export async function bundle(arch: Arch, outdir: string) {
  const options: BuildOptions = {
    absWorkingDir: root,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The runtime has the AWS SDK.
    external: ['@img/sharp-*', '@aws-sdk/*'],
    banner: { js: banner(arch) },
  };
  const plugins = [terse, settled(arch)];
  const build = (files: Readonly<Record<string, string>>, more: BuildOptions) => {
    const entryPoints = Object.entries(files).map(([out, path]) => ({ in: path, out }));
    return esbuild({ ...options, ...more, entryPoints, metafile: true });
  };
  const made = await Promise.all([
    // Drawings are made by a process of its own, with sharp and little else. Each file more costs a start half a millisecond.
    build(
      { lambda: 'src/lambda/start.ts', worker: 'src/svg/worker.ts' },
      { plugins, splitting: true, chunkNames: 'sharp' },
    ),
    // The names that a function's `Handler` has: index.handler, stream.handler.
    build(
      {
        index: 'src/lambda/buffered.ts',
        stream: 'src/lambda/streaming.ts',
        authorizer: 'src/lambda/authorizer.ts',
      },
      { plugins: [...plugins, shared] },
    ),
  ]);
  const all = <Part>(parts: Record<string, Part>[]): Record<string, Part> => Object.assign({}, ...parts);
  return {
    inputs: Object.keys(all(made.map(({ metafile }) => metafile.inputs))),
    outputs: all(made.map(({ metafile }) => metafile.outputs)),
  };
}
