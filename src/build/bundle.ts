/** Bundles `src/` with esbuild for one target, and stubs the parts of dependencies that this target does not need. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build as esbuild, type Plugin } from 'esbuild';

export type Arch = 'x64' | 'arm64';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Removes descriptions from the bundled schemas: only the README, the form and the types use them, and read the files. And patterns that
 * no error shows: the compiled validators have their own.
 */
const stripSchemaProse: Plugin = {
  name: 'strip-schema-prose',
  setup: ({ onLoad }) =>
    onLoad({ filter: /schemas[\\/]\w+\.json$/ }, async ({ path }) => {
      const prose = ['$schema', 'description', 'group', 'example', 'synonyms', 'tsType'];
      const isShown = ({ format, patternDescription, unit = '' }: Record<string, string>) =>
        format !== 'colour' && !patternDescription && !unit.includes('%');
      const text = JSON.stringify(
        JSON.parse(await readFile(path, 'utf8'), (key, value) => {
          if (typeof value?.pattern === 'string' && !isShown(value)) return { ...value, pattern: undefined };
          return prose.includes(key) && (typeof value === 'string' || Array.isArray(value)) ? undefined : value;
        }),
      );
      return { contents: text, loader: 'json' };
    }),
};

/**
 * Stubs parts of sharp: the search for an installed libvips (with semver and child_process) and for the C library, which a
 * package for one platform does not need, and the parser of colour names, since pixgate passes numbers. This saves 9 ms of CPU in
 * a cold start. Of its package.json, only the version is read.
 */
const stubSharpInternals = (arch: Arch): Plugin => ({
  name: 'stub-sharp-internals',
  setup: ({ onLoad }) => {
    onLoad({ filter: /node_modules[\\/]sharp[\\/]dist[\\/]libvips\.mjs$/ }, () => ({
      contents: `export default {
        runtimePlatformArch: () => 'linux-${arch}',
        isUnsupportedNodeRuntime: () => undefined,
        prebuiltPlatforms: [],
        minimumLibvipsVersion: '',
      };`,
    }));
    // Lambda's C library, for which the native binaries are installed.
    onLoad({ filter: /node_modules[\\/]detect-libc[\\/]lib[\\/]detect-libc\.js$/ }, () => ({
      contents: `exports.GLIBC = 'glibc';
        exports.MUSL = 'musl';
        exports.familySync = () => 'glibc';
        exports.versionSync = () => process.report.getReport().header.glibcVersionRuntime;`,
    }));
    onLoad({ filter: /node_modules[\\/]sharp[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    onLoad({ filter: /node_modules[\\/]@img[\\/]colour[\\/]/ }, () => ({
      contents: `export default ({ r, g, b, alpha = 1 }) => {
        if (typeof r !== 'number') throw new TypeError('This package supports colours as numbers only.');
        return { red: () => r, green: () => g, blue: () => b, alpha: () => alpha };
      };`,
    }));
  },
});

/** Resolves a module to a bundle of its own. */
const external = (filter: RegExp, path: string): Plugin => ({
  name: 'external',
  setup: ({ onResolve }) => onResolve({ filter }, () => ({ path, external: true })),
});
/** The entry points are thin wrappers around the shared bundle. */
const shareStart = external(/^\.\/start\.ts$/, './lambda.mjs');
/** Loaded by the first URL of another resizer. */
const loadDialects = external(/^\.\/dialects\.ts$/, './compat.mjs');

/**
 * Code that runs before the addon is loaded: checks the platform (by Node's name of the architecture; the error names
 * Lambda's, as the template does), and defines `require`, which the CommonJS parts of sharp use.
 */
const banner = (arch: Arch) =>
  `if(process.arch!=='${arch}'||process.platform!=='linux')throw new Error('This package is for ${arch} on Linux, and this machine is '+process.arch+' on '+process.platform+': deploy it with Architecture=${arch === 'x64' ? 'x86_64' : arch}, or build it again with npm run build -- --arch '+process.arch);` +
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const baseOptions = (arch: Arch, outdir: string) =>
  ({
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
    // The Lambda runtime includes the AWS SDK.
    external: ['@img/sharp-*', '@aws-sdk/*'],
    banner: { js: banner(arch) },
    plugins: [stripSchemaProse, stubSharpInternals(arch)],
  }) satisfies BuildOptions;

/**
 * Writes the code of the package for one architecture.
 *
 * @param outdir path of a folder; files in it are overwritten
 * @param heic whether the worker that decodes HEIC is part of it
 * @returns paths of the bundled source files, and esbuild's description of each output file, such as its size in bytes
 */
export async function bundle(arch: Arch, outdir: string, heic = false) {
  const options = baseOptions(arch, outdir);
  const build = (files: Readonly<Record<string, string>>, extraOptions: BuildOptions) => {
    const entryPoints = Object.entries(files).map(([out, path]) => ({ in: path, out }));
    return esbuild({ ...options, ...extraOptions, entryPoints, metafile: true });
  };
  const builds = await Promise.all([
    // The SVG worker is a separate process, with sharp and little else. Each additional file costs 0.5 ms of a cold start.
    build(
      { lambda: 'src/lambda/start.ts', worker: 'src/svg/worker.ts' },
      { plugins: [...options.plugins, loadDialects], splitting: true, chunkNames: 'sharp' },
    ),
    build({ compat: 'src/compat/dialects.ts' }, { plugins: [] }),
    // A thread, started by the first HEIC.
    ...(heic ? [build({ 'heic-worker': 'src/heic/heic-worker.ts' }, { plugins: [] })] : []),
    // A copy of the core of its own: a chunk that both share would be one more file in each cold start of the image functions. Its
    // source map would be as large as the code in the zip, which each deployment uploads.
    build({ batch: 'src/lambda/batch.ts' }, { sourcemap: false }),
    // Named as in the `Handler` of the functions: index.handler, stream.handler, authorizer.handler, and batch.handler above.
    build(
      {
        index: 'src/lambda/buffered.ts',
        stream: 'src/lambda/streaming.ts',
        authorizer: 'src/lambda/authorizer.ts',
      },
      { plugins: [...options.plugins, shareStart] },
    ),
  ]);
  const merge = <Part>(parts: Record<string, Part>[]): Record<string, Part> => Object.assign({}, ...parts);
  return {
    inputs: Object.keys(merge(builds.map(({ metafile }) => metafile.inputs))),
    outputs: merge(builds.map(({ metafile }) => metafile.outputs)),
  };
}

/** Adds `server.mjs` to a package: the server of containers and other hosts. It has the AWS SDK, which no runtime adds there. */
export async function bundleServer(arch: Arch, outdir: string): Promise<void> {
  const entryPoints = [{ in: 'src/server/start.ts', out: 'server' }];
  await esbuild({ ...baseOptions(arch, outdir), external: ['@img/sharp-*'], entryPoints });
}
