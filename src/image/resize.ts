/** Bytes and options in, finished picture out: header, plan, decode, effects, encode. All in memory. */
import sharp from 'sharp';
import type { ImageOptions } from '../options.ts';
import { trimSource } from './decode.ts';
import type { DownscaledSources } from './downscaled-sources.ts';
import { describeSource, makePlaceholder } from './info.ts';
import type { Job, RenderedImage } from './job.ts';
import { allowLoaders } from './libvips-loaders.ts';
import { candidateFormats, isMetadataFormat } from './negotiate.ts';
import { openSource } from './open.ts';
import { checkSource, plan } from './plan.ts';
import { orCorrupt, render } from './render.ts';

// No picture is made twice in the same way here, so libvips' cache of operations would only hold memory.
sharp.cache(false);
// One thread for a picture, and one picture for each vCPU: with two, as sharp has it beside MALLOC_ARENA_MAX, a picture takes 3 to 7 % more CPU.
sharp.concurrency(1);
await allowLoaders('raster');

/** Other bytes may be made of the same query when this changes: raise the first number with the encoders' settings. */
export const encoderVersion = `4 ${sharp.versions.sharp}`;

/**
 * Makes what was asked for. Upright, in sRGB, without metadata unless `meta` keeps some; transparency stays where the
 * format has it and goes on a colour where not.
 *
 * @param copies of sources that are asked for again, where such are kept
 * @throws ImageError IMAGE_TOO_LARGE, IMAGE_CORRUPT
 */
export async function resize(job: Job, copies?: DownscaledSources): Promise<RenderedImage> {
  const { source, options, accept, limits } = job;
  const whole = options.f === 'json' || options.meta !== 'none';
  const opened = await openSource(source, options.page, limits, whole);
  checkSource(opened.info, limits);
  const ready = options.trim === undefined ? opened : await orCorrupt(trimSource(opened, options));
  // What is trimmed is turned by its quarters already.
  const wanted = ready.info.decodedFrom === 'pixels' && options.ro % 90 === 0 ? { ...options, ro: 0 } : options;
  const formats = (f: ImageOptions['f']) => candidateFormats(f, source.format, accept, limits.avifAuto === 'on');
  if (options.f === 'json')
    return describeSource(job, opened, options.explain ? plan(ready.info, wanted, formats('auto'), limits) : undefined);
  if (isMetadataFormat(options.f)) return orCorrupt(makePlaceholder(options.f, ready, wanted));
  const possible = formats(options.f);
  const rendered = await render({
    job: { ...job, options: wanted },
    opened: ready,
    plan: plan(ready.info, wanted, possible, limits),
    formats: possible,
    downscaledSources: copies,
  });
  return dataUrl(rendered, options);
}

function dataUrl(result: RenderedImage, { encoding }: ImageOptions): RenderedImage {
  if (encoding === undefined || typeof result.data === 'string') return result;
  return {
    ...result,
    data: `data:${result.type};base64,${result.data.toString('base64')}`,
    type: 'text/plain; charset=utf-8',
  };
}
