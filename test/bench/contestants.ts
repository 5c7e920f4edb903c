/** The contestants: how each is started, and how it is requested. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { START } from '../npm-start.ts';
import { missing } from '../runtime/installed-tools.ts';
import { firstLine, imagor, imgproxy } from './binaries.ts';
import { type Format, type Job, MEDIA_TYPES, ofEncoder, QUALITIES, QUALITY, qualityOf } from './classes.ts';
import { IPX, installIpx, installNext, NEXT, sharpOf } from './peers/installed.ts';
import { type Running, startLambda, startServer } from './running.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const here = (name: string) => fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url));

/** Reads the settings of glibc's allocator from the template. */
export const allocator = (): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(join(project, 'template.yaml'), 'utf8').matchAll(/^\s+(MALLOC_\w+): (\d+)$/gm)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

// Not the key of ../requests.ts: that would import the product, which blocks the SVG loader of this process's sharp.
const KEY = 'bench-key-1';

const SETTINGS = { API_KEYS: `bench:${KEY}`, SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', PORT: '0' };
const WITHOUT_CACHE = { RESULT_MEMORY: '0', SOURCE_MEMORY: '0' };

export interface Contestant {
  readonly name: string;
  /** Its exact version, for the report. */
  readonly version: string;
  readonly misses: Running;
  /** The same with its cache on, if it has one; else a second request is another miss. */
  readonly hits?: Running;
  /** True if it returns 304. */
  readonly validates?: boolean;
  /** Qualities to ask for, on its own scale, to compare bytes at equal SSIMULACRA2; unset if it is not compared. */
  readonly qualities?: (f: Format) => readonly number[];
  /** Maximum concurrent requests; 1 for Lambda. */
  readonly atOnce: number;
  /** Measures the CPU of the whole path, or of the core alone, if both are available. */
  readonly cpuOf?: (job: Job, core: boolean) => Promise<number>;
  /** True if its output is always PNG, and of an animation the first frame. */
  readonly onlyPng?: boolean;
}

const onJpegScale = () => QUALITIES;

/** Builds the query that the plain servers here read: `u`, `w`, `f`, and `q` if the format has a quality. */
function plainQuery({ source, w, f, role, q = qualityOf(f) }: Job): string {
  const format = f === 'jpg' ? 'jpeg' : f;
  return `/?w=${w}&f=${format}${q ? `&q=${q}` : ''}${role === 'gif' ? '&a' : ''}&u=${encodeURIComponent(source)}`;
}

const pixgateQuery = ({ source, w, f, q = QUALITY }: Job) => ({
  path: `/?k=${KEY}&w=${w}&f=${f}&q=${q}&u=${encodeURIComponent(source)}`,
});

async function pixgate(): Promise<Contestant> {
  const server = (name: string, env: Record<string, string>) =>
    startServer(
      // As npm start does.
      {
        name,
        args: START.map((part) => (part.startsWith('-') ? part : join(project, part))),
        env: { ...SETTINGS, ...allocator(), ...env },
      },
      pixgateQuery,
    );
  const [misses, hits] = [await server('pixgate', WITHOUT_CACHE), await server('pixgate-cached', {})];
  return {
    name: 'pixgate',
    version: `local server, sharp ${sharp.versions.sharp}`,
    misses,
    hits,
    validates: true,
    qualities: onJpegScale,
    atOnce: 4,
  };
}

async function lambda(): Promise<Contestant> {
  const env = { ...SETTINGS, ...allocator(), ...WITHOUT_CACHE };
  const running = await startLambda({ name: 'lambda', args: [here('lambda-path')], env }, KEY);
  const version = 'the handler on an event of the REST API';
  return { name: 'pixgate Lambda', version, misses: running, atOnce: 1, cpuOf: running.cpuOf };
}

async function bareSharp(): Promise<Contestant> {
  const misses = await startServer({ name: 'sharp', args: [here('sharp')] }, (job) => ({ path: plainQuery(job) }));
  return {
    name: 'bare sharp',
    version: `sharp ${sharp.versions.sharp}, 25 lines`,
    misses,
    qualities: ofEncoder,
    atOnce: 4,
  };
}

async function ipx(): Promise<Contestant> {
  const folder = await installIpx();
  const version = `ipx ${IPX}, sharp ${sharpOf(folder)}`;
  const misses = await startServer(
    { name: 'ipx', args: [here('ipx'), folder] },
    ({ source, w, f, role, q = qualityOf(f) }) => {
      // An angle of null makes this version rotate by EXIF.
      const modifiers = ['rotate_null', `w_${w}`, `f_${f}`, ...(q ? [`q_${q}`] : []), ...(role === 'gif' ? ['a'] : [])];
      return { path: `/${modifiers.join(',')}/${encodeURIComponent(source)}` };
    },
  );
  return { name: 'IPX', version, misses, validates: true, qualities: ofEncoder, atOnce: 4 };
}

async function next(): Promise<Contestant> {
  const folder = await installNext();
  const args = [join(folder, 'node_modules/next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', '0'];
  const version = `next ${NEXT} by next start, sharp ${sharpOf(folder)}`;
  const running = await startServer({ name: 'next', args, cwd: folder }, ({ source, w, f, q = QUALITY }) => ({
    path: `/_next/image?w=${w}&q=${q}&url=${encodeURIComponent(source)}`,
    headers: { accept: MEDIA_TYPES[f] },
  }));
  return {
    name: 'Next.js',
    version,
    misses: running,
    hits: running,
    validates: true,
    qualities: onJpegScale,
    atOnce: 4,
  };
}

async function vips(): Promise<Contestant> {
  if (missing(['vipsthumbnail']).length) throw new Error('no vipsthumbnail here; Debian has it in libvips-tools');
  const args = [here('program'), 'vips', 'vipsthumbnail'];
  const misses = await startServer({ name: 'vips', args }, (job) => ({ path: plainQuery(job) }));
  return { name: 'vipsthumbnail', version: firstLine('vipsthumbnail', '--vips-version'), misses, atOnce: 4 };
}

async function magick(): Promise<Contestant> {
  const [program] = ['magick', 'convert-im6.q16', 'convert'].filter((name) => !missing([name]).length);
  if (!program) throw new Error('no magick or convert here; Debian has it in imagemagick');
  const misses = await startServer({ name: 'magick', args: [here('program'), 'magick', program] }, (job) => ({
    path: plainQuery(job),
  }));
  const version = firstLine(program, '-version').replace(/^Version: |(Q16).*/g, '$1');
  return { name: 'ImageMagick', version: `${version}, always to PNG`, misses, atOnce: 4, onlyPng: true };
}

/** In the order of the table's columns. */
export const STARTS: Readonly<Record<string, () => Promise<Contestant>>> = {
  pixgate,
  'pixgate Lambda': lambda,
  'bare sharp': bareSharp,
  IPX: ipx,
  'Next.js': next,
  imgproxy,
  imagor,
  vipsthumbnail: vips,
  ImageMagick: magick,
};
