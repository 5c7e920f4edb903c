/** Fails the suite if its output or log contains one of the keys and secrets that it works with. */
import { afterAll } from 'vitest';

const SECRETS = ['test-key-1', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', 'hush'];
const leaks: string[] = [];

/** Checks one piece of output. */
export function checkForSecrets(text: string): void {
  if (SECRETS.some((secret) => text.includes(secret))) leaks.push(text.slice(0, 300));
}

/** Checks all further output of this process, and fails at its end. */
export function checkOutputForSecrets(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = ((...args: unknown[]) => {
      checkForSecrets(String(args[0]));
      return write(...args);
    }) as typeof stream.write;
  }
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const print = console[name].bind(console);
    console[name] = (...args: unknown[]) => {
      checkForSecrets(args.map((one) => (one instanceof Error ? `${one.stack}` : String(one))).join(' '));
      print(...args);
    };
  }
  afterAll(() => {
    if (leaks.length)
      throw new Error(`A secret was printed ${leaks.length} times, first in: ${leaks[0]?.replaceAll(/\w{20,}/g, '…')}`);
  });
}
