/** The processing options of imgproxy, by their names and short names. Pure. */
import { type CropArea, readCrop } from './imgproxy-crop.ts';
import { readWatermark } from './imgproxy-watermark.ts';
import { decodeBase64, decodePart, NoCounterpart, type Query, toColour, toFormat, unsupported } from './old-url.ts';
import { PLACE_NAMES } from './positions.ts';

/** What the options say, each as it is given last. */
export interface Options {
  type: string;
  enlarge: boolean;
  extend: boolean;
  gravity: readonly string[];
  extendGravity: readonly string[];
  crop?: readonly string[];
  watermark: readonly string[];
  /** Parameters that need no other option. */
  query: Query;
}

type Apply = (options: Options, args: readonly string[], option: string) => void;

/** As Go's `strconv.ParseBool`; anything else is false, too. */
const isTrue = (text: string | undefined) => /^(?:1|t|true)$/i.test(text ?? '');

const setSide = (name: 'w' | 'h') => (options: Options, length: string | undefined) => {
  if (length) options.query[name] = length;
};
const setWidth = setSide('w');
const setHeight = setSide('h');
const setEnlarge = (options: Options, text: string | undefined) => {
  if (text) options.enlarge = isTrue(text);
};
const setExtend = (options: Options, [text, ...gravity]: readonly string[]) => {
  if (text) options.extend = isTrue(text);
  if (gravity[0]) options.extendGravity = gravity;
};

const size: Apply = (options, [w, h, enlarge, ...extend]) => {
  setWidth(options, w);
  setHeight(options, h);
  setEnlarge(options, enlarge);
  setExtend(options, extend);
};

/** An option with one argument, which is a parameter of pixgate. `0` or none removes it. */
const number =
  (name: string): Apply =>
  ({ query }, [value = '']) => {
    if (Number(value) === 0) delete query[name];
    else query[name] = value;
  };

/** An option that is on or off. */
const flag =
  (name: string, on?: string, off?: string): Apply =>
  ({ query }, [text]) => {
    const value = isTrue(text) ? on : off;
    if (value === undefined) delete query[name];
    else query[name] = value;
  };

const none: Apply = () => {};
const refuse: Apply = (_, __, option) => unsupported(option);

/** @param unless the value of an argument with which the option does nothing */
const rejectUnless =
  (unless: RegExp): Apply =>
  (_, [value = ''], option) =>
    unless.test(value) ? undefined : unsupported(option);

/** Magenta stands for transparency, whose borders pixgate finds by themselves. */
const trim: Apply = ({ query }, [threshold = '', colour, ...equal], option) => {
  if (equal.some(isTrue)) unsupported(option);
  query.trim = String(Math.max(1, Math.round(Number(threshold))));
  if (colour && !/^(?:ff00ff|f0f)$/i.test(colour)) query.tbg = toColour(colour);
};

const background: Apply = ({ query }, [first = '', ...others]) => {
  if (others.length) query.bg = toColour(`rgb(${[first, ...others].join(' ')})`);
  else if (first) query.bg = toColour(first);
  else delete query.bg;
};

const base64 = (text: string, option: string) => decodeBase64(text) ?? unsupported(`${option} without base64`);

