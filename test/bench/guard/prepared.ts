/** Prepares the counted programs: the source images, and an origin with a tiny one. */
import sharp from 'sharp';
import { startOrigin } from '../../origin.ts';
import { loadSources } from '../source-files.ts';
import type { GuardJob } from './work.ts';

export async function prepareSources(): Promise<{ load: GuardJob; close: () => Promise<void> }> {
  const images = await loadSources();
  const sources = Object.fromEntries(Object.entries(images).map(([role, { bytes }]) => [role, bytes]));
  // For a tiny image, rendering is the smaller part of the cost.
  const tiny = await sharp(images.small.bytes).resize(32).jpeg().toBuffer();
  const headers = { etag: '"1"', 'cache-control': 'max-age=86400' };
  const { url, close } = await startOrigin({ '/tiny': { body: tiny, headers } });
  return { load: { does: 'load', sources: { ...sources, tiny }, tiny: `${url}/tiny` }, close };
}
