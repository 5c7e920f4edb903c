/**
 * npm run release [-- --dry]: makes the files of a release in release/: the packages for both architectures, the template that
 * deploys them without SAM, the npm package, a bill of materials and checksums. Without --dry, it then tags the commit and
 * pushes the tag: the workflow `release` tests that commit, makes the same files, and publishes them.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { npmCommand } from './npm.ts';
import { checkRelease, pushTag } from './release-tag.ts';
import { releaseTemplate } from './release-template.ts';

const root = new URL('../../', import.meta.url);
const cwd = fileURLToPath(root);
const release = new URL('release/', root);
const read = (name: string) => readFileSync(new URL(name, root), 'utf8');
const write = (name: string, text: string) => writeFileSync(new URL(name, release), text);

/** Runs npm, with its messages in this terminal. @returns its output */
function npm(words: readonly string[], folder = cwd): string {
  const { node, platform } = { node: process.execPath, platform: process.platform };
  const { file, args, shell } = npmCommand(words, process.env, { node, platform });
  return execFileSync(file, args, {
    cwd: folder,
    shell,
    encoding: 'utf8',
    maxBuffer: 1e8,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/**
 * Returns the dependencies of the packages as CycloneDX, from the lockfile: those of the npm package, and sharp, which is a
 * development dependency, as it is an optional peer of the npm package, but part of the packages for Lambda.
 */
function billOfMaterials(): string {
  const { dependencies, devDependencies, ...manifest } = JSON.parse(read('package.json'));
  const { sharp, ...tools } = devDependencies;
  const deployed = { ...manifest, dependencies: { ...dependencies, sharp }, devDependencies: tools };
  const folder = mkdtempSync(join(tmpdir(), 'pixgate-bom-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(deployed));
  for (const name of ['package-lock.json', '.npmrc']) writeFileSync(join(folder, name), read(name));
  const bom = JSON.parse(npm(['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], folder));
  rmSync(folder, { recursive: true });
  // npm takes the name of the folder.
  bom.metadata.component.name = 'pixgate';
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** Returns a line of `sha256sum` for each file in release/. */
const checksums = () =>
  readdirSync(release)
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(new URL(name, release)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');

function makeFiles(version: string): void {
  rmSync(release, { recursive: true, force: true });
  mkdirSync(release);
  for (const arch of ['arm64', 'x64']) {
    npm(['run', 'package', '--', '--arch', arch]);
    renameSync(new URL(`pixgate-${arch}.zip`, root), new URL(`pixgate-${arch}.zip`, release));
  }
  write('pixgate.template.yaml', releaseTemplate(read('template.yaml'), version));
  npm(['pack', '--pack-destination', fileURLToPath(release)]);
  write('pixgate.cdx.json', billOfMaterials());
  write('checksums.txt', checksums());
}

function main(): void {
  const { dry } = parseArgs({ options: { dry: { type: 'boolean', default: false } } }).values;
  const { version } = JSON.parse(read('package.json'));
  if (!dry) checkRelease(cwd, version, read('CHANGELOG.md'));
  makeFiles(version);
  console.log(`Wrote release/:\n${read('release/checksums.txt')}`);
  if (dry) return;
  pushTag(cwd, version);
  console.log(`Pushed the tag v${version}. The workflow "release" publishes it.`);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
