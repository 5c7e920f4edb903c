/** Whatever the suite prints or logs must not hold the keys and secrets that it works with. */
import { afterAll } from 'vitest';

const SECRETS = ['test-key-1', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', 'hush'];
const leaks: string[] = [];

/** Looks at one piece of output. */
export function watch(text: string): void {
  if (SECRETS.some((secret) => text.includes(secret))) leaks.push(text.slice(0, 300));
}

/** Looks at all that this process prints from now on, and fails at its end. */
export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((...args: unknown[]) => {
      watch(String(args[0]));
      return write(...args);
    }) as typeof stream.write;
  }
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const print = console[name].bind(console);
    console[name] = (...args: unknown[]) => {
      watch(args.map((one) => (one instanceof Error ? `${one.stack}` : String(one))).join(' '));
      print(...args);
    };
  }
  afterAll(() => {
    if (leaks.length)
      throw new Error(`A secret was printed ${leaks.length} times, first in: ${leaks[0]?.replaceAll(/\w{20,}/g, '…')}`);
  });
}
