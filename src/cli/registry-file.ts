/** Reads, writes and lists a registry file, and creates the keys in it. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { parseKeys, sha256 } from '../keys/registry.ts';
import type { KeyEntry } from '../options.ts';
import { UsageError } from './arguments.ts';

export type Entry = Partial<KeyEntry> & { id: string };

/** Returns the entries of a registry file; none if there is no such file. @throws UsageError for an invalid registry */
export function readEntries(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  try {
    parseKeys(text);
  } catch (error) {
    throw new UsageError(`${file} is not a valid key registry: ${(error as Error).message}`);
  }
  return JSON.parse(text);
}

/**
 * Writes a file that only its owner may read (mode 600), and that an existing file may have been readable by others: its mode
 * is changed before it has the text.
 */
function writeSecret(file: string, text: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    fchmodSync(descriptor, 0o600);
    ftruncateSync(descriptor);
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

/** Validates and writes the entries, readable by the owner only: a registry can hold secrets. @throws UsageError */
export function writeEntries(file: string, entries: readonly Entry[]): void {
  const text = `${JSON.stringify(entries, null, 2)}\n`;
  try {
    parseKeys(text);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  writeSecret(file, text);
}

/**
 * Creates a random key: 160 bits, or a signing secret of 256 bits. The prefix `pxg_` lets secret scanners find it.
 *
 * @returns the credential to print, and the fields that the registry stores: the hash of a plain key, a secret itself
 */
export function createKey(mode: string): { credential: string; stored: Partial<Entry> } {
  if (mode === 'signed') {
    const secret = `pxg_${randomBytes(32).toString('base64url')}`;
    return { credential: secret, stored: { mode: 'signed', secret } };
  }
  const key = `pxg_${randomBytes(20).toString('base64url')}`;
  return { credential: key, stored: { sha256: sha256(key) } };
}

function stateOf({ disabled, notBefore, notAfter }: Entry, now: number): string {
  if (disabled) return 'disabled';
  if (notBefore && Date.parse(notBefore) > now) return `from ${notBefore}`;
  if (notAfter) return Date.parse(notAfter) > now ? `until ${notAfter}` : 'expired';
  return 'valid';
}

/** Formats the entries as a table, a line each: id, mode, first 8 digits of the hash, state, policies; no secret. */
export function formatEntries(entries: readonly Entry[]): string {
  if (!entries.length) return 'There are no keys yet: pixgate keys add ID';
  const rows = entries.map((entry) => {
    const { id, mode = 'plain', sha256: hash, secret: _, notBefore, notAfter, disabled, ...policy } = entry;
    const policies = Object.entries(policy).map(([name, value]) => `${name}=${value}`);
    return [id, mode, hash ? `${hash.slice(0, 8)}…` : '', stateOf(entry, Date.now()), policies.join(' ')];
  });
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
