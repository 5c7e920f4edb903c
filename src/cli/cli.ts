/** The command `pixgate`. Exit code 2: invalid usage; 1: any other error. */
import manifest from '../../package.json' with { type: 'json' };
import { closestName } from '../schema.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { type CommandTable, isCommand, optionsOf } from './command.ts';
import { COMMANDS } from './commands.ts';
import { errorMessage, exitCode } from './error-message.ts';
import { commandHelp, tableHelp } from './help.ts';

const HELP = ['help', '--help', '-h'];

function unknownCommand(path: string, name: string, table: CommandTable): UsageError {
  const closest = closestName(name, Object.keys(table));
  return new UsageError(
    `Unknown command: ${path} ${name}.${closest ? ` Did you mean ${path} ${closest}?` : ''}\n\n${tableHelp(path, table)}`,
  );
}

/**
 * Runs the command that the arguments begin with.
 *
 * @param path names of the commands before: `pixgate keys`
 */
async function run(path: string, table: CommandTable, [name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || (HELP.includes(name) && args.length === 0)) return console.log(tableHelp(path, table));
  if (HELP.includes(name)) return run(path, table, [...args, '--help']);
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!entry) throw unknownCommand(path, name, table);
  const command = await entry.load();
  const commandPath = `${path} ${name}`;
  if (!isCommand(command)) return run(commandPath, command, args);
  const { values, positionals } = parseArguments(args, optionsOf(command));
  if (values.help) return console.log(commandHelp(commandPath, command));
  const own = Object.entries(values).filter(([option]) => Object.hasOwn(command.options, option));
  const parameters = Object.entries(values).filter(([option]) => !Object.hasOwn(command.options, option));
  await command.run({
    values: Object.fromEntries(own),
    parameters: Object.fromEntries(parameters) as Record<string, string | boolean>,
    positionals,
  });
}

// A reader such as head may end before the output does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const args = process.argv.slice(2);
if (args[0] === '--version') console.log(manifest.version);
else
  run('pixgate', COMMANDS, args).catch((error: unknown) => {
    console.error(errorMessage(error));
    process.exitCode = exitCode(error);
  });
