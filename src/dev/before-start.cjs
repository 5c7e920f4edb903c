/*
 * Checks the installation before npm start, in any Node version. The server needs Node 24: npm ci installs it, and npm puts
 * it first in PATH. In an older Node the first line of TypeScript would be a syntax error.
 */
var fs = require('node:fs');

/** Returns the problem of the installation and its fix; undefined if there is none. */
function findProblem() {
  if (!fs.existsSync('node_modules/sharp'))
    return 'Run this first: npm ci (it installs all dependencies, Node 24 included).';
  if (Number(process.versions.node.split('.')[0]) < 24)
    return `npm start needs the Node 24 that npm ci installs in node_modules, but runs on ${process.version}. Run npm ci again, with scripts allowed.`;
  try {
    require('sharp');
  } catch {
    // The npm of Node versions before 20 skips the optional binary silently; another machine's node_modules has another one.
    return 'sharp has no native binary for this machine. Run npm ci again on this machine, with Node 20 or newer.';
  }
  return undefined;
}

const problem = findProblem();
if (problem) {
  console.error(problem);
  process.exit(1);
}
