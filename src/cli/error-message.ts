/** Describes errors for a terminal: without codes of the system, and without a stack. */
import { getSystemErrorMessage } from 'node:util';
import { ImageError } from '../errors.ts';
import { UsageError } from './arguments.ts';

/** Returns the message of an error: that of the system with its path, or the command that installs a missing package. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, code, errno, path } = error as NodeJS.ErrnoException;
  const [, missing] = /^Cannot find package '((?:@[^/']+\/)?[^/']+)/.exec(message) ?? [];
  if (code === 'ERR_MODULE_NOT_FOUND' && missing) return `This needs another package: npm install ${missing}`;
  if (errno === undefined) return message;
  return `${path === undefined ? '' : `${path}: `}${getSystemErrorMessage(errno)}`;
}

/** Returns 2 for invalid usage, and 1 for any other error. */
export const exitCode = (error: unknown): 1 | 2 =>
  error instanceof UsageError || (error instanceof ImageError && error.code === 'QUERY_INVALID') ? 2 : 1;
