/** npm start as a child process: its output, its responses and its shutdown. */

import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { startOrigin } from '../origin.ts';
import { decodePixels } from '../pixels.ts';
import { request } from '../requests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const started: ChildProcess[] = [];
const outputs: (() => string)[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  // The greeting contains the demo key; the log contains neither a key nor a query.
  for (const output of outputs.splice(0))
    for (const line of output()
      .split('\n')
      .filter((text) => text.startsWith('{')))
      expect(line).not.toMatch(/myKey|[?&]\w+=/);
});

function start(env: Record<string, string> = {}, flags: string[] = []) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...flags, 'src/dev/server.ts'], {
    cwd: root,
    env: { PATH, HOME, PORT: '0', ...env },
  });
  started.push(child);
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = async () => {
    await expect.poll(() => output, { timeout: 20_000 }).toContain('Press Ctrl-C to stop.');
    return /Listening on (\S+)\. Press/.exec(output)?.[1] ?? '';
  };
  outputs.push(() => output);
  return { child, ended, ready, output: () => output };
}

test('the greeting has the URL of an image and a curl command', async () => {
  const { ready, output } = start();
  const base = await ready();
  const [, exampleUrl = ''] = /resized to 320 px:\n +(\S+)/.exec(output()) ?? [];
  const reply = await request(base, exampleUrl.slice(base.length), { accept: 'image/webp' });
  expect(reply.status).toBe(200);
  expect(await decodePixels(reply.body)).toMatchObject({ type: 'image/webp', width: 320, height: 240 });
  expect(output()).toContain(`curl -o small.jpg '${exampleUrl}'`);
  expect(exampleUrl).toContain('k=myKey');
});

test('of its own URLs only the samples may be fetched', async () => {
  const base = await start().ready();
  const requestImage = (u: string) => request(base, `/?k=myKey&w=40&u=${encodeURIComponent(u)}`);
  for (const sample of ['banana.gif', 'cat.webp', 'landscape.jpg', 'logo.svg', 'turned.jpg'])
    expect((await decodePixels((await requestImage(`${base}/samples/${sample}`)).body)).width).toBe(40);
  expect((await requestImage(`${base}/samples/none.jpg`)).status).toBe(404);
  expect((await requestImage(`${base}/?k=myKey`)).status).toBe(403);
  expect((await requestImage('http://127.0.0.1:22/')).status).toBe(403);
});

test('invalid environment variables end the process; the error names all of them', async () => {
  const { ended, output } = start({ PORT: 'x', SOURCE_ALLOWED_NETWORKS: '10.0.0.1', SOURCE_MAX_BYTES: '-1' });
  expect(await ended).toBe(1);
  for (const name of ['PORT', 'SOURCE_ALLOWED_NETWORKS', 'SOURCE_MAX_BYTES']) expect(output()).toContain(name);
  expect(output()).not.toMatch(/\n\s+at /);
});

test('a port in use: the error names it', async () => {
  const origin = await startOrigin();
  const { ended, output } = start({ PORT: String(origin.port) });
  expect(await ended).toBe(1);
  expect(output()).toContain(`Port ${origin.port} is in use`);
  await origin.close();
});

