/** HTTP semantics as pure functions: what the headers of an answer are. */

/**
 * On every answer, errors too. `nosniff` and the policy keep a browser from running what a stranger's bytes may hold;
 * the other three let any page embed, read and time a picture: there are no credentials that could leak.
 */
export const EVERY_ANSWER: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  'Timing-Allow-Origin': '*',
};

/** The answer to a preflight and to a plain OPTIONS (RFC 9110, 9.3.7). A day is the longest that a browser may keep it. */
export const OPTIONS_HEADERS: Readonly<Record<string, string>> = {
  Allow: 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': 'authorization, x-api-key',
  'Access-Control-Max-Age': '86400',
};

/**
 * The headers of a picture.
 *
 * @param picture its media type, bytes, and how many frames the source had, where only the first ones were kept
 * @param policy.maxAge seconds that browsers and CDNs may keep it (RFC 9111, 5.2.2.1)
 * @param policy.negotiated whether `Accept` took part in the choice: then every answer says so (RFC 9110, 12.5.5)
 */
export function pictureHeaders(
  picture: { readonly type: string; readonly data: Buffer; readonly framesOf?: number | undefined },
  policy: { readonly maxAge: number; readonly negotiated: boolean },
): Record<string, string> {
  return {
    'Content-Type': picture.type,
    'Content-Length': String(picture.data.length),
    'Cache-Control': `public, max-age=${policy.maxAge}`,
    ...(policy.negotiated && { Vary: 'Accept' }),
    ...(picture.framesOf && { 'Pixgate-Frames-Of': String(picture.framesOf) }),
  };
}
