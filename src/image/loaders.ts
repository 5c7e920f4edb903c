/**
 * What libvips may read in this process: nothing, but for the buffer loaders that are named. Loaders of files stay
 * blocked with the rest, so no string can ever become a path; drawings are read in a process of their own only.
 */
import sharp from 'sharp';

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
 * @throws Error when a loader is open that should not be, or the other way round
 */
export async function allowLoaders(kind: 'raster' | 'drawing'): Promise<void> {
  const names = kind === 'raster' ? RASTER : ['Svg'];
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: names.map((name) => `VipsForeignLoad${name}Buffer`) });
  const [good, bad] = kind === 'raster' ? [GIF, SVG] : [SVG, GIF];
  if (await opens(bad)) throw new Error('libvips still reads formats that were blocked');
  if (!(await opens(good))) throw new Error('libvips no longer reads formats that are allowed');
}