test('Ctrl-C drains: the request in flight gets its response, and the exit code is 0', async () => {
  const origin = await startOrigin({ '/slow.jpg': { framing: 'silent' } });
  const { ready, child, ended } = start({ SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', SOURCE_IDLE_TIMEOUT: '3000' });
  const base = await ready();
  const waiting = request(base, `/?k=myKey&w=1&u=${encodeURIComponent(`${origin.url}/slow.jpg`)}`);
  await expect.poll(() => origin.requests.length).toBe(1);
  child.kill('SIGINT');
  expect((await waiting).status).toBe(504);
  expect(await ended).toBe(0);
  await origin.close();
});

test('Ctrl-C closes keep-alive connections with Connection: close, while other requests are in flight', async () => {
  const origin = await startOrigin({ '/a.jpg': { framing: 'silent' }, '/b.jpg': { framing: 'silent' } });
  const { ready, child, ended } = start({ SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8', SOURCE_IDLE_TIMEOUT: '3000' });
  const base = await ready();
  const target = (path: string) => `/?k=myKey&w=1&u=${encodeURIComponent(origin.url + path)}`;
  const rawRequest = `GET ${target('/a.jpg')} HTTP/1.1\r\nHost: ${new URL(base).host}\r\n\r\n`;
  const keepAlive = net.connect(Number(new URL(base).port), '127.0.0.1', () => keepAlive.write(rawRequest));
  const text = new Promise<string>((resolve) => {
    let responses = '';
    keepAlive.on('data', (data) => (responses += data)).on('close', () => resolve(responses));
  });
  await expect.poll(() => origin.requests.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const otherResponse = request(base, target('/b.jpg'));
  await expect.poll(() => origin.requests.length).toBe(2);
  child.kill('SIGINT');
  // Without the header the client could send another request, and lose its response when the server ends.
  expect(await text).toMatch(/^HTTP\/1\.1 504 [\s\S]*\r\nConnection: close\r\n/i);
  expect((await otherResponse).status).toBe(504);
  expect(await ended).toBe(0);
  await origin.close();
});

test('Ctrl-C does not wait for idle connections', async () => {
  const { ready, child, ended } = start();
  const port = Number(new URL(await ready()).port);
  const idle = net.connect(port, '127.0.0.1').on('error', () => {});
  const incomplete = net.connect(port, '127.0.0.1').on('error', () => {});
  incomplete.write('GET / HTTP/1.1\r\nHost');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const stoppedAt = performance.now();
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(2000);
  idle.destroy();
});

test('an IP address of another machine: the error says so', async () => {
  const { ended, output } = start({ HOST: '192.0.2.1' });
  expect(await ended).toBe(1);
  expect(output()).toContain('HOST=192.0.2.1 is not an IP address of this machine');
});

test('a foreign Host is 421: neither the page nor an image is served (DNS rebinding)', async () => {
  const base = await start({ OWN_HOSTS: 'img.example.com' }).ready();
  const { port } = new URL(base);
  const sample = `/?k=myKey&w=40&u=${encodeURIComponent(`${base}/samples/cat.webp`)}`;
  for (const target of ['/', '/samples/cat.webp', sample]) {
    const reply = await request(base, target, { host: `rebind.example:${port}` });
    expect([reply.status, reply.headers['content-type']], target).toEqual([421, 'application/problem+json']);
    expect(reply.body.toString()).toContain('OWN_HOSTS');
    expect(reply.body.toString()).not.toContain('myKey');
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'img.example.com', `img.example.com:${port}`])
    expect((await request(base, sample, { host })).status, host).toBe(200);
});

describe('hostile clients', () => {
  const raw = (base: string, text: string) =>
    new Promise<string>((resolve) => {
      const socket = net.connect(Number(new URL(base).port), '127.0.0.1', () => socket.write(text));
      let response = '';
      socket.on('data', (data) => (response += data)).on('error', () => {});
      socket.on('close', () => resolve(response));
    });

  test('oversized headers, malformed requests and disconnects do not end the server', async () => {
    const { ready, child } = start();
    const base = await ready();
    expect(
      await raw(base, `GET / HTTP/1.1\r\nHost: ${new URL(base).host}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 431/);
    const { host } = new URL(base);
    expect(
      await raw(base, `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 400.*Send one Host/s);
    expect(await raw(base, 'HELLO\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    expect(await raw(base, 'GET /?k=\u0000 HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    const sample = encodeURIComponent(`${base}/samples/cat.webp`);
    for (let i = 0; i < 20; i++) {
      const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
      socket
        .on('error', () => {})
        .write(`GET /?k=myKey&w=1600&u=${sample} HTTP/1.1\r\nHost: ${new URL(base).host}\r\n\r\n`);
      setTimeout(() => socket.destroy(), i * 5);
    }
    expect((await request(base, `/?k=myKey&w=40&u=${sample}`)).status).toBe(200);
    expect(child.exitCode).toBeNull();
  });

  test('a client that disconnects aborts the fetch', async () => {
    const origin = await startOrigin({ '/slow.jpg': { framing: 'silent' } });
    const base = await start({ SOURCE_ALLOWED_NETWORKS: '127.0.0.0/8' }).ready();
    const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
    socket.write(
      `GET /?k=myKey&w=1&u=${encodeURIComponent(`${origin.url}/slow.jpg`)} HTTP/1.1\r\nHost: ${new URL(base).host}\r\n\r\n`,
    );
    await expect.poll(() => origin.open.size).toBe(1);
    socket.destroy();
    await expect.poll(() => origin.open.size).toBe(0);
    await origin.close();
  });
});

test('every sample is served under the permission model without write access', async () => {
  // Later versions of Node have a network permission, too.
  const network = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : [];
  const flags = ['--permission', '--allow-fs-read=*', '--allow-addons', '--allow-child-process', ...network];
  const { ready, output } = start({ TMPDIR: '/nonexistent' }, flags);
  const base = await ready();
  for (const sample of ['banana.gif', 'cat.webp', 'landscape.jpg', 'logo.svg', 'turned.jpg'])
    for (const f of ['jpg', 'png', 'webp', 'avif', 'gif'])
      expect(
        (await request(base, `/?k=myKey&w=32&f=${f}&u=${encodeURIComponent(`${base}/samples/${sample}`)}`)).status,
      ).toBe(200);
  expect(output()).not.toContain('ERR_ACCESS_DENIED');
});
