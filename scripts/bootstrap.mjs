/**
 * Makes the clone ready to run: dependencies installed as the lock file says. Prints the path of the Node to go on with.
 * Runs on the machine's own Node, so it is plain JavaScript; imports come after the version check because an older one
 * could not even read them.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error(
    `Tidepool needs Node 20 or later; this is ${process.version}. Install a newer one, then run this again.`,
  );
  process.exit(1);
}

const { fileURLToPath } = await import('node:url');
const { prepare } = await import('./bootstrap/prepare.mjs');
const prepared = prepare(fileURLToPath(new URL('..', import.meta.url)));
if ('problem' in prepared) {
  console.error(prepared.problem);
  process.exit(1);
}
console.log(prepared.node);
