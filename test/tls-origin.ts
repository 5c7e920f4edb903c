/** A real origin over http and https, on one set of host names, whose certificate the process trusts. Needs openssl. */
import { execFileSync } from 'node:child_process';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

const NAMES = ['cdn.shop.example', 'a.shop.example', 'b.shop.example', 'other.example'];

/** Creates a certificate for the names and its key, and trusts it. */
function createCertificate(): { key: string; cert: string } {
  const san = `subjectAltName=${NAMES.map((name) => `DNS:${name}`).join()}`;
  const args =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=origin -keyout - -out -';
  const pem = execFileSync('openssl', [...args.split(' '), '-addext', san], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [key = '', cert = ''] = pem.toString().match(/-----BEGIN [\s\S]*?-----END [A-Z ]+-----\n/g) ?? [];
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
  return { key, cert };
}

/** Starts it. `requests` has every request with its host, in order. */
export async function startTlsOrigin(respond: RequestListener) {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    requests.push(request);
    respond(request, response);
  };
  const servers = [http.createServer(listener), https.createServer(createCertificate(), listener)];
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  const [httpPort = 0, httpsPort = 0] = ports;
  return {
    requests,
    httpPort,
    httpsPort,
    resolve: async (name: string) => (NAMES.includes(name) ? ['127.0.0.1'] : []),
    close: () => {
      for (const server of servers) server.close().closeAllConnections();
    },
  };
}
