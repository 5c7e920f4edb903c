/** Creates commands for a shell: curl, and pixgate's own. Pure. */
import { fileName, imageUrl, isTextOutput, pathOf } from './image-urls.ts';
import { isSwitch, omit, withoutOff } from './parameter-values.ts';
import type { State } from './state.ts';

/** Quotes for sh: in single quotes only the single quote itself is special. */
export const quoteShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Suffixes that are output formats. */
const SUFFIXES = ['jpg', 'jpeg', 'png', 'webp', 'avif', 'gif', 'tiff', 'tif'];

/** Returns the name of the output's file, after the source and the width: `cat-640.webp`. */
function outputName({ u, options }: State): string {
  const suffix = /\.(\w{2,4})(?:[?#]|$)/.exec(pathOf(u))?.[1]?.toLowerCase() ?? 'jpg';
  // Without `Accept`, the format is that of the source, where it can be written.
  const automatic = SUFFIXES.includes(suffix) ? suffix : suffix === 'svg' || suffix === 'ico' ? 'png' : 'jpg';
  const extension = options.f && !['auto', 'origin'].includes(options.f) ? options.f : automatic;
  const name = `${fileName(u).replace(/[^\w.-]/g, '') || 'image'}-${options.w ?? options.h ?? 'output'}`;
  return `${name.replace('%', '')}.${extension}`;
}

/** Returns a curl command; for an image it writes a file. */
export function curlCode(state: State, key: string): string {
  const url = quoteShell(imageUrl(state, key));
  return isTextOutput(state) ? `curl ${url}` : `curl -o ${quoteShell(outputName(state))} ${url}`;
}

/** Parameters of a request, which `pixgate resize` has no option for, and those of a mark, which is a file for it. */
export const NOT_IN_RESIZE: readonly string[] =
  'k s u url exp default defaultfor p v maxage filename dl mark mpos mscale malpha mx my'.split(' ');

/** Parameters with a name of one letter that have one dash. */
const SHORT = ['w', 'f', 'q'];

/** Writes parameters as options of a command: `-w 640 --fit=cover --flip`. */
const commandOptions = (options: Readonly<Record<string, string>>): string[] =>
  Object.entries(withoutOff(options)).map(([name, value]) => {
    if (isSwitch(name)) return `--${name}`;
    const text = /^[\w.,:%+-]+$/.test(value) ? value : quoteShell(value);
    return SHORT.includes(name) ? `-${name} ${text}` : `--${name}=${text}`;
  });

/** Networks that the command may fetch from only if told so, by the host of a source on this machine. */
const LOCAL_NETWORKS: readonly (readonly [RegExp, string])[] = [
  [/^https?:\/\/(?:localhost|127\.[\d.]+)(?::\d+)?(?:\/|$)/i, '127.0.0.0/8'],
  [/^https?:\/\/\[::1\](?::\d+)?(?:\/|$)/i, '::1/128'],
];

/** Returns `pixgate resize` for a source: a URL, or the name of a file. */
export function resizeCode(state: State, source = state.u): string {
  const options = omit(state.options, NOT_IN_RESIZE);
  const [, network] = LOCAL_NETWORKS.find(([pattern]) => pattern.test(source)) ?? [];
  const words = [
    ...commandOptions(options),
    ...(network ? [`--source-allowed-networks ${network}`] : []),
    ...(isTextOutput(state) ? [] : [`-o ${quoteShell(outputName(state))}`]),
  ];
  return ['npx pixgate resize', quoteShell(source), ...words].join(' ');
}

/** Returns the commands that write the image to a file, and print its URL. */
export function cliCode(state: State, key: string): string {
  const options = commandOptions(omit(state.options, ['k', 's', 'u', 'url', 'exp']));
  const url = ['npx pixgate url', quoteShell(state.u), `--base ${quoteShell(state.base)}`, ...options].join(' ');
  return [
    '# Resizes the image on this machine.',
    resizeCode(state),
    '',
    '# Prints its URL.',
    key ? `echo ${quoteShell(key)} | ${url}` : `${url} --anonymous`,
  ].join('\n');
}
