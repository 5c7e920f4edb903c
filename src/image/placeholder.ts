/** Renders the box that is shown instead of an image that failed. */
import sharp from 'sharp';
import type { Turn } from '../concurrency/turn.ts';
import type { Colour } from './colour.ts';
import type { Job, RenderedImage } from './job.ts';
import { resize } from './resize.ts';

/** @param job with the size, format and shape of the box; the colour is that of its one pixel */
export async function renderPlaceholder(
  { r, g, b }: Pick<Colour, 'r' | 'g' | 'b'>,
  job: Omit<Job, 'source'>,
  how: { signal: AbortSignal } & Turn,
): Promise<RenderedImage> {
  const bytes = await sharp({ create: { width: 1, height: 1, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
  return resize({ ...job, source: { bytes, format: 'png' } }, undefined, how);
}