const FULL: Readonly<Record<string, Apply>> = {
  resize: (options, [type, ...others], option) => {
    if (type) options.type = type;
    size(options, others, option);
  },
  size,
  resizing_type: (options, [type = 'fit']) => {
    options.type = type;
  },
  width: (options, [w]) => setWidth(options, w),
  height: (options, [h]) => setHeight(options, h),
  dpr: ({ query }, [dpr = '']) => {
    query.dpr = dpr;
  },
  enlarge: (options, [text]) => setEnlarge(options, text),
  extend: setExtend,
  // `contain` keeps the aspect ratio of its box.
  extend_aspect_ratio: setExtend,
  gravity: (options, args) => {
    options.gravity = args;
  },
  crop: (options, args) => {
    options.crop = args;
  },
  trim,
  rotate: number('ro'),
  flip: ({ query }, [horizontal, vertical]) => {
    if (isTrue(horizontal)) query.flop = '1';
    if (isTrue(vertical)) query.flip = '1';
  },
  background,
  // As CSS: the sides that are left out are those of the opposite ones.
  padding: ({ query }, sides, option) => {
    if (sides.some((side, i) => !side && i < sides.length)) unsupported(option);
    query.pad = sides.join();
  },
  saturation: ({ query }, [sat = '']) => {
    query.sat = sat;
  },
  blur: number('blur'),
  sharpen: number('sharp'),
  watermark: (options, args) => {
    options.watermark = args;
  },
  strip_metadata: flag('meta', undefined, 'keep'),
  keep_copyright: ({ query }, [text]) => {
    if (isTrue(text)) query.meta ??= 'copyright';
  },
  strip_color_profile: none,
  enforce_thumbnail: none,
  auto_rotate: rejectUnless(/^(?:1|t|true)$/i),
  quality: number('q'),
  max_bytes: number('mb'),
  format: ({ query }, [name = '']) => {
    query.f = name === 'best' ? 'auto' : toFormat(name);
  },
  page: ({ query }, [page = '']) => {
    query.page = page;
  },
  disable_animation: flag('n', '1'),
  cachebuster: ({ query }, [text = '']) => {
    if (text) query.v = text;
  },
  expires: number('exp'),
  filename: ({ query }, [name = '', isBase64], option) => {
    query.filename = isTrue(isBase64) ? base64(name, option) : decodePart(name);
  },
  return_attachment: flag('dl', '1'),
  fallback_image_url: ({ query }, [url = ''], option) => {
    if (url) query.default = base64(url, option);
  },
  preset: ({ query }, names, option) => {
    if (names.length > 1 || query.p !== undefined) throw new NoCounterpart(`${option}: pixgate takes one preset`);
    query.p = names[0] ?? '';
  },
};

/** Short names. Those of options without a counterpart are `refuse`d, so that a URL is known as one of imgproxy. */
const SHORT: Readonly<Record<string, string>> = {
  rs: 'resize',
  s: 'size',
  rt: 'resizing_type',
  w: 'width',
  h: 'height',
  el: 'enlarge',
  ex: 'extend',
  exar: 'extend_aspect_ratio',
  extend_ar: 'extend_aspect_ratio',
  g: 'gravity',
  c: 'crop',
  t: 'trim',
  rot: 'rotate',
  fl: 'flip',
  bg: 'background',
  pd: 'padding',
  sa: 'saturation',
  bl: 'blur',
  sh: 'sharpen',
  wm: 'watermark',
  sm: 'strip_metadata',
  kcr: 'keep_copyright',
  scp: 'strip_color_profile',
  eth: 'enforce_thumbnail',
  ar: 'auto_rotate',
  q: 'quality',
  mb: 'max_bytes',
  f: 'format',
  ext: 'format',
  pg: 'page',
  da: 'disable_animation',
  cb: 'cachebuster',
  exp: 'expires',
  fn: 'filename',
  att: 'return_attachment',
  fiu: 'fallback_image_url',
  pr: 'preset',
};

/** Options of imgproxy without a counterpart, and their short names. */
const OTHERS =
  'adjust a autoquality aq avif_options avifo background_alpha bga blur_areas ba blur_detections bd brightness br bypass_cache bc cache_tags ct colorize col contrast co crop_aspect_ratio crop_ar car crop_objects dpi draw_detections dd duotone dt format_quality fq gradient gr hashsum hs jpeg_options jpgo max_animation_frames maf max_animation_frame_resolution mafr max_result_dimension mrd max_src_file_size msfs max_src_resolution msr min-width mw min_width min-height mh min_height monochrome mc objects_position op obj_pos pages pgs pixelate pix png_options pngo progressive_blur pbl raw resizing_algorithm ra skip_processing skp style st unsharp_masking ush video_thumbnail_animation vta video_thumbnail_keyframes vtk video_thumbnail_second vts video_thumbnail_tile vtt watermark_rotate wm_rot wmr watermark_shadow wmsh watermark_size wms watermark_text wmt watermark_url wmu webp_options webpo zoom z';
