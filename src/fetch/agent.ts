/**
 * Keep-alive connections to origins, idle for up to four seconds. They save a third of the CPU of a small fetch, and over
 * TLS two round trips. A connection is reused only for the same host, port and checked IP addresses that it was opened for.
 */
import type { Agent } from 'node:http';
import type { Socket } from 'node:net';

// Not imported, for a faster cold start: see request.ts.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/**
 * Maximum idle time in milliseconds. Shorter than the timeouts of common servers (Apache and Node 5 s, nginx 75 s): a
 * connection that the server has closed costs a second try. Checked by timestamp as well as by a timer, because timers do
 * not fire while Lambda has frozen the process between two requests.
 */
const KEEP_ALIVE_MS = 4000;
/** Maximum idle connections to one origin, and to all origins together. */
const MAX_IDLE_PER_HOST = 16;
const MAX_IDLE = 128;

/** When each socket became idle, in milliseconds since 1970. */
const idleSince = new WeakMap<Socket, number>();

/** Creates an agent whose connections are pooled by host, port and checked IP addresses. */
function createAgent(Kind: typeof http.Agent | typeof https.Agent) {
  const agent: Agent = new Kind({ keepAlive: true, maxFreeSockets: MAX_IDLE_PER_HOST, timeout: KEEP_ALIVE_MS });
  const getName = agent.getName.bind(agent);
  agent.getName = (options) => `${getName(options)} ${(options as { ips?: readonly string[] }).ips?.join()}`;
  agent.on('free', (socket: Socket) => idleSince.set(socket, Date.now()));
  return agent;
}

const agents = { 'http:': createAgent(http.Agent), 'https:': createAgent(https.Agent) };

/**
 * Returns the options of `http.get` that reuse an idle connection or open one that may be reused. Closes connections that
 * were idle for too long, and those beyond the maximum.
 *
 * @param url of the request; its protocol chooses the agent
 * @param ips the IP addresses that were checked for this request
 */
export function keepAlive(url: URL, ips: readonly string[]) {
  const agent = agents[url.protocol as keyof typeof agents];
  const since = (socket: Socket) => idleSince.get(socket) ?? 0;
  const idleSockets = Object.values(agent.freeSockets).flatMap((sockets = []) => sockets);
  idleSockets.sort((a, b) => since(b) - since(a));
  for (const [i, socket] of idleSockets.entries())
    if (i >= MAX_IDLE || Date.now() - since(socket) > KEEP_ALIVE_MS) socket.destroy();
  return { agent, ips: [...ips].sort() };
}
