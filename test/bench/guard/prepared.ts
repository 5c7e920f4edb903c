/** What the counted programs are given: the pictures, and an origin that has a tiny one. */
import sharp from 'sharp';
import { startOrigin } from '../../origin.ts';
import { loadSources } from '../source-files.ts';
import type { GuardJob } from './work.ts';

export async function prepareSources(): Promise<{ load: GuardJob; close: () => Promise<void> }> {
  const made = await loadSources();
  const sources = Object.fromEntries(Object.entries(made).map(([role, { bytes }]) => [role, bytes]));
  // Of this one, the picture is the smaller part of the cost.
  const tiny = await sharp(made.small.bytes).resize(32).jpeg().toBuffer();
  const headers = { etag: '"1"', 'cache-control': 'max-age=86400' };
  const { url, close } = await startOrigin({ '/tiny': { body: tiny, headers } });
  return { load: { does: 'load', sources: { ...sources, tiny }, tiny: `${url}/tiny` }, close };
}
