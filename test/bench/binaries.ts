/** Contestants that are programs of their own: the environment names them, and the project neither holds nor builds them. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Job, ofEncoder, qualityOf } from './classes.ts';
import type { Contestant } from './contestants.ts';
import { startServer } from './running.ts';

const binary = fileURLToPath(new URL('peers/binary.ts', import.meta.url));

/** Reads the first line of a program's output. */
export const firstLine = (program: string, ...args: string[]) =>
  execFileSync(program, args).toString().split('\n')[0] ?? '';

/** Returns the program that a variable of the environment names. @throws Error if it is not set */
function programOf(variable: string): string {
  const program = process.env[variable];
  if (!program) throw new Error(`set ${variable} to its program`);
  return program;
}

export async function imgproxy(): Promise<Contestant> {
  const program = programOf('IMGPROXY');
  const env = {
    IMGPROXY_BIND: '127.0.0.1:{port}',
    IMGPROXY_ALLOW_LOOPBACK_SOURCE_ADDRESSES: 'true',
    IMGPROXY_MAX_ANIMATION_FRAMES: '100',
  };
  const target = ({ source, w, f, q = qualityOf(f) }: Job) => ({
    path: `/insecure/rs:fit:${w}${q ? `/q:${q}` : ''}/plain/${encodeURIComponent(source)}@${f}`,
  });
  const misses = await startServer({ name: 'imgproxy', args: [binary, program], env }, target);
  return { name: 'imgproxy', version: firstLine(program, 'version'), misses, qualities: ofEncoder, atOnce: 4 };
}

export async function imagor(): Promise<Contestant> {
  const program = programOf('IMAGOR');
  const args = [binary, program, '-imagor-unsafe', '-server-address', '127.0.0.1', '-port', '{port}'];
  const misses = await startServer({ name: 'imagor', args }, ({ source, w, f, q = qualityOf(f) }) => {
    const filters = [`format(${f === 'jpg' ? 'jpeg' : f})`, ...(q ? [`quality(${q})`] : [])].join(':');
    return { path: `/unsafe/${w}x0/filters:${filters}/${encodeURIComponent(source)}` };
  });
  return { name: 'imagor', version: firstLine(program, '-version'), misses, qualities: ofEncoder, atOnce: 4 };
}
