/** Files whose output does not look as Chromium shows the source, and why. */
const PARTIAL_END = 'ends early; Chromium leaves out two rows more, which wait for their neighbours';
const NOTHING = 'truncated: Chromium paints nothing of it';
const CMYK = 'CMYK without a profile is converted by one of print; Chromium multiplies the inks';
const GLYPHS = 'a script that Open Sans has no glyphs of';
const THIN = 'lines of one pixel, which two scalers draw differently';

const FONT = 'another font';
const LASTING = 'an animation, in the state that lasts; Chromium paints its first moment';
const NAMED = 'not drawn as in Chromium, and named by the header Pixgate-SVG';
/** Reasons of files that differ little: with another version of Chromium they may be alike. */
export const BORDERLINE: readonly string[] = [PARTIAL_END, THIN, FONT];

export const ACCEPTED: Readonly<Record<string, string>> = {
  'cases/files/B02-no-eoi.jpg': PARTIAL_END,
  'cases/files/C02-ycck.jpg': CMYK,
  'cases/files/C03-cmyk-nomarker.jpg': CMYK,
  'cases/files/L11-bomb-19000.png': 'beyond the limit of pixels',
  'cases/files/O13-exif-6.webp': 'Chromium ignores the EXIF orientation of a WebP',
  'cases/files/V03-no-size.svg': 'without a size and a view box; the canvas draws 300 × 150',
  'cases/files/V09-xxe.svg': 'an external entity is refused',
  'cases/files/V12-text.svg': FONT,
  'svg/alignb.svg': FONT,
  'svg/anim-fillfreeze.svg': LASTING,
  'svg/anim-motion.svg': LASTING,
  'svg/baseline-h.svg': FONT,
  'svg/baseline-tb.svg': FONT,
  'svg/baseline.svg': FONT,
  'svg/br-tspan.svg': FONT,
  'svg/calc-css.svg': NAMED,
  'svg/clip-circle.svg': NAMED,
  'svg/clip-inset.svg': NAMED,
  'svg/clip-path-fn.svg': NAMED,
  'svg/clip-poly.svg': NAMED,
  'svg/clip-text.svg': FONT,
  'svg/col-mix.svg': NAMED,
  'svg/css-anim-fill.svg': LASTING,
  'svg/css-anim.svg': LASTING,
  'svg/d-css.svg': NAMED,
  'svg/f-bright.svg': NAMED,
  'svg/f-contrast.svg': NAMED,
  'svg/f-gray.svg': NAMED,
  'svg/f-inv.svg': NAMED,
  'svg/f-sat.svg': NAMED,
  'svg/font-short.svg': FONT,
  'svg/fontsize-pc.svg': FONT,
  'svg/has.svg': NAMED,
  'svg/img-slice.svg': 'an embedded SVG that is sliced, which librsvg scales to the whole box',
  'svg/italic.svg': FONT,
  'svg/minwidth.svg': NAMED,
  'svg/pathlength.svg': NAMED,
  'svg/root-bg-image.svg': NAMED,
  'svg/root-filter.svg': NAMED,
  'svg/text-lists.svg': FONT,
  'svg/text-rotate.svg': NAMED,
  'svg/textlength-g.svg': NAMED,
  'svg/textlength.svg': NAMED,
  'svg/textpath.svg': NAMED,
  'svg/transform-text.svg': NAMED,
  'svg/underline.svg': FONT,
  'svg/w600.svg': FONT,
  'svg/writing.svg': FONT,
  'truncated/60.avif': NOTHING,
  'truncated/60.webp': NOTHING,
  'wild/W08-a4.svg': THIN,
  'wild/W15-px.svg': THIN,
  'wild/W39-d.svg': 'an external entity is refused',
  'wild/W46-d.svg': GLYPHS,
  'wild/W47-d.svg': GLYPHS,
  'wild/W77-frame.png': THIN,
  'wild/W80-far.png': THIN,
  'wild/std-blue-part.jpg': PARTIAL_END,
};
