import { describe, expect, test } from 'vitest';
import { sniff } from '../../src/image/formats/sniff.ts';
import { expandEntities } from '../../src/svg/entities.ts';

const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');

describe('substituted', () => {
  test.each([
    ['no document type', '<svg>&a;</svg>', '<svg>&a;</svg>'],
    ['an external name only', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg.dtd"><svg/>', '<svg/>'],
    ['a namespace', '<!DOCTYPE svg [<!ENTITY n "http://n">]><svg xmlns="&n;"/>', '<svg xmlns="http://n"/>'],
    [
      'single quotes, comments, instructions and other declarations',
      `<?xml version="1.0"?><!-- a --><!DOCTYPE svg SYSTEM 'x' [ <!-- don't ]> --> <?p ]>?><!ELEMENT a (b)><!ATTLIST a b CDATA #FIXED "]>"> <!ENTITY a ']'> ] ><svg>&a;</svg>`,
      '<?xml version="1.0"?><!-- a --><svg>]</svg>',
    ],
    ['an entity in an entity', '<!DOCTYPE svg [<!ENTITY a "&b;&b;"><!ENTITY b "c">]><svg>&a;</svg>', '<svg>cc</svg>'],
    ['the first of two', '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY a "c">]><svg>&a;</svg>', '<svg>b</svg>'],
    ['elements', '<!DOCTYPE svg [<!ENTITY a "<g id=\'b\'/>">]><svg>&a;</svg>', "<svg><g id='b'/></svg>"],
    ['quotes', `<!DOCTYPE svg [<!ENTITY a 'x" onload="y'>]><svg a="&a;"/>`, '<svg a="x&quot; onload=&quot;y"/>'],
    [
      'not in CDATA and comments',
      '<!DOCTYPE svg [<!ENTITY a "b">]><svg><![CDATA[&a;]]><!--&a;--></svg>',
      '<svg><![CDATA[&a;]]><!--&a;--></svg>',
    ],
    [
      'not what is predefined or unknown',
      '<!DOCTYPE svg [<!ENTITY lt "b">]><svg>&lt;&x;&#38;</svg>',
      '<svg>&lt;&x;&#38;</svg>',
    ],
  ])('%s', (_what, text, expected) => expect(expandEntities(text)).toBe(expected));
});

describe('rejected', () => {
  test.each([
    [
      'an external entity',
      '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
      'SOURCE_UNSUPPORTED',
    ],
    ['a public one', '<!DOCTYPE svg [<!ENTITY a PUBLIC "x" "http://x/">]><svg/>', 'SOURCE_UNSUPPORTED'],
    ['an unparsed one', '<!DOCTYPE svg [<!ENTITY a SYSTEM "x.gif" NDATA gif>]><svg/>', 'SOURCE_UNSUPPORTED'],
    ['a parameter entity', '<!DOCTYPE svg [<!ENTITY % a "b">]><svg/>', 'SOURCE_UNSUPPORTED'],
    ['a reference to one', '<!DOCTYPE svg [%a;]><svg/>', 'SOURCE_UNSUPPORTED'],
    ['entities that grow', `<!DOCTYPE svg [<!ENTITY e0 "lol">${laughs}]><svg>&e9;</svg>`, 'IMAGE_TOO_LARGE'],
    [
      'entities that grow wide',
      `<!DOCTYPE svg [<!ENTITY a "${'a'.repeat(10_000)}">]><svg>${'&a;'.repeat(200)}</svg>`,
      'IMAGE_TOO_LARGE',
    ],
    ['an entity of itself', '<!DOCTYPE svg [<!ENTITY a "&a;">]><svg>&a;</svg>', 'IMAGE_TOO_LARGE'],
    ['entities of each other', '<!DOCTYPE svg [<!ENTITY a "&b;"><!ENTITY b "&a;">]><svg>&a;</svg>', 'IMAGE_TOO_LARGE'],
    [
      '1001 entities',
      `<!DOCTYPE svg [${Array.from({ length: 1001 }, (_, i) => `<!ENTITY a${i} "">`).join('')}]><svg/>`,
      'IMAGE_TOO_LARGE',
    ],
    ['a subset without an end', '<!DOCTYPE svg [<!ENTITY a "b"> <svg/>', 'IMAGE_CORRUPT'],
    ['an entity without an end', '<!DOCTYPE svg [<!ENTITY a "b><svg/>', 'SOURCE_UNSUPPORTED'],
  ])('%s', (_what, text, code) => expect(() => expandEntities(text)).toThrowError(expect.objectContaining({ code })));
});

test('an unfinished subset takes linear time', () => {
  const started = performance.now();
  for (const part of ['<!--a-->', '<!ENTITY a "b">', "<!ENTITY a '", '"', '<!--', '%', '<', '<?a?>', '[']) {
    const text = `<!DOCTYPE svg [${part.repeat(4000)}`;
    expect(() => expandEntities(text)).toThrow();
    expect(() => sniff(Buffer.from(text), true)).toThrow();
  }
  expect(performance.now() - started).toBeLessThan(1000);
});

test('an entity with a bracket does not hide the root', () =>
  expect(sniff(Buffer.from('<!DOCTYPE svg [<!-- don\'t ] --><!ENTITY a "]>">]><svg/>'), true)).toBe('svg'));
