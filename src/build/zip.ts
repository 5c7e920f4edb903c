/** A folder as one zip, the same bytes each time, so that a deployment can tell whether anything has changed. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** Unix, and readable by the user that a function runs as: without it Lambda cannot open a file. */
const MODE = { os: 3, attrs: 0o100644 << 16 } as const;

/** A zip has no time before this. */
const EPOCH = new Date(1980, 0, 1);

/** @param folder a path; links in it are left out */
export async function toZip(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files: Zippable = {};
  for (const path of paths.sort()) files[relative(folder, path).replaceAll(sep, '/')] = await readFile(path);
  return zipSync(files, { level: 9, mtime: EPOCH, ...MODE });
}
