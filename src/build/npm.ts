/** How to start npm and the SAM CLI on each platform. Pure. */

/** A program with its arguments, for `spawn` and `execFile`. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether a shell is needed: on Windows, where npm and sam are scripts. The arguments must then need no quotes. */
  readonly shell: boolean;
}

export const command = (file: string, args: readonly string[], platform: string): Command => ({
  file,
  args,
  shell: platform === 'win32',
});

/**
 * Returns the command that runs npm: the one that runs this program, if npm does, by Node itself.
 *
 * @param env npm sets `npm_execpath` for its scripts
 * @param node path of Node
 */
export const npmCommand = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { node, platform }: { readonly node: string; readonly platform: string },
): Command =>
  env.npm_execpath && /[\\/]npm-cli\.js$/.test(env.npm_execpath)
    ? { file: node, args: [env.npm_execpath, ...args], shell: false }
    : command('npm', args, platform);
