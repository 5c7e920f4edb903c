/** Responses of wsrv.nl: the names of its metadata, and its headers. Pure. */

import type { ImageResponse } from '../http/event.ts';
import { extension } from '../http/headers.ts';
import type { Query, ResponseContext } from './old-url.ts';

/** Metadata of pixgate, as far as wsrv.nl has it (`f=json`, with `explain`). */
interface Facts {
  readonly format: string;
  readonly pages: number;
  readonly primaryPage?: number;
  readonly delay?: readonly number[];
  readonly loop?: number;
  readonly alpha: boolean;
  readonly channels: number;
  readonly space?: string;
  readonly depth?: string;
  readonly density?: number;
  readonly subsampling?: string;
  readonly paletteBits?: number;
  readonly progressive?: boolean;
  readonly profile?: boolean;
  readonly plan: { readonly width: number; readonly height: number; readonly pages: number };
}

/** Names of formats by those of pixgate. */
const FORMATS: Readonly<Record<string, string>> = { avif: 'heif', heic: 'heif', bmp: 'magick', ico: 'magick' };

/** Converts metadata. Its size is that of the output, whose frames are stacked. */
function toMetadata(text: string, { delay: given, loop }: Query): string {
  const facts: Facts = JSON.parse(text);
  const { format, plan, space, channels, pages } = facts;
  const isCmyk = space === 'cmyk';
  const delay = given ? given.split(',').map(Number) : facts.delay;
  return JSON.stringify({
    format: FORMATS[format] ?? format,
    width: plan.width,
    height: plan.height * plan.pages,
    space: isCmyk ? 'srgb' : space,
    channels: isCmyk ? channels - 1 : channels,
    depth: facts.depth,
    density: facts.density,
    chromaSubsampling: facts.subsampling,
    isProgressive: facts.progressive === true,
    paletteBitDepth: facts.paletteBits,
    ...(pages > 1 && { pages }),
    ...(plan.pages > 1 && { pageHeight: plan.height }),
    pagePrimary: facts.primaryPage,
    ...(facts.delay && {
      loop: loop === undefined ? facts.loop : Number(loop),
      delay: delay?.length === 1 ? Array.from({ length: plan.pages }, () => delay[0]) : delay,
    }),
    hasProfile: facts.profile === true,
    hasAlpha: facts.alpha,
    // The image is upright.
    orientation: 0,
  });
}

/** Maximum characters of the source in `Link`: gateways limit what all headers have together. */
const MAX_LINK = 2000;

/** Errors in whose place the original may be shown: of the source and the image, not of the request. */
const REDIRECTED = [
  'SOURCE_NOT_FOUND',
  'SOURCE_TIMEOUT',
  'SOURCE_UNAVAILABLE',
  'SOURCE_UNSUPPORTED',
  'SOURCE_TOO_LARGE',
  'IMAGE_CORRUPT',
  'IMAGE_TOO_LARGE',
  'RESULT_TOO_LARGE',
];

/** Returns the response as wsrv.nl sends it. Without `filename`, an image is named `image`; metadata and data URLs have no name. */
export function toResponse(
  response: ImageResponse,
  { query, source, code, mayRedirect }: ResponseContext,
): ImageResponse {
  const { statusCode } = response;
  const headers = { ...response.headers };
  if (code !== undefined) {
    if (!source || !mayRedirect || !REDIRECTED.includes(code)) return response;
    return { ...response, statusCode: 302, headers: { ...headers, Location: source } };
  }
  if (statusCode !== 200 || headers['Pixgate-Fallback']) return response;
  const type = headers['Content-Type'] ?? '';
  if (!type.startsWith('image/')) delete headers['Content-Disposition'];
  else headers['Content-Disposition'] ??= `inline; filename="image.${extension(type)}"`;
  if (source && source.length <= MAX_LINK) headers.Link = `<${source}>; rel="canonical"`;
  const body = query.f === 'json' ? toMetadata(String(response.body), query) : response.body;
  headers['Content-Length'] = String(Buffer.byteLength(body));
  return { ...response, headers, body };
}
