/**
 * Serves images by starting a program for each, behind a server that fetches the source: `vipsthumbnail` through pipes, and
 * ImageMagick as in handlers of 2017, through files in a temporary folder and always to PNG.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const [, , kind, program = ''] = process.argv;

function run(args: string[], input?: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    const [out, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(Buffer.concat(out)) : reject(new Error(Buffer.concat(errors).toString().trim())),
    );
    // Ignore EPIPE: a program that ends early reports why by itself.
    child.stdin?.on('error', () => {}).end(input);
  });
}

function vips(source: Buffer, query: URLSearchParams): Promise<Buffer> {
  const quality = query.has('q') ? `Q=${query.get('q')},` : '';
  const from = query.has('a') ? 'stdin[n=-1]' : 'stdin';
  const to = `.${query.get('f')}[${quality}strip]`;
  return run([from, '--size', `${query.get('w')}x`, '--export-profile', 'srgb', '-o', to], source);
}

async function magick(source: Buffer, query: URLSearchParams): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'pixgate-magick-'));
  try {
    const from = join(folder, basename(new URL(query.get('u') ?? '').pathname));
    const to = join(folder, 'result.png');
    await writeFile(from, source);
    await run([`${from}[0]`, '-auto-orient', '-resize', `${query.get('w')}x`, to]);
    return await readFile(to);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const server = http.createServer(async (request, response) => {
  const query = new URL(request.url ?? '', 'http://local').searchParams;
  try {
    const source = Buffer.from(await (await fetch(query.get('u') ?? '')).arrayBuffer());
    const body = await (kind === 'vips' ? vips : magick)(source, query);
    response.writeHead(200, { 'content-type': 'image/*' }).end(body);
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
