/** Recognizes what is given in the place of an image URL by mistake. Pure. */

const ADVICE = 'upload the image, and give its https URL';
const EXAMPLE = 'such as https://example.com/cat.jpg';
const EXTENSION = String.raw`\.(?:jpe?g|jfif|png|gif|webp|avif|svgz?|tiff?|bmp|ico|hei[cf])`;

/** Ends of a message that begins with the parameter. No top-level domain is the extension of an image. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:[a-z]:[\\/]|\\\\|file:|~\/)/i, `is a file on your computer, which a server cannot read: ${ADVICE}`],
  [
    /^data:/i,
    'is a data: URL, which already contains the image: put it into src as it is, or give the URL of an image',
  ],
  [/^blob:/i, `is a blob: URL, which exists only in the page that created it: ${ADVICE}`],
  [
    new RegExp(`^(?:https?://)?[^/?#:@]+${EXTENSION}/?(?:[?#].*)?$`, 'i'),
    `is a file name: give the whole URL, ${EXAMPLE}`,
  ],
  [/^(?:\.{1,2}\/|\/(?!\/))/, `is a path without a host: give the whole URL, ${EXAMPLE}`],
  [
    new RegExp(`^(?!localhost/)[^/?#:@.]+/[^?#]*${EXTENSION}(?:[?#].*)?$`, 'i'),
    `is a path without a host: give the whole URL, ${EXAMPLE}`,
  ],
];

/** Returns what is wrong with a text that is no URL of an image that a server can fetch; undefined if nothing is known of it. */
export const sourceHint = (text: string): string | undefined =>
  // A URL that was encoded twice.
  /^https?%3A/i.test(text) ? undefined : HINTS.find(([pattern]) => pattern.test(text))?.[1];
