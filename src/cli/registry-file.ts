/** Reads and writes a registry file, and creates the keys in it. */
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
