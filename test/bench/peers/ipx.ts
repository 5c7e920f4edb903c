/** Runs IPX as in its README, from the folder of its installation: the first argument. */
import http, { type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Ipx {
  createIPX(options: object): object;
  ipxHttpStorage(options: object): object;
  createIPXNodeServer(ipx: object): RequestListener;
}

const find = createRequire(join(process.argv[2] ?? '', 'package.json'));
const { createIPX, createIPXNodeServer, ipxHttpStorage }: Ipx = await import(pathToFileURL(find.resolve('ipx')).href);

const ipx = createIPX({ httpStorage: ipxHttpStorage({ domains: ['127.0.0.1'] }) });
const server = http.createServer(createIPXNodeServer(ipx));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
