/** Renders the box that is shown instead of an image that failed. */
import sharp from 'sharp';
import type { ImageOptions } from '../options.ts';
import type { Colour } from './colour.ts';
import type { RenderedImage } from './job.ts';
import type { PlanLimits } from './limits.ts';
import { resize } from './resize.ts';

/** @param options the size, format and shape of the box; the colour is that of its one pixel */
export async function renderPlaceholder(
  { r, g, b }: Pick<Colour, 'r' | 'g' | 'b'>,
  options: ImageOptions,
  accept: string | undefined,
  limits: PlanLimits,
): Promise<RenderedImage> {
  const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
  return resize({ source: { bytes, format: 'png' }, options, accept, limits });
}
