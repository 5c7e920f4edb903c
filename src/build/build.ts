/**
 * npm run build [-- --arch x64|arm64] [--fonts FOLDER]: builds dist/, the deployment package of `sam deploy`: the bundled code,
 * the fonts, and sharp's native binaries for the target, installed from the lockfile and verified by its hashes.
 * npm run package: also writes it as one zip, for deployments without SAM.
 * With --heic, either adds the decoder of HEIC, for SOURCE_HEIC=on; with --server, server.mjs for hosts without Lambda.
 */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { edgeFunction } from '../generate/cloudfront-table.ts';
import { openapi } from '../generate/openapi.ts';
import { fontFiles } from '../svg/font-coverage.ts';
import { type Arch, bundle, bundleServer } from './bundle.ts';
import { npmCommand } from './npm.ts';
import { toZip } from './zip.ts';

const root = new URL('../../', import.meta.url);
const dist = new URL('dist/', root);
const run = promisify(execFile);

function readOptions() {
  const options = {
    arch: { type: 'string', default: 'arm64' },
    zip: { type: 'boolean', default: false },
    fonts: { type: 'string' },
    heic: { type: 'boolean', default: false },
    server: { type: 'boolean', default: false },
  } as const;
  const { arch, ...rest } = parseArgs({ options }).values;
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`--arch must be x64 or arm64, not ${arch}`);
  return { arch: arch as Arch, ...rest };
}

/**
 * Installs sharp's native binaries for the target, and nothing else of the lockfile. sharp finds its addon, and the addon
 * libvips, by their paths in node_modules: the folders keep them.
 */
async function installNative(arch: string): Promise<void> {
  const folder = new URL('install/', dist);
  await mkdir(folder);
  const names = [`sharp-linux-${arch}`, `sharp-libvips-linux-${arch}`].map((name) => `@img/${name}`);
  const { packages } = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8'));
  const optionalDependencies = Object.fromEntries(
    names.map((name) => [name, packages[`node_modules/${name}`].version]),
  );
  // Optional, because only then npm installs for another architecture than its own. Not `dev`, which they are for the project, as
  // sharp is an optional peer of the published package.
  const locked = names.map((name) => [`node_modules/${name}`, { ...packages[`node_modules/${name}`], dev: false }]);
  const lock = { lockfileVersion: 3, packages: { '': { optionalDependencies }, ...Object.fromEntries(locked) } };
  await writeFile(new URL('package.json', folder), JSON.stringify({ optionalDependencies }));
  await writeFile(new URL('package-lock.json', folder), JSON.stringify(lock));
  await copyFile(new URL('.npmrc', root), new URL('.npmrc', folder));
  const target = [`--cpu=${arch}`, '--os=linux', '--libc=glibc'];
  const { file, args, shell } = npmCommand(['ci', '--ignore-scripts', ...target], process.env, {
    node: process.execPath,
    platform: process.platform,
  });
  await run(file, args, { cwd: folder, shell });
  await mkdir(new URL('node_modules/@img/', dist), { recursive: true });
  for (const name of names)
    await rename(new URL(`node_modules/${name}`, folder), new URL(`node_modules/${name}`, dist));
  await rm(folder, { recursive: true });
}

/**
 * Copies the decoder of HEIC as it was installed from the lockfile: files of their own beside the code, which can be replaced, as
 * its licence (LGPL) demands.
 */
async function addHeicDecoder(): Promise<void> {
  const path = 'node_modules/libheif-js/';
  for (const file of [
    'package.json',
    'LICENSE',
    'libheif-wasm/LICENSE',
    'libheif-wasm/libheif.js',
    'libheif-wasm/libheif.wasm',
  ])
    await cp(new URL(path + file, root), new URL(path + file, dist));
}

/** Copies the fonts of a folder beside the included ones. Those below it are named by their path, since two may have one name. */
async function addFonts(folder: string): Promise<void> {
  const paths = fontFiles(folder);
  if (!paths.length) throw new Error(`--fonts: no fonts (.ttf, .otf, .ttc) in ${folder}`);
  for (const path of paths) {
    const name = relative(folder, path).replaceAll(/[\\/]/g, '-');
    await copyFile(path, new URL(`fonts/${encodeURIComponent(name)}`, dist));
  }
}

/** Packages that must not be bundled: development tools, and those that the runtime has. A careless import would add them. */
const EXCLUDED_PACKAGES = /node_modules\/(?:ajv|semver|@aws-sdk|@aws-lambda-powertools)\//;

async function main() {
  const { arch, zip, fonts, heic, server } = readOptions();
  await rm(dist, { recursive: true, force: true });
  const { inputs, outputs } = await bundle(arch, fileURLToPath(dist), heic);
  const excluded = inputs.filter((path) => EXCLUDED_PACKAGES.test(path));
  if (excluded.length) throw new Error(`The bundle must not contain: ${excluded.join(', ')}`);
  if (server) await bundleServer(arch, fileURLToPath(dist));
  await cp(new URL('src/svg/fonts/', root), new URL('fonts/', dist), { recursive: true });
  if (fonts !== undefined) await addFonts(fonts);
  await writeFile(new URL('openapi.json', dist), `${JSON.stringify(openapi(), null, 2)}\n`);
  // With its parameters as ${Name}, which Terraform and CloudFormation's Fn::Sub replace.
  await writeFile(new URL('cloudfront-function.js', dist), edgeFunction());
  await installNative(arch);
  if (heic) await addHeicDecoder();
  const code = Object.entries(outputs).filter(([path]) => path.endsWith('.mjs'));
  const bytes = code.reduce((sum, [, output]) => sum + output.bytes, 0);
  console.log(`Built dist/ for ${arch}: ${Math.round(bytes / 1000)} kB of code. Deploy with: npm run setup`);
  if (!zip) return;
  const archive = await toZip(fileURLToPath(dist));
  await writeFile(new URL(`pixgate-${arch}.zip`, root), archive);
  console.log(`Wrote pixgate-${arch}.zip: ${(archive.length / 1e6).toFixed(2)} MB.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
