/** The presets of a batch: how they are written, and of which images each consists. Pure. */

/** Accept headers of clients without WebP, with WebP, and with AVIF; a browser that shows AVIF shows WebP. */
export const acceptHeaders = (avif: boolean): readonly string[] => [
  '',
  'image/webp',
  ...(avif ? ['image/avif,image/webp'] : []),
];

/** Splits `thumb@2x` into the parameters of a request. */
export function presetParameters(preset: string): { readonly p: string; readonly dpr?: string } {
  const [, p = preset, dpr] = /^(.*)@([0-9.]+)x$/.exec(preset) ?? [];
  return { p, ...(dpr !== undefined && { dpr }) };
}

/** Returns a list as in BATCH_PRESETS. */
export const splitPresets = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
