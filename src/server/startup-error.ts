/** Explains why a server did not start, with a command or value that works. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** Returns a free port: one of the next five, else any; 0 if there is none. */
async function findFreePort(after: number, host: string): Promise<number> {
  for (const port of [after + 1, after + 2, after + 3, after + 4, after + 5, 0]) {
    const server = net.createServer();
    server.listen(port > 65535 ? 0 : port, host);
    const freePort = await once(server, 'listening').then(
      () => (server.address() as AddressInfo).port,
      () => undefined,
    );
    server.close();
    if (freePort !== undefined) return freePort;
  }
  return 0;
}

/** Returns the message of an error of `listen`, for a terminal. */
export async function explainStartupError(error: unknown): Promise<string> {
  const {
    code,
    port = 0,
    address = '',
    message,
  } = error as Partial<NodeJS.ErrnoException & { port: number; address: string }>;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Another is free: PORT=${await findFreePort(port, address)}`;
  if (code === 'EADDRNOTAVAIL')
    return `HOST=${address} is not an IP address of this machine. HOST=0.0.0.0 listens on all of them.`;
  return message ?? String(error);
}
