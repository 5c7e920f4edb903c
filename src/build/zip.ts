/** Packs a folder into a reproducible zip: equal files give equal bytes, so that a deployment detects changes. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** Unix file mode 0644: without it the user of the Lambda function cannot read the files. */
const MODE = { os: 3, attrs: 0o100644 << 16 } as const;

/** The earliest time that the zip format has. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/** Returns the zip of all regular files below a folder, in the order of their paths. @param folder a path; symbolic links in it are left out */
export async function toZip(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files: Zippable = {};
  for (const path of paths.sort()) files[relative(folder, path).replaceAll(sep, '/')] = await readFile(path);
  return zipSync(files, { level: 9, mtime: ZIP_EPOCH, ...MODE });
}
