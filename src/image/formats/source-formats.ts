/**
 * The formats that are read, in one table: `Format`, the sniffer, `Accept` to origins, the messages of errors, `f=json` and the
 * table of the docs are made of it. A format that is added is a row here and a reader. Pure.
 */
import { ImageError } from '../../errors.ts';

/** Settings of a deployment that switch a format on or off. */
export interface FormatSettings {
  readonly sourceSvg: 'on' | 'off';
  readonly sourceHeic: 'on' | 'off';
}

interface SourceFormat {
  /** The name in messages and docs. */
  readonly name: string;
  /** Media types (IANA), the one that `Accept` names first. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** Matches the first bytes of a file, as latin1; undefined where the sniffer looks further. */
  readonly magic: RegExp | undefined;
  /** The decoder, and its licence (SPDX). */
  readonly decoder: string;
  readonly licence: string;
  /**
   * Maximum CPU milliseconds per megapixel to decode, on one vCPU (x86-64), of a photograph and of noise at 1500 × 1500. 0: the
   * decoder is a process with a timeout of its own.
   */
  readonly decodeMs: number;
  /** The setting that switches it, by its variable; undefined: always read. */
  readonly setting?: { readonly name: keyof FormatSettings; readonly variable: string; readonly default: 'on' | 'off' };
}

/** In the order of `Accept`: what compresses best first; last what needs a setting. */
export const SOURCE_FORMATS = {
  avif: {
    name: 'AVIF',
    mediaTypes: ['image/avif'],
    magic: undefined,
    decoder: 'libheif, libaom',
    licence: 'LGPL-3.0-or-later, BSD-2-Clause',
    // Without loss up to 700.
    decodeMs: 280,
  },
  webp: {
    name: 'WebP',
    mediaTypes: ['image/webp'],
    magic: /^RIFF[\s\S]{4}WEBP/,
    decoder: 'libwebp',
    licence: 'BSD-3-Clause',
    decodeMs: 65,
  },
  png: {
    name: 'PNG',
    mediaTypes: ['image/png'],
    magic: /^\x89PNG\r\n\x1a\n/,
    decoder: 'libpng',
    licence: 'libpng-2.0',
    decodeMs: 45,
  },
  jpeg: {
    name: 'JPEG',
    mediaTypes: ['image/jpeg'],
    magic: /^\xff\xd8\xff/,
    decoder: 'mozjpeg',
    licence: 'IJG, BSD-3-Clause',
    decodeMs: 30,
  },
  gif: {
    name: 'GIF',
    mediaTypes: ['image/gif'],
    magic: /^GIF8[79]a/,
    decoder: 'libnsgif',
    licence: 'MIT',
    decodeMs: 20,
  },
  svg: {
    name: 'SVG',
    mediaTypes: ['image/svg+xml'],
    magic: undefined,
    decoder: 'librsvg, in a process of its own',
    licence: 'LGPL-2.1-or-later',
    decodeMs: 0,
    setting: { name: 'sourceSvg', variable: 'SOURCE_SVG', default: 'on' },
  },
  tiff: {
    name: 'TIFF',
    mediaTypes: ['image/tiff'],
    magic: /^(?:II[*+]\0|MM\0[*+])/,
    decoder: 'libtiff',
    licence: 'libtiff',
    decodeMs: 45,
  },
  bmp: {
    name: 'BMP',
    mediaTypes: ['image/bmp', 'image/x-ms-bmp'],
    // The file header, and the length of the header after it: text may begin with BM, too.
    magic: /^BM[\s\S]{12}[\x0c-\x7c]\0\0\0/,
    decoder: 'of our own',
    licence: 'MIT',
    decodeMs: 40,
  },
  ico: {
    name: 'ICO',
    mediaTypes: ['image/vnd.microsoft.icon', 'image/x-icon'],
    // An icon (1) or a cursor (2) with any image.
    magic: /^\0\0[\x01\x02]\0(?!\0\0)[\s\S]{2}/,
    decoder: 'of our own; of PNG inside, that of PNG',
    licence: 'MIT',
    decodeMs: 45,
  },
  heic: {
    name: 'HEIC',
    mediaTypes: ['image/heic', 'image/heif'],
    magic: undefined,
    decoder: 'libheif, libde265 (`libheif-js`, optional), in a thread of its own',
    licence: 'LGPL-3.0-or-later',
    decodeMs: 130,
    setting: { name: 'sourceHeic', variable: 'SOURCE_HEIC', default: 'off' },
  },
} as const satisfies Readonly<Record<string, SourceFormat>>;

/** Supported source formats. */
export type Format = keyof typeof SOURCE_FORMATS;

/** The rows of the table, with their formats. */
export const sourceFormats = Object.entries(SOURCE_FORMATS) as readonly (readonly [Format, SourceFormat])[];

const isOn = ({ setting }: SourceFormat, settings: Partial<FormatSettings>) =>
  !setting || (settings[setting.name] ?? setting.default) === 'on';

/** Returns the formats that a deployment reads. */
export const readFormats = (settings: FormatSettings): Format[] =>
  sourceFormats.filter(([, row]) => isOn(row, settings)).map(([format]) => format);

/**
 * Returns `Accept` for origins (RFC 9110, 12.5.1): it names what the deployment reads, and nothing else that an origin could
 * choose instead. The last range, of lowest quality, is for those that would refuse a file without a media type of its own (406).
 */
export const acceptHeader = (settings: FormatSettings): string =>
  [...readFormats(settings).map((format) => SOURCE_FORMATS[format].mediaTypes[0]), '*/*;q=0.1'].join(',');

const list = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** A sentence that names what is read, and what only with a setting. */
export const SUPPORTED_INPUTS = `Supported inputs: ${list(
  sourceFormats.map(([, { name, setting }]) =>
    setting?.default === 'off' ? `${name} (with ${setting.variable}=on)` : name,
  ),
)}.`;

/** Returns the error of a format that is switched off. It names the setting. */
export function disabledError(format: Format): ImageError {
  const { name, setting }: SourceFormat = SOURCE_FORMATS[format];
  const message =
    setting?.default === 'off'
      ? `${name} is not supported in this deployment: set ${setting.variable}=on. ${SUPPORTED_INPUTS}`
      : `The source is ${name}, which is disabled in this deployment: ${setting?.variable}=off.`;
  return new ImageError('SOURCE_UNSUPPORTED', message);
}

/** @throws ImageError SOURCE_UNSUPPORTED, naming the setting, if this deployment does not read the format */
export function assertEnabled(format: Format, settings: FormatSettings): void {
  if (!isOn(SOURCE_FORMATS[format], settings)) throw disabledError(format);
}

/** Describes the formats for `f=json`: which of them the deployment reads, what decodes them, and at what cost. */
export const describeFormats = (settings: FormatSettings) =>
  sourceFormats.map(([format, row]) => ({
    format,
    types: row.mediaTypes,
    enabled: isOn(row, settings),
    setting: row.setting?.variable,
    decoder: row.decoder,
    licence: row.licence,
    ...(row.decodeMs && { msPerMegapixel: row.decodeMs }),
  }));
