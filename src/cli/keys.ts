/** The commands `pixgate keys …`: they manage the keys of a registry file. */
import { resolve } from 'node:path';
import { type Command, type CommandTable, defineCommand } from './command.ts';
import { add, rotate } from './key-create.ts';
import { formatEntries, formatEntry } from './key-entries.ts';
import { DEFAULT_FILE, FILE, openExisting } from './key-registry.ts';
import { disable, enable, push, remove } from './key-revoke.ts';
import { readEntries } from './registry-file.ts';

const list = defineCommand({
  usage: '[options]',
  description: 'Lists all keys with their states and rules.',
  options: FILE,
  run({ values: { file = DEFAULT_FILE } }) {
    const entries = readEntries(file);
    if (entries.length) console.log(formatEntries(entries, Date.now()));
    else console.error(`There are no keys in ${resolve(file)} yet: pixgate keys add ID`);
  },
});

const show = defineCommand({
  usage: 'ID [options]',
  description: 'Shows all that is stored of the keys of an id, but for secrets.',
  options: FILE,
  run({ values, positionals }) {
    const { own } = openExisting(values.file, positionals);
    console.log(own.map((entry) => formatEntry(entry, Date.now())).join('\n\n'));
  },
});

const entry = (summary: string, command: Command) => ({ summary, load: async () => command });

export const KEY_COMMANDS: CommandTable = {
  add: entry('creates a key', add),
  list: entry('lists all keys with their states and rules', list),
  show: entry('shows the keys of an id', show),
  rotate: entry('creates a new key for an id, and ends its others after an overlap', rotate),
  disable: entry('revokes all keys of an id', disable),
  enable: entry('makes disabled keys valid again', enable),
  remove: entry('removes disabled and expired keys from the registry', remove),
  push: entry('writes the registry to where a deployment reads it', push),
};
