/** Fails a pure test that opens a socket. Its imports cannot show that: the parsers of IP addresses need `node:net`, too. */
import net from 'node:net';

const fail = () => {
  throw new Error('no sockets in pure tests');
};
net.Server.prototype.listen = fail;
net.Socket.prototype.connect = fail;
