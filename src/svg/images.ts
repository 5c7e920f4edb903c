/** The images that are embedded in an SVG as `data:` URLs: only these are drawn. */
import sharp from 'sharp';
import { ImageError } from '../errors.ts';
import { parseJpeg } from '../image/formats/jpeg.ts';
import { withoutCompressedText } from '../image/formats/png.ts';
import { peekSize } from '../image/formats/size.ts';
import { type Format, imageStart, sniff } from '../image/formats/sniff.ts';
import { checkStructure } from '../image/formats/structure.ts';
import type { Size } from '../image/size.ts';
import { type Counts, count, MAX } from './budget.ts';
import { dataBytes } from './data-url.ts';
import { parseLength } from './root-size.ts';
import { IMAGES } from './rules.ts';
import { type SvgElement, type SvgReport, walk } from './tree.ts';

/** What the images of an SVG are embedded with. */
export interface EmbedContext {
  /** The data that was taken out of the text. */
  readonly data: readonly string[];
  readonly counts: Counts;
  /** Prepares an embedded SVG; undefined where none may be embedded. */
  readonly prepare: ((bytes: Buffer) => Promise<EmbeddedSvg>) | undefined;
}

/** An embedded SVG that is prepared, and its size in CSS pixels. */
export interface EmbeddedSvg {
  readonly bytes: Buffer;
  readonly size: Size;
}

/** An image as a `data:` URL that librsvg reads, and its size. */
interface EmbeddedImage {
  readonly url: string;
  readonly size: Size;
}

/** Returns the format of an image by its bytes; undefined if it is none that is supported. */
function formatOf(bytes: Buffer): Format | undefined {
  try {
    return bytes.length ? sniff(bytes, true) : undefined;
  } catch {
    return undefined;
  }
}

/** Formats that are left out: nothing in this process reads them. */
const OMITTED: ReadonlySet<string> = new Set(['tiff', 'heic', 'bmp', 'ico']);

/** Maximum scans of a JPEG, each over the whole image. */
const MAX_SCANS = 32;

/**
 * Returns whether librsvg draws an image as browsers do: a PNG; a JPEG that is upright and not CMYK.
 *
 * @throws ImageError IMAGE_TOO_LARGE if it has too many parts
 */
function isReadable(bytes: Buffer, format: Format): boolean {
  if (format !== 'jpeg') return format === 'png';
  const { header, scans } = parseJpeg(bytes, MAX_SCANS);
  return header !== undefined && (header.orientation ?? 1) === 1 && scans <= MAX_SCANS;
}

const dataUrl = (bytes: Buffer, type: string) => `data:image/${type};base64,${bytes.toString('base64')}`;

/**
 * Converts an image for librsvg: its first frame, upright. An opaque photograph becomes a JPEG that looks the same, since a PNG
 * of it takes ten times the memory in librsvg.
 */
async function convert(bytes: Buffer, format: Format): Promise<EmbeddedImage> {
  const input = { limitInputPixels: MAX.imagePixels, failOn: 'error' } as const;
  const { hasAlpha } = await sharp(bytes, input).metadata();
  const isPhotograph = !hasAlpha && format !== 'gif' && bytes.toString('latin1', 12, 16) !== 'VP8L';
  const image = sharp(bytes, { ...input, autoOrient: true }).toColourspace('srgb');
  const encoded = isPhotograph
    ? image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    : image.png({ compressionLevel: 1 });
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true });
  return { url: dataUrl(data, isPhotograph ? 'jpeg' : 'png'), size: { width: info.width, height: info.height } };
}

/** Returns an embedded image for librsvg; undefined if it is not rendered. */
async function embed(uri: string, { data, counts, prepare }: EmbedContext): Promise<EmbeddedImage | undefined> {
  count(counts, 'images');
  const decoded = dataBytes(uri, data);
  const bytes = decoded.subarray(imageStart(decoded));
  const format = formatOf(bytes);
  if (format === 'svg') {
    const svg = await prepare?.(bytes);
    return svg && { url: dataUrl(svg.bytes, 'svg+xml'), size: svg.size };
  }
  const size = format && peekSize(bytes, format);
  if (!size || OMITTED.has(format)) return undefined;
  count(counts, 'imagePixels', size.width * size.height);
  checkStructure(bytes, format);
  if (!isReadable(bytes, format)) return convert(bytes, format);
  const image = format === 'png' ? withoutCompressedText(bytes) : bytes;
  return { url: dataUrl(image, format), size };
}

/** Returns what `embed` does; undefined for an image that cannot be decoded, too: browsers show the rest. */
async function embedOrOmit(uri: string, context: EmbedContext): Promise<EmbeddedImage | undefined> {
  try {
    return await embed(uri, context);
  } catch (error) {
    if (error instanceof ImageError && error.code === 'IMAGE_TOO_LARGE') throw error;
    return undefined;
  }
}

/** Gives an image with one side the other one by its aspect ratio (SVG 2, 7.2), where librsvg takes that of the file. */
function completeSize(attributes: Map<string, string>, { width, height }: Size): void {
  const [w, h] = [parseLength(attributes.get('width') ?? ''), parseLength(attributes.get('height') ?? '')];
  if (w !== undefined && !attributes.has('height')) attributes.set('height', `${(w * height) / width}`);
  else if (h !== undefined && !attributes.has('width')) attributes.set('width', `${(h * width) / height}`);
}

/**
 * Replaces the references of all images by URLs that librsvg reads.
 *
 * @throws ImageError IMAGE_TOO_LARGE if there are too many images, or too many pixels in them
 */
export async function embedImages(root: SvgElement, report: SvgReport, context: EmbedContext): Promise<void> {
  const images: SvgElement[] = [];
  walk(root, (element) => {
    if (IMAGES.has(element.name) && /^data:/i.test(element.attributes.get('href') ?? '')) images.push(element);
  });
  for (const { name, attributes } of images) {
    const image = await embedOrOmit(attributes.get('href') ?? '', context);
    if (!image) {
      report.stripped.add('image');
      attributes.delete('href');
    } else {
      attributes.set('href', image.url);
      if (name === 'image') completeSize(attributes, image.size);
    }
  }
}
