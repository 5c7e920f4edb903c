/** Reads sitemaps: the images in them, and the sitemaps of an index. Pure. */
import { SaxesParser } from 'saxes';

/** Extensions of sources: a `loc` of a page is no image. */
export const IMAGE_EXTENSION = /\.(?:jpe?g|png|webp|gif|avif|hei[cf]|svgz?|tiff?|bmp|ico)$/i;

export interface Sitemap {
  /** URLs of images: each `image:loc`, and each `loc` of an image file. */
  readonly images: readonly string[];
  /** URLs of the sitemaps of an index. */
  readonly sitemaps: readonly string[];
}

const isImage = (url: string) => IMAGE_EXTENSION.test(URL.parse(url)?.pathname ?? '');

/**
 * Parses a sitemap or an index of sitemaps.
 *
 * @throws Error if it is not well-formed XML
 * @see https://www.sitemaps.org/protocol.html and Google's image extension
 */
export function parseSitemap(xml: string): Sitemap {
  const images: string[] = [];
  const sitemaps: string[] = [];
  const parser = new SaxesParser({ xmlns: false });
  const path: string[] = [];
  let text = '';
  const end = (name: string) => {
    const url = text.trim();
    if (name === 'image:loc') images.push(url);
    else if (name === 'loc' && path.at(-2) === 'sitemap') sitemaps.push(url);
    else if (name === 'loc' && isImage(url)) images.push(url);
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    path.push(name);
    text = '';
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('cdata', (part) => {
    text += part;
  });
  parser.on('closetag', ({ name }) => {
    end(name);
    path.pop();
    text = '';
  });
  parser.write(xml).close();
  return { images, sitemaps };
}
