/**
 * Repairs the head of a response that browsers read and Node's strict parser refuses (RFC 9112, 2.2, 5 and 6.3). Used on a
 * connection of its own, which is closed after the response: whatever follows on it is never read.
 */
import type { Socket } from 'node:net';

/** Maximum bytes of the head of a response; those of browsers are larger. */
export const MAX_HEAD_BYTES = 65_536;

const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Joins folded lines, and splits lines into names and values; lines that are no field are left out. */
function parseFields(lines: readonly string[]): [name: string, value: string][] {
  const fields: [string, string][] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last) last[1] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trimEnd();
    if (TOKEN.test(name)) fields.push([name, line.slice(colon + 1)]);
  }
  return fields;
}

/** Returns the fields with one spelling of the length. Two that differ stay: the parser refuses them. */
function repairFraming(fields: [string, string][]): [string, string][] {
  const valuesOf = (wanted: string) =>
    fields.flatMap(([name, value]) =>
      name.toLowerCase() === wanted ? value.split(',').map((member) => member.trim().toLowerCase()) : [],
    );
  const lengths = new Set(valuesOf('content-length'));
  if (lengths.size > 1) return fields;
  const codings = valuesOf('transfer-encoding').filter((coding) => coding !== 'identity');
  const framing: [string, string][] = codings.length
    ? [['Transfer-Encoding', codings.join(', ')]]
    : [...lengths].map((length) => ['Content-Length', length]);
  return [...fields.filter(([name]) => !/^(?:content-length|transfer-encoding)$/i.test(name)), ...framing];
}

/**
 * Repairs one head: line feeds alone, folded lines, white space before a colon, control characters in a value, lines that are
 * no field, the same `Content-Length` twice, and `Content-Length` beside `Transfer-Encoding`.
 *
 * @param head one character per byte, with the empty line at its end
 */
export function repairHead(head: string): string {
  const [statusLine = '', ...lines] = head.trimEnd().split(/\r?\n/);
  const fields = repairFraming(parseFields(lines)).map(
    ([name, value]) => `${name}: ${value.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, ' ').trim()}`,
  );
  return `${[statusLine.replace(/^HTTP\/1\.[2-9]/, 'HTTP/1.1'), ...fields].join('\r\n')}\r\n\r\n`;
}

/** Returns the number of bytes up to and with the first empty line; -1 without one. */
function headLength(bytes: Buffer): number {
  const end = /\n\r?\n/.exec(bytes.toString('latin1'));
  return end ? end.index + end[0].length : -1;
}

/** Passes the heads of all responses on a new socket through `repairHead` before the parser reads them. */
export function repairResponses(socket: Socket): void {
  const push = socket.push.bind(socket);
  let chunks: Buffer[] = [];
  let length = 0;
  let isBody = false;
  const flush = () => {
    const bytes = Buffer.concat(chunks);
    [chunks, length] = [[], 0];
    return bytes.length === 0 || push(bytes);
  };
  socket.push = (chunk: Buffer | null) => {
    if (isBody) return push(chunk);
    if (chunk === null) {
      flush();
      return push(null);
    }
    // Only the end of what came before is searched again, however small the chunks are.
    const overlap = chunks.at(-1)?.subarray(-3) ?? Buffer.alloc(0);
    chunks.push(chunk);
    length += chunk.length;
    if (headLength(Buffer.concat([overlap, chunk])) < 0) {
      isBody = length > MAX_HEAD_BYTES;
      return isBody ? flush() : true;
    }
    const bytes = Buffer.concat(chunks);
    [chunks, length] = [[], 0];
    const end = headLength(bytes);
    const head = bytes.toString('latin1', 0, end);
    const isFinal = !/^HTTP\/1\.\d 1(?!01)\d\d/.test(head);
    isBody = isFinal;
    const rest = bytes.subarray(end);
    const repaired = Buffer.from(repairHead(head), 'latin1');
    if (isFinal) return push(Buffer.concat([repaired, rest]));
    push(repaired);
    return rest.length === 0 || socket.push(rest);
  };
}
