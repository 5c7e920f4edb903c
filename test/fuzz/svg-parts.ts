/** Parts of SVG for the fuzzer: valid ones, and those of attacks. */
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mP4z8AARwzEcQCukw/xOF6MEQAAAABJRU5ErkJggg==';
const GIF = 'data:image/gif;base64,R0lGODlhBAAEAIEAAAAAAP8AAAAA/////ywAAAAABAAEAAACDQzDMAzDMAzDMAzDMAUAOw==';
const INNER = `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><image href="file:///etc/passwd"/></svg>')}`;

/** Whole elements. */
export const ELEMENTS = [
  '<rect width="5" height="5"/>',
  '<text>a&#x4e00;</text>',
  '<g id="a"><path d="M0 0h9"/></g>',
  '<script>alert(1)</script>',
  '<foreignObject><p>a</p></foreignObject>',
  '<switch><g/><foreignObject><p>a</p></foreignObject></switch>',
  '<use href="#a"/>',
  '<use xlink:href="http://elsewhere.example/a.svg#a"/>',
  '<image href="file:///etc/passwd"/>',
  '<image xmlns:y="http://www.w3.org/1999/xlink" y:href="//elsewhere.example/"/>',
  `<image href="${PNG}"/>`,
  `<image width="4" height="4" href="${GIF}"/>`,
  `<image href="${INNER}"/>`,
  '<image href="data:,a"/>',
  '<style>@import "elsewhere.example"; .a{fill:url(//elsewhere.example/)}</style>',
  '<style><![CDATA[@font-face{src:url(//elsewhere.example/f)} g{--a:url(x)}]]></style>',
  '<filter id="f"><feImage href="http://elsewhere.example/"/><feFlood/></filter>',
  '<g filter="url(#f)"/>',
  '<x:rect xmlns:x="http://www.w3.org/2000/svg"/>',
  '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>',
  '<set attributeName="href" to="http://elsewhere.example/"/>',
  '<!-- a -->',
  '<?x?>',
  '<i:pgf xmlns:i="i">a</i:pgf>',
  '<g xmlns=""/>',
  '<a href="javascript:alert(1)"><rect/></a>',
  '<svg viewBox="0 0 2 2"><rect/></svg>',
] as const;

export const ATTRIBUTES = [
  'style="fill:var(--a,red);--a:var(--b)"',
  'transform="rotate(9)" transform-origin="center"',
  'style="transform:scale(2);transform-origin:1px 5%"',
  'filter="url(#f)"',
  'onload="alert(1)"',
  'systemLanguage="de"',
  'width="1e9mm"',
  'viewBox="0 0 1e-9 1e99"',
  'style="background:#0a0"',
  'class="a b"',
  'fill="url(http://elsewhere.example/a) red"',
  "stroke='url(\"//elsewhere.example/'",
  'mask="u\\72l(file:///etc/passwd)"',
  'href="http://elsewhere.example/"',
  'xml:base="http://elsewhere.example/"',
  'fill="var(--a)"',
  'x="&lt;&quot;&#10;"',
  'cursor="url(//elsewhere.example/)"',
  "style='font-family:\"x'",
  'style="a:(;b:[}c:{)"',
  'data-a="--&gt;]]&gt;"',
] as const;

export const CSS = [
  'fill:url(http://elsewhere.example/a);',
  'fill:url("#a");',
  "mask:url('//elsewhere.example/');",
  'filter:u\\72l(file:///etc/passwd);',
  '--a:url(//elsewhere.example);',
  'fill:var(--a);',
  '--a:var(--b);--b:var(--a);',
  'transform-origin:center;',
  '/* url(x) */',
  'content:"}";',
  "content:'\\'};';",
  'a\\:b:c;',
  'mask-image:image-set("x" 1x);',
  'b:expression(alert(1));',
  '}',
  '{',
  'fill:red!important;',
  '\\',
  '"',
  '(',
] as const;

/** Parts of markup, and of attacks. */
export const RAW = [
  '<g>',
  '</g>',
  '<style>',
  '</style>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<switch>',
  '</switch>',
  '@import "elsewhere.example";',
  '@\\69mport url(elsewhere.example);',
  '@media screen{',
  '<!DOCTYPE svg [<!ENTITY a "<image href=\'http://elsewhere.example/\'/>"><!ENTITY b "&a;&a;&a;">]>',
  '<!ENTITY x SYSTEM "file:///etc/passwd">',
  '&a;',
  '&b;',
  '&x;',
  '&lt;',
  '&#0;',
  '&#x10ffff;',
  '<?xml-stylesheet href="http://elsewhere.example/a.css"?>',
  '"',
  "'",
  '<',
  '>',
  '&',
  '/*',
  '*/',
  '\\',
  '{',
  '}',
  '(',
  ')',
  ';',
  '\0',
  '\ufeff',
  '\ud800',
  '\n',
] as const;

/** Entities of one input in three, before its root. */
export const DOCTYPE =
  '<!DOCTYPE svg [<!ENTITY e "<image href=\'http://elsewhere.example/\'/>"><!ENTITY q \'" onload="x\'><!ENTITY d "&e;&e;">]>';

/** Whole files. */
export const WHOLE = [
  `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY st "fill:red">]><svg xmlns="&ns;" xmlns:xlink="http://www.w3.org/1999/xlink" width="20mm" height="10mm" viewBox="0 0 20 10"><style>:root{--c:#0a0} .a, g > rect{fill:var(--c)} @media print{g{fill:url(x)}}</style><defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient><filter id="f"><feGaussianBlur stdDeviation="1"/></filter></defs><g id="a" style="&st;" filter="url(#f)"><rect class="a" width="9" height="9" fill="url(#g)"/></g><use xlink:href="#a"/><text x="1" y="9">Hello <tspan>you</tspan></text></svg>`,
  `<svg xmlns="http://www.w3.org/2000/svg" style="background:#fff"><switch><rect systemLanguage="de" width="5" height="5"/><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject><rect width="9" height="9" transform="rotate(45)" transform-origin="center"/></switch><image href="${PNG}" width="4" height="4"/><image href="${GIF}" width="4" height="4"/><image href="${INNER}" width="4" height="4"/></svg>`,
  '<ns0:svg xmlns:ns0="http://www.w3.org/2000/svg" width="100" height="50"><ns0:rect width="100" height="50" fill="#0a0"/></ns0:svg>',
] as const;
