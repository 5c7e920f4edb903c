/** Finds a path that leaves its folder, as any server behind it may read the path: decoded once or several times. Pure. */

/** How often a path is decoded: a CDN, a proxy and a server may do so once each. */
const MAX_DECODINGS = 4;

/** Bytes of UTF-8 that encode an ASCII character in too many bytes (RFC 3629, 3): old servers read `%C0%AE` as a dot. */
const OVERLONG = /[\u00c0\u00c1][\u0080-\u00bf]|\u00e0[\u0080-\u009f][\u0080-\u00bf]/;

/** A segment that means the parent folder; also with the path parameters of Java, and the dots and spaces that Windows drops. */
const isParent = (segment: string) => /^\s*\.\.[.\s]*(?:;.*)?$/s.test(segment);

/** @param bytes one character per byte */
function isUnsafe(bytes: string): boolean {
  if (/[\u0000-\u001f\u007f\\]|%u[0-9a-f]{4}/i.test(bytes) || OVERLONG.test(bytes)) return true;
  // NFKC maps full-width dots and slashes to those of ASCII, as some servers do.
  const text = Buffer.from(bytes, 'latin1').toString().normalize('NFKC');
  return /^\/|^[a-z][a-z0-9+.-]*:\//i.test(text) || /[\\]/.test(text) || text.split('/').some(isParent);
}

/**
 * Whether a path below a folder can lead out of it: by `..`, a backslash, a control character, a slash at its beginning, or
 * a URL in its place, each also percent-encoded up to four times. A path that is encoded more often counts as one.
 *
 * @param path relative to the folder, without a query, as written in the URL
 */
export function leavesFolder(path: string): boolean {
  let bytes = path.toWellFormed().replace(/[^\u0000-\u007f]+/g, encodeURIComponent);
  for (let decodings = 0; decodings <= MAX_DECODINGS; decodings++) {
    if (isUnsafe(bytes)) return true;
    if (!/%[0-9a-f]{2}/i.test(bytes)) return false;
    bytes = bytes.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  }
  return true;
}
