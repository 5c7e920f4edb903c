/** Checks what librsvg gets of any SVG, with a parser of its own: well-formed, within bounds, and with nothing from elsewhere. */
import { SaxesParser } from 'saxes';
import { ImageError } from '../../src/errors.ts';
import { unescapeCss } from '../../src/svg/css.ts';
import { prepareSvg } from '../../src/svg/prepare.ts';

/** Maximum milliseconds of CPU of one input: of 200,000 characters, on any machine. */
const MAX_MS = 3000;

/** Returns what is wrong in the text that librsvg gets; undefined if nothing is. */
function errorIn(xml: string, depth = 0): string | undefined {
  let error: string | undefined;
  const fail = (message: string) => {
    error ??= message;
  };
  const parser = new SaxesParser({ xmlns: true });
  let style = '';
  let isStyle = false;
  parser.on('doctype', () => fail('a document type'));
  parser.on('processinginstruction', () => fail('a processing instruction'));
  parser.on('comment', () => fail('a comment'));
  parser.on('error', ({ message }) => fail(message));
  parser.on('opentag', ({ local, uri, attributes }) => {
    isStyle = local === 'style';
    if (uri !== 'http://www.w3.org/2000/svg') fail(`an element of ${uri}`);
    if (/^(?:script|foreignObject|set|animate|iframe)$/.test(local)) fail(`an element ${local}`);
    for (const { name, value } of Object.values(attributes)) {
      if (/^on|^xlink:|:(?!space$|lang$)/.test(name)) fail(`an attribute ${name}`);
      const [, data] = /^data:image\/(?:png|jpeg|svg\+xml);base64,([A-Za-z0-9+/=]*)$/.exec(value) ?? [];
      if (name === 'href' && !value.startsWith('#') && data === undefined) fail(`a reference to ${value}`);
      if (name === 'href' && data !== undefined && value.startsWith('data:image/svg'))
        fail2(depth ? 'an SVG two levels deep' : errorIn(Buffer.from(data, 'base64').toString(), depth + 1));
      if (
        !/^(?:id|class|d|points|transform|href|viewBox|values|tableValues|kernelMatrix|preserveAspectRatio)$/.test(name)
      )
        checkCss(value);
    }
  });
  parser.on('text', (text) => {
    if (isStyle) style += text;
  });
  const fail2 = (message: string | undefined) => message !== undefined && fail(message);
  const checkCss = (css: string) => {
    const text = unescapeCss(css);
    if (/@import|@font-face|image-set/i.test(text)) fail('an at-rule');
    for (const [url] of text.matchAll(/url\([^)]*\)?/gi))
      if (!/^url\("#[^"]*"\)$/.test(url)) fail(`a reference ${url}`);
  };
  parser.write(xml).close();
  checkCss(
    style.replaceAll(/"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/g, (text) =>
      text.startsWith('"#') ? text : '""',
    ),
  );
  return error;
}

/** Prepares one input. @returns how it ended: `ok`, or the code of its error; and what is wrong, if anything is */
export async function checkInput(
  bytes: Buffer,
): Promise<{ readonly outcome: string; readonly error?: string | undefined }> {
  const start = process.cpuUsage();
  const elapsed = () => (process.cpuUsage(start).user + process.cpuUsage(start).system) / 1000;
  try {
    const { bytes: xml } = await prepareSvg(bytes);
    const error = elapsed() > MAX_MS ? `${elapsed()} ms` : errorIn(xml.toString());
    return { outcome: 'ok', error };
  } catch (error) {
    if (!(error instanceof ImageError)) return { outcome: 'crash', error: String((error as Error)?.stack ?? error) };
    return { outcome: error.code, error: elapsed() > MAX_MS ? `${elapsed()} ms` : undefined };
  }
}
