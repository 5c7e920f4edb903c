/** Installs the peers from npm, once, into the user's cache and outside of the product's dependencies. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmInstall, once, run } from '../../runtime/installed-tools.ts';
import { BURST_WIDTHS, QUALITIES } from '../classes.ts';

export const IPX = '3.1.1';
export const NEXT = '16.4.6';
const REACT = '19.3.1';
const SSIM = '3.5.0';

export const installIpx = () => once(`ipx-${IPX}`, (folder) => npmInstall(folder, { ipx: IPX }));

export const installSsim = () => once(`ssim-${SSIM}`, (folder) => npmInstall(folder, { 'ssim.js': SSIM }));

/** The minimal pages for `next build`. */
const PAGES = {
  'layout.js': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  'page.js': 'export default () => <p>Images only</p>;',
};
const CONFIG = {
  images: {
    remotePatterns: [{ protocol: 'http', hostname: '127.0.0.1' }],
    dangerouslyAllowLocalIP: true,
    dangerouslyAllowSVG: true,
    formats: ['image/avif', 'image/webp'],
    qualities: QUALITIES,
    deviceSizes: [200, ...BURST_WIDTHS],
    imageSizes: [],
  },
};

/** Installs an app with nothing but the optimizer's settings. It is built in place: a build contains its own path. */
export async function installNext(): Promise<string> {
  const folder = await once(`next-${NEXT}-qualities`, async (making) => {
    await npmInstall(making, { next: NEXT, react: REACT, 'react-dom': REACT });
    await mkdir(join(making, 'app'));
    for (const [name, code] of Object.entries(PAGES)) await writeFile(join(making, 'app', name), code);
  });
  await writeFile(join(folder, 'next.config.mjs'), `export default ${JSON.stringify(CONFIG)};\n`);
  // Delete the cache of an earlier run: it would cause hits.
  await rm(join(folder, '.next/cache/images'), { recursive: true, force: true });
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  if (!existsSync(join(folder, '.next/BUILD_ID')))
    await run(process.execPath, [join(folder, 'node_modules/next/dist/bin/next'), 'build'], { cwd: folder, env });
  return folder;
}

/** Reads the version of a peer's own sharp. */
export const sharpOf = (folder: string): string =>
  JSON.parse(readFileSync(join(folder, 'node_modules/sharp/package.json'), 'utf8')).version;
