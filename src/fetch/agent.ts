/**
 * Connections to origins, kept for a few seconds for the next picture: a third of the CPU of a small fetch, and over TLS two round trips.
 * One is used again only for the very host, port and checked addresses that it was made for.
 */
import type { Agent } from 'node:http';
import type { Socket } from 'node:net';

// As in connect.ts: an import would read every export.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/**
 * Milliseconds. Servers keep a connection for at least 5 s (Apache, Node; nginx 75), and what they have closed would cost a second try. By the clock
 * and not by a timer alone: between two requests on Lambda the process stands still.
 */
const KEEP_ALIVE_MS = 4000;
/** Connections that wait: for each origin, and for all of them. */
const MAX_IDLE_PER_HOST = 16;
const MAX_IDLE = 128;

const freed = new WeakMap<Socket, number>();

function createAgent(Kind: typeof http.Agent | typeof https.Agent) {
  const agent: Agent = new Kind({ keepAlive: true, maxFreeSockets: MAX_IDLE_PER_HOST, timeout: KEEP_ALIVE_MS });
  const nameOf = agent.getName.bind(agent);
  agent.getName = (options) => `${nameOf(options)} ${(options as { addresses?: readonly string[] }).addresses?.join()}`;
  agent.on('free', (socket: Socket) => freed.set(socket, Date.now()));
  return agent;
}

const agents = { 'http:': createAgent(http.Agent), 'https:': createAgent(https.Agent) };

/**
 * What to connect by, as options of `http.get`.
 *
 * @param addresses that were checked for this request
 */
export function keepAlive(url: URL, addresses: readonly string[]) {
  const agent = agents[url.protocol as keyof typeof agents];
  const since = (socket: Socket) => freed.get(socket) ?? 0;
  const waiting = Object.values(agent.freeSockets).flatMap((sockets = []) => sockets);
  waiting.sort((a, b) => since(b) - since(a));
  for (const [i, socket] of waiting.entries())
    if (i >= MAX_IDLE || Date.now() - since(socket) > KEEP_ALIVE_MS) socket.destroy();
  return { agent, addresses: [...addresses].sort() };
}
