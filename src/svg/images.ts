/** The images that are embedded in an SVG as `data:` URLs: only these are drawn. */
import { peekSize } from '../image/formats/size.ts';
import { type Format, sniff } from '../image/formats/sniff.ts';
import { type Counts, count } from './budget.ts';
import { IMAGES } from './rules.ts';
import { type SvgElement, type SvgReport, walk } from './tree.ts';

/** Returns the bytes of a `data:` URL (RFC 2397), leniently as browsers do: white space, no type, a wrong one. */
export function dataBytes(uri: string, data: readonly string[]): Buffer {
  const comma = uri.indexOf(',');
  const body = uri.slice(comma + 1);
  const isBase64 = /;\s*base64\s*$/i.test(uri.slice(0, Math.max(0, comma)));
  const text = isBase64 ? (data[Number(/^#(\d{1,9})$/.exec(body)?.[1] ?? -1)] ?? body) : body;
  if (isBase64) return Buffer.from(unescapePercent(text.replace(/&#?\w{1,8};/g, '')).toString('latin1'), 'base64');
  return unescapePercent(text);
}

/** Decodes percent-encoded bytes; what is not encoded is UTF-8. */
function unescapePercent(text: string): Buffer {
  if (!text.includes('%')) return Buffer.from(text, 'utf8');
  const bytes = Buffer.from(text, 'utf8');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const hex = bytes[at] === 0x25 ? bytes.toString('latin1', at + 1, at + 3) : '';
    const isEncoded = /^[\da-f]{2}$/i.test(hex);
    bytes[length++] = isEncoded ? Number.parseInt(hex, 16) : (bytes[at] ?? 0);
    if (isEncoded) at += 2;
  }
  return bytes.subarray(0, length);
}

/** Returns the format of an image by its bytes; undefined if it is none that is supported. */
function formatOf(bytes: Buffer): Format | undefined {
  try {
    return bytes.length ? sniff(bytes, true) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the `data:` URL of an embedded image for librsvg; undefined if it is not drawn. */
function embed(uri: string, data: readonly string[], counts: Counts): string | undefined {
  count(counts, 'images');
  const bytes = dataBytes(uri, data);
  const format = formatOf(bytes);
  if (format !== 'png' && format !== 'jpeg') return undefined;
  const size = peekSize(bytes, format);
  if (!size) return undefined;
  count(counts, 'imagePixels', size.width * size.height);
  return `data:image/${format};base64,${bytes.toString('base64')}`;
}

/**
 * Replaces the references of all images by URLs that librsvg reads.
 *
 * @param data that was taken out of the text
 * @throws ImageError IMAGE_TOO_LARGE if there are too many images, or too many pixels in them
 */
export async function embedImages(
  root: SvgElement,
  data: readonly string[],
  report: SvgReport,
  counts: Counts,
): Promise<void> {
  const images: SvgElement[] = [];
  walk(root, (element) => {
    if (IMAGES.has(element.name) && /^data:/i.test(element.attributes.get('href') ?? '')) images.push(element);
  });
  for (const { attributes } of images) {
    const url = embed(attributes.get('href') ?? '', data, counts);
    if (url === undefined) report.stripped.add('image');
    if (url === undefined) attributes.delete('href');
    else attributes.set('href', url);
  }
}
