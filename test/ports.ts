/** Ports for servers that cannot choose one themselves. */
import net, { type AddressInfo } from 'node:net';

/** Finds a free port of 127.0.0.1. */
export const freePort = () =>
  new Promise<number>((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
