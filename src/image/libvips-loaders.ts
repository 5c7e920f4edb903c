/**
 * What libvips may read in this process: nothing, but for the buffer loaders that are named. Loaders of files stay
 * blocked with the rest, so no string can ever become a path; drawings are read in a process of their own only.
 */
import sharp from 'sharp';

// As in connect.ts: an import would read every export, 0.5 ms of CPU.
const threads = process.getBuiltinModule('node:worker_threads');

const RASTER = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'];
const GIF = Buffer.from('R0lGODlhAQABAIAAAExpcf///yH5BAUAAAAALAAAAAABAAEAAAICTAEAOw==', 'base64');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');

const opens = (bytes: Buffer) =>
  sharp(bytes)
    .metadata()
    .then(
      () => true,
      () => false,
    );

/**
 * Sets it for the whole process. A misspelt class name is taken by libvips without a word and does nothing, so both
 * sides are tried: a picture of the allowed kind and one of the other. Costs 1 ms.
 *
 * Other threads of the process read pictures meanwhile, and for a moment all are blocked, the allowed ones, too: of several
 * threads one sets it, before any of them goes on. On a Node below 24.5, which has no locks, that holds only for threads that
 * begin after the first is ready. The main thread does not look first, which would cost each cold start 2 ms: it must not begin
 * after its threads.
 *
 * @throws Error when a loader is open that should not be, or the other way round
 */
export async function allowLoaders(kind: 'raster' | 'drawing'): Promise<void> {
  if (threads.isMainThread || !threads.locks) return set(kind);
  await threads.locks.request('pixgate: loaders of libvips', async () => {
    if (await fault(kind)) await set(kind);
  });
}

async function set(kind: 'raster' | 'drawing'): Promise<void> {
  const names = kind === 'raster' ? RASTER : ['Svg'];
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: names.map((name) => `VipsForeignLoad${name}Buffer`) });
  const what = await fault(kind);
  if (what) throw new Error(what);
}

/** @returns what is not as it must be */
async function fault(kind: 'raster' | 'drawing'): Promise<string | undefined> {
  const [good, bad] = kind === 'raster' ? [GIF, SVG] : [SVG, GIF];
  if (await opens(bad)) return 'libvips still reads formats that were blocked';
  return (await opens(good)) ? undefined : 'libvips no longer reads formats that are allowed';
}
