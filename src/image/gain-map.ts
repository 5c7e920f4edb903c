/** Keeps the HDR gain map of a JPEG in a JPEG (`hdr=keep`): scaled, cropped and rotated as the image is. */
import sharp, { type Sharp } from 'sharp';
import type { ImageOptions } from '../options.ts';
import { toUpright } from './decode.ts';
import { hasEffects } from './effects.ts';
import { encode, MEDIA_TYPES } from './encode.ts';
import { attachGainMap, findGainMap, type GainMapFile } from './formats/gain-map.ts';
import type { Job, RenderedImage } from './job.ts';
import { checkPixels } from './limits.ts';
import { DECODER_OPTIONS, type OpenedSource } from './open.ts';
import type { Plan } from './plan.ts';
import { area, quarterTurnedSize, type Rect, type Size } from './size.ts';
import { runPipeline, type TimeLimit } from './time-limit.ts';

/**
 * Why an output has no gain map: there is none in the source, or not with metadata of a known kind; the output is no JPEG; an operation that
 * moves or changes pixels in a way the map cannot follow; colours in a map of three channels for another colour space; a
 * maximum of bytes.
 */
export type SdrReason = 'source' | 'format' | 'operation' | 'colours' | 'bytes';

/** Quality of the map: its artefacts would be seen as bright spots. */
const MIN_MAP_QUALITY = 75;

/** Returns the gain map of a source, if it has one that may be decoded. @throws ImageError IMAGE_TOO_LARGE */
export function gainMapOf({ jpeg, file, info, isTruncated }: OpenedSource, { limits }: Job): GainMapFile | undefined {
  const found = jpeg && info.decodedFrom === 'file' && !isTruncated ? findGainMap(file, jpeg) : undefined;
  if (!found || area(found) > area(info)) return undefined;
  checkPixels('jpeg', found, limits);
  return found;
}

/** Returns why the map cannot follow; undefined if it can. */
export function sdrReason(
  map: GainMapFile | undefined,
  { metadata, input }: OpenedSource,
  plan: Plan,
  options: ImageOptions,
): SdrReason | undefined {
  if (!map) return 'source';
  if (plan.format !== 'jpg') return 'format';
  const isSmart = plan.cover && 'strategy' in plan.cover;
  // A background has no effect on a JPEG, which is opaque.
  const { bg: _, ...others } = options;
  const isChanged = hasEffects(others) || options.mark !== undefined;
  if (isSmart || plan.contain || plan.border || plan.angle || options.trim !== undefined || isChanged)
    return 'operation';
  // The output is in sRGB: a map with one value for all three channels does not depend on the primaries.
  if (map.channels === 3 && metadata.icc && !input.ignoreIcc) return 'colours';
  return options.mb === undefined ? undefined : 'bytes';
}

/** Size of the whole map, so that a crop of it is that of the image: the crop before scaling is one after it. */
function scaleMap(image: Sharp, from: Size, { preCrop, scaled }: Plan): { image: Sharp; crop: Rect | undefined } {
  if (!preCrop) return { image: image.resize({ ...scaled, fit: 'fill' }), crop: undefined };
  const [x, y] = [scaled.width / preCrop.width, scaled.height / preCrop.height];
  const whole = { width: Math.round(from.width * x), height: Math.round(from.height * y) };
  const left = Math.min(whole.width - scaled.width, Math.round(preCrop.left * x));
  const top = Math.min(whole.height - scaled.height, Math.round(preCrop.top * y));
  return { image: image.resize({ ...whole, fit: 'fill' }), crop: { ...scaled, left, top } };
}

/** Bytes that a map takes on its way, for each pixel of it in the source, and when it is scaled. */
const MAP_BYTES_PER_PIXEL = 8;

/** Renders the map as the image was rendered, in the end as many times smaller as it was. */
async function renderMap(
  map: GainMapFile,
  { info }: OpenedSource,
  plan: Plan,
  options: ImageOptions,
  limit: TimeLimit,
): Promise<Buffer> {
  const { width, height } = map;
  const input = { ...DECODER_OPTIONS, limitInputPixels: width * height, ignoreIcc: true } as const;
  const pixels = async (image: Sharp) => {
    const { data, info: raw } = await runPipeline(image.raw(), limit);
    return sharp(data, {
      raw: { width: raw.width, height: raw.height, channels: raw.channels },
      limitInputPixels: false,
    });
  };
  const upright = await toUpright(sharp(map.bytes, input), info.orientation, plan.quarterTurns, pixels);
  const { image, crop } = scaleMap(upright, quarterTurnedSize(info, plan.quarterTurns), plan);
  let output = await pixels(image);
  const steps = [crop, plan.cover && 'left' in plan.cover ? plan.cover : undefined];
  for (const rect of steps) if (rect) output = await pixels(output.extract(rect));
  if (options.flip || options.flop) output = await pixels(output.flip(options.flip).flop(options.flop));
  if (plan.postCrop) output = await pixels(output.extract(plan.postCrop));
  const factor = Math.max(1, Math.round(Math.sqrt(area(info) / area(map))));
  const smaller = { width: Math.ceil(plan.width / factor), height: Math.ceil(plan.height / factor) };
  if (factor > 1) output = await pixels(output.resize({ ...smaller, fit: 'fill' }));
  const settings = { ...options, q: Math.max(MIN_MAP_QUALITY, options.q), il: false };
  const encoder = encode(map.channels === 1 ? output.toColourspace('b-w') : output, 'jpg', settings, undefined);
  return (await runPipeline(encoder, limit)).data;
}

/**
 * Attaches the gain map of a source to a rendered JPEG.
 *
 * @param rendered by this plan; the format may be another one, to meet a limit
 * @param input.opened the file, also where its pixels were trimmed
 * @param input.map from `gainMapOf`
 * @param reserve waits until so many bytes fit into the memory of the process
 * @returns the image, and in `hdr` whether it has a map or why not
 * @throws ImageError as `runPipeline`
 */
export async function withGainMap(
  rendered: RenderedImage,
  { job, opened, plan, map }: { job: Job; opened: OpenedSource; plan: Plan; map: GainMapFile | undefined },
  { limit, reserve }: { limit: TimeLimit; reserve: (bytes: number) => Promise<void> },
): Promise<RenderedImage> {
  const { options, limits, maxResponseBytes = Number.POSITIVE_INFINITY } = job;
  const reason = rendered.type === MEDIA_TYPES.jpg ? sdrReason(map, opened, plan, options) : map ? 'format' : 'source';
  if (reason || !map || typeof rendered.data === 'string') return { ...rendered, hdr: `sdr=${reason ?? 'source'}` };
  const { preCrop, scaled } = plan;
  // A crop before scaling needs the whole scaled map.
  const enlarged = preCrop ? area(opened.info) / area(preCrop) : 1;
  if (area(scaled) * enlarged > limits.resultMaxPixels) return { ...rendered, hdr: 'sdr=operation' };
  await reserve((area(map) + area(scaled) * enlarged) * MAP_BYTES_PER_PIXEL);
  const data = attachGainMap(rendered.data, await renderMap(map, opened, plan, options, limit), map);
  return data.length > maxResponseBytes ? { ...rendered, hdr: 'sdr=bytes' } : { ...rendered, data, hdr: 'gain-map' };
}
