/**
 * Restricts the loaders of libvips in this process to the buffer loaders that are named here. File loaders stay blocked
 * with the rest, so no string can become a path. SVG is read only in a separate process.
 */
import sharp from 'sharp';

// Not by import, which would read every export: 0.5 ms of CPU.
const threads = process.getBuiltinModule('node:worker_threads');

const RASTER = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'];
/** SVG, and the formats of images embedded in it that librsvg does not read, or not as browsers do. */
const WITH_SVG = ['Svg', 'Jpeg', 'Webp', 'Nsgif', 'Heif'];
const GIF = Buffer.from('R0lGODlhAQABAIAAAExpcf///yH5BAUAAAAALAAAAAABAAEAAAICTAEAOw==', 'base64');
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');

/** Returns whether libvips reads these bytes. */
const isReadable = (bytes: Buffer) =>
  sharp(bytes)
    .metadata()
    .then(
      () => true,
      () => false,
    );

/**
 * Blocks and unblocks the loaders of the whole process, and checks both: an image of the allowed kind must be read, one of
 * the other kind must not. libvips ignores misspelt class names without an error. Costs 1 ms.
 *
 * For a moment all loaders are blocked, the allowed ones too, while other threads of the process may read images:
 * therefore only one of several threads sets them, under a lock, before any of them continues. On Node below 24.5, which has no locks,
 * that holds only for threads that start after the first is ready. The main thread does not check first, which would cost
 * each cold start 2 ms: it must not call this after its threads have started.
 *
 * @param kind `raster` in every process but that of SVG, `svg` there, with the formats of embedded images
 * @throws Error if a loader is allowed that should be blocked, or blocked that should be allowed
 */
export async function allowLoaders(kind: 'raster' | 'svg'): Promise<void> {
  if (threads.isMainThread || !threads.locks) return setLoaders(kind);
  const setUnderLock = async (lock: unknown) => {
    if (lock && (await loaderError(kind))) await setLoaders(kind);
    return lock !== null;
  };
  // Asks again, because waiting for a lock would not keep a thread alive, and keeps the CPU busy in Node 24.
  while (!(await threads.locks.request('pixgate: loaders of libvips', { ifAvailable: true }, setUnderLock)))
    await new Promise((resolve) => setTimeout(resolve, 2));
}

async function setLoaders(kind: 'raster' | 'svg'): Promise<void> {
  const names = kind === 'raster' ? RASTER : WITH_SVG;
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: names.map((name) => `VipsForeignLoad${name}Buffer`) });
  const error = await loaderError(kind);
  if (error) throw new Error(error);
}

/** Tries an allowed and a blocked format. @returns what is wrong, or undefined */
async function loaderError(kind: 'raster' | 'svg'): Promise<string | undefined> {
  const [allowed, blocked] = kind === 'raster' ? [GIF, SVG] : [SVG, PNG];
  if (await isReadable(blocked)) return 'libvips still reads formats that were blocked';
  return (await isReadable(allowed)) ? undefined : 'libvips does not read formats that are allowed';
}