const REFUSED = new Set(OTHERS.split(' '));

function find(name: string): Apply | undefined {
  const full = Object.hasOwn(SHORT, name) ? (SHORT[name] ?? name) : name;
  if (Object.hasOwn(FULL, full)) return FULL[full];
  return REFUSED.has(name) ? refuse : undefined;
}

const nameOf = (option: string) => option.split(':', 1)[0] ?? '';

/** Whether a segment of a path is an option. */
export const isOption = (segment: string): boolean => segment.includes(':') && find(nameOf(segment)) !== undefined;

const PLACES = new Map(PLACE_NAMES);

/** Returns the alignment of a gravity without offsets. */
function toAlignment([type = '', x = '', y = '']: readonly string[]): Query {
  if (type === 'sm') return { a: 'attention' };
  if (type === 'fp') return { fpx: x, fpy: y };
  if (Number(x) !== 0 || Number(y) !== 0) throw new NoCounterpart(`the offsets of g:${type} have no counterpart`);
  return { a: PLACES.get(type) ?? unsupported(`g:${type}`) };
}

const FITS: Readonly<Record<string, Query>> = {
  fit: {},
  fill: { fit: 'cover' },
  'fill-down': { fit: 'cover' },
  force: { fit: 'fill' },
};

/** Returns the fit of a box: it is padded or cropped only if it has both sides. */
function toFit({ type, extend, gravity, extendGravity, query }: Options): Query {
  const fit = Object.hasOwn(FITS, type) ? FITS[type] : undefined;
  if (!fit) unsupported(`the resizing type ${type}`);
  const isBox = Number(query.w ?? 0) !== 0 && Number(query.h ?? 0) !== 0;
  if (!isBox) return type === 'force' ? fit : {};
  if (fit.fit === 'cover') return { ...fit, ...withoutCentre(toAlignment(gravity)) };
  return extend && type === 'fit' ? { fit: 'contain', ...withoutCentre(toAlignment(extendGravity)) } : fit;
}

const withoutCentre = (query: Query): Query => (query.a === 'center' ? {} : query);

const CENTRE = ['ce'];

/** Returns the crop before the resize. Its gravity is that of the image, unless it has one itself. */
function toCrop({ crop, gravity }: Options): Query {
  if (!crop) return {};
  const [width = '0', height = '0', ...own] = crop;
  const [type = 'ce', x = '0', y = '0'] = own[0] ? own : gravity;
  const area: CropArea = { width: Number(width), height: Number(height), type, x: Number(x || 0), y: Number(y || 0) };
  return readCrop(area);
}

/**
 * Returns the query of processing options.
 *
 * @param segments `name:argument:…`
 * @throws NoCounterpart
 */
export function readOptions(segments: readonly string[]): Query {
  const options: Options = {
    type: 'fit',
    enlarge: false,
    extend: false,
    gravity: CENTRE,
    extendGravity: CENTRE,
    watermark: [],
    query: {},
  };
  for (const segment of segments) {
    const [name = '', ...args] = segment.split(':');
    (find(name) ?? refuse)(options, args, segment);
  }
  const { w, h, ...query } = options.query;
  const sides: Query = { ...(Number(w ?? 0) !== 0 && { w }), ...(Number(h ?? 0) !== 0 && { h }) };
  const mark = readWatermark(options.watermark, Number(query.dpr ?? 1));
  const hasSize = Object.keys(sides).length > 0;
  return {
    ...sides,
    ...toFit(options),
    ...(hasSize && !options.enlarge && { we: '1' }),
    ...toCrop(options),
    ...query,
    ...mark,
  };
}
