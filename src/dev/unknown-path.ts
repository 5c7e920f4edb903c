/** Responses to paths of the local server that have no page. Pure. */
import { problem } from '../errors.ts';
import type { StaticFile } from '../server/listen.ts';

/** Paths in URLs of other resizers, whose parameters the migration guide translates. */
const OTHER_RESIZERS: readonly (readonly [name: string, path: RegExp])[] = [
  ['Next.js', /^\/_(?:next|vercel)\/image/],
  ['IPX', /^\/_ipx\//],
  ['Cloudflare', /^\/cdn-cgi\/image\//],
  ['imgproxy', /^\/[\w=-]+(?:\/[a-z]+:[^/]*)*\/(?:plain\/|[a-z]+:[^/]*\/)/],
  // A request in JSON and base64, and the filters of Thumbor.
  ['AWS Dynamic Image Transformation', /^\/eyJ|^\/fit-in\/|^\/(?:[^/]+\/)*filters:/],
];

const PAGES = '/, /docs/, /samples/, /openapi.json and /health';

/**
 * Returns the 404 to a path without a page. On Lambda the path of an image means nothing; here `/docs/embeding` would get an error of
 * its key.
 *
 * @param target path and query
 * @returns undefined for the image handler: `/`, and any path with `u` or `k` in the query
 */
export function unknownPath(target: string): StaticFile | undefined {
  const [path = '', query = ''] = target.split('?');
  const [other] = OTHER_RESIZERS.find(([, pattern]) => pattern.test(path)) ?? [];
  if (path === '/' || (other === undefined && /(?:^|&)(?:u|url|k)=/.test(query))) return undefined;
  const detail = other
    ? `This looks like a URL of ${other}: /docs/migration has its parameters here.`
    : `There is nothing at this path. Pages: ${PAGES}. An image: /?k=KEY&u=IMAGE_URL&w=640`;
  const { statusCode, headers, document } = problem(
    Object.assign(new Error(detail), { expose: true, statusCode: 404 }),
  );
  return { status: statusCode, headers, body: JSON.stringify(document) };
}
