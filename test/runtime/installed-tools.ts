/** Installs tools that the suite needs, once, into the user's cache and outside of the product's dependencies. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pixgate');

/** Returns the folder of a tool for this machine, which may not exist yet. */
export const toolFolder = (name: string) => join(root, `${name}-${process.platform}-${process.arch}`);

/**
 * Creates a folder atomically, once: it is filled under another name, and then renamed.
 *
 * @param make fills the folder
 * @throws whatever `make` throws
 */
export async function once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = toolFolder(name);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  const making = await mkdtemp(`${folder}-`);
  try {
    await make(making);
    await rename(making, folder);
  } catch (error) {
    // Another run may have created it meanwhile.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

/** Transitive dependencies are resolved as of this date. */
const BEFORE = '2026-11-20';

/** Installs packages from npm. @param packages name → exact version */
export async function npmInstall(
  folder: string,
  packages: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  // npm runs the install scripts of packages that are named here only.
  const allowScripts = Object.fromEntries(Object.keys(packages).map((name) => [name, true]));
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: packages, allowScripts }),
  );
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `--before=${BEFORE}`], {
    cwd: folder,
    env: { ...process.env, ...env },
    maxBuffer: 1e8,
  });
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Lists the programs that are not installed on this machine. */
export const missing = (programs: readonly string[]): string[] => {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return programs.filter((program) => !folders.some((folder) => isProgram(join(folder, program))));
};
