/*
 * Runs before npm start, in any Node: what the server runs on, Node 24, comes with npm ci and is put first by npm.
 * Without it the first line of TypeScript would be a syntax error.
 */
var major = Number(process.versions.node.split('.')[0]);
if (!require('node:fs').existsSync('node_modules/sharp')) {
  console.error('Run this first: npm ci (it brings what the server needs, its own Node 24 included).');
  process.exit(1);
}
if (major < 24) {
  console.error(
    'npm start runs on the Node 24 that npm ci puts into node_modules, and found ' +
      process.version +
      '. Run npm ci again, with Node 20 or newer, and with scripts allowed.',
  );
  process.exit(1);
}
