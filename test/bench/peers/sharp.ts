/** Bare sharp: the simplest server. `/?u=URL&w=WIDTH&f=FORMAT`, with `q` and, for animations, `a`. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp, { type FormatEnum } from 'sharp';

async function make(query: URLSearchParams) {
  const source = await fetch(query.get('u') ?? '');
  const bytes = Buffer.from(await source.arrayBuffer());
  const format = (query.get('f') ?? 'jpeg') as keyof FormatEnum;
  return sharp(bytes, { animated: query.has('a') })
    .autoOrient()
    .resize(Number(query.get('w')))
    .toFormat(format, query.has('q') ? { quality: Number(query.get('q')) } : {})
    .toBuffer();
}

const server = http.createServer((request, response) => {
  const query = new URL(request.url ?? '', 'http://local').searchParams;
  make(query).then(
    (body) => response.writeHead(200, { 'content-type': `image/${query.get('f')}` }).end(body),
    (error: Error) => response.writeHead(500).end(error.message),
  );
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
