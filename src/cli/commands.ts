/** All commands of `pixgate`. A new one is an entry here and a module with its `Command`. */
import type { CommandTable } from './command.ts';

export const COMMANDS: CommandTable = {
  resize: {
    summary: 'resizes image files, URLs or standard input',
    load: async () => (await import('./resize.ts')).resize,
  },
  url: {
    summary: 'prints the URL of a resized image',
    load: async () => (await import('./image-url.ts')).url,
  },
  sign: {
    summary: 'prints a signed URL',
    load: async () => (await import('./image-url.ts')).sign,
  },
  warm: {
    summary: 'renders many images before anybody requests them',
    load: async () => (await import('./warm.ts')).warm,
  },
  convert: {
    summary: 'prints the URLs of pixgate for those of another resizer',
    load: async () => (await import('./convert.ts')).convert,
  },
  keys: {
    summary: 'manages the API keys in a registry file',
    load: async () => (await import('./keys.ts')).KEY_COMMANDS,
  },
  completion: {
    summary: 'prints the completion script of a shell',
    load: async () => (await import('./completion.ts')).completionOf(COMMANDS),
  },
};
