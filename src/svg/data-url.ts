/** Decodes `data:` URLs (RFC 2397), leniently as browsers do: white space, no type, a wrong one. */

/** Decodes percent-encoded bytes; what is not encoded is UTF-8. */
function unescapePercent(text: string): Buffer {
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

/**
 * Returns the bytes of a `data:` URL.
 *
 * @param data long base64 that was taken out of the text, by number: see `extractData`
 */
export function dataBytes(uri: string, data: readonly string[]): Buffer {
  const comma = uri.indexOf(',');
  const body = uri.slice(comma + 1);
  if (!/;\s*base64\s*$/i.test(uri.slice(0, Math.max(0, comma)))) return unescapePercent(body);
  const number = /^#(\d{1,9})$/.exec(body)?.[1];
  // References to characters are not resolved in what was taken out: those between lines of base64.
  const text = number === undefined ? body : (data[Number(number)] ?? '').replace(/&#?\w{1,8};/g, '');
  return Buffer.from(text.includes('%') ? unescapePercent(text).toString('latin1') : text, 'base64');
}
