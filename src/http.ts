/** HTTP semantics as pure functions: what the headers of an answer are. */

/**
 * On every answer, errors too. `nosniff` and the policy keep a browser from running what a stranger's bytes may hold;
 * the others let any page embed, read and time a picture: there are no credentials that could leak.
 */
export const EVERY_ANSWER: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': '*',
  'Timing-Allow-Origin': '*',
};

/** The answer to a preflight and to a plain OPTIONS (RFC 9110, 9.3.7). A day is the longest that a browser may keep it. */
export const OPTIONS_HEADERS: Readonly<Record<string, string>> = {
  Allow: 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': 'authorization, x-api-key',
  'Access-Control-Max-Age': '86400',
};

/** What an answer's headers are made of. */
export interface Answer {
  readonly type: string;
  readonly data: Buffer | string;
  readonly framesOf?: number | undefined;
  readonly encoder?: string | undefined;
  readonly quality?: number | undefined;
}

/** `image/webp` → `webp`, as a file's extension. */
const extension = (type: string) =>
  type
    .replace(/^\w+\/|;.*$/g, '')
    .replace('jpeg', 'jpg')
    .replace('plain', 'txt');

/**
 * The headers of a picture, or of a fact about one.
 *
 * @param policy.maxAge seconds that browsers and CDNs may keep it (RFC 9111, 5.2.2.1)
 * @param policy.negotiated whether `Accept` took part in the choice: then every answer says so (RFC 9110, 12.5.5)
 * @param policy.filename without its extension (RFC 6266)
 * @param policy.download whether a browser should save rather than show it
 */
export function pictureHeaders(
  { type, data, framesOf, encoder, quality }: Answer,
  policy: { maxAge: number; negotiated: boolean; filename?: string | undefined; download: boolean },
): Record<string, string> {
  const { filename = policy.download ? 'image' : undefined } = policy;
  const name = filename && `${policy.download ? 'attachment' : 'inline'}; filename="${filename}.${extension(type)}"`;
  return {
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(data)),
    'Cache-Control': `public, max-age=${policy.maxAge}`,
    ...(policy.negotiated && { Vary: 'Accept' }),
    ...(name && { 'Content-Disposition': name }),
    ...(framesOf && { 'Pixgate-Frames-Of': String(framesOf) }),
    ...(encoder && { 'Pixgate-Encoder': encoder }),
    ...(quality && { 'Pixgate-Quality': String(quality) }),
  };
}
