/** Confines tests to this machine: sockets to other IP addresses fail, and no query goes to the system's DNS servers. */
import dns from 'node:dns';
import net, { type LookupFunction } from 'node:net';

const isLoopback = (host: string) => /^(?:127\.|::1$|::ffff:127\.)/.test(host);
const refused = () => Object.assign(new Error('no network in tests'), { code: 'ENETUNREACH' });
const connect = net.Socket.prototype.connect;

/** Wraps a look-up: it fails unless all resolved IP addresses are on this machine. */
const guarded =
  (lookup: LookupFunction): LookupFunction =>
  (name, options, callback) =>
    lookup(name, options, (error, resolved, family) => {
      const addresses = [resolved].flat().map((entry) => (typeof entry === 'string' ? entry : entry?.address));
      if (!error && !addresses.every((address) => isLoopback(address))) callback(refused(), resolved, family);
      else callback(error, resolved, family);
    });

net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  const [options] = args.flat() as [{ host?: string; path?: string; lookup?: LookupFunction } | undefined];
  const { host = '127.0.0.1', path, lookup } = typeof options === 'object' && options !== null ? options : {};
  const literal = net.isIP(host) !== 0;
  if (!path && (literal ? !isLoopback(host) : !lookup && host !== 'localhost')) {
    process.nextTick(() => this.destroy(refused()));
    return this;
  }
  if (options && lookup) options.lookup = guarded(lookup);
  return connect.apply(this, args as never);
} as typeof connect;

const { resolve4, resolve6, getServers } = dns.promises.Resolver.prototype;
for (const [name, method] of Object.entries({ resolve4, resolve6 }))
  Object.assign(dns.promises.Resolver.prototype, {
    [name](this: dns.promises.Resolver, ...args: unknown[]) {
      // A test with its own DNS server has set it.
      if (!getServers.call(this).every((server) => isLoopback(server))) return Promise.reject(refused());
      return (method as (...all: unknown[]) => Promise<string[]>).apply(this, args);
    },
  });
