/*
 * Runs before npm start, in any Node: what the server runs on, Node 24, comes with npm ci and is put first by npm.
 * Without it the first line of TypeScript would be a syntax error.
 */
var fs = require('node:fs');

function fault() {
  if (!fs.existsSync('node_modules/sharp'))
    return 'Run this first: npm ci (it brings what the server needs, its own Node 24 included).';
  if (Number(process.versions.node.split('.')[0]) < 24)
    return `npm start runs on the Node 24 that npm ci puts into node_modules, and found ${process.version}. Run npm ci again, with scripts allowed.`;
  try {
    require('sharp');
  } catch {
    // npm before Node 20 leaves it out without a word, and so does one that ran on another machine.
    return 'sharp, which makes the pictures, has no library for this machine. Run npm ci again, here and by Node 20 or newer.';
  }
  return undefined;
}

const found = fault();
if (found) {
  console.error(found);
  process.exit(1);
}
