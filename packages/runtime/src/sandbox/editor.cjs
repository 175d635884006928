// Starts code-server inside a workspace, in one process. Its own entry starts a second one and watches over it, which
// costs a quarter of a second and the memory of another Node; here the run's end is seen by Tidepool itself.
// Called as `node editor.cjs ENTRY ARGUMENTS…`, ENTRY being code-server's own `out/node/entry.js`.
const { createRequire, enableCompileCache } = require('node:module');

// What the image's builder compiled already. Not in the environment, where it would be every program's.
enableCompileCache({ directory: '/opt/tidepool/lib/compile-cache', portable: true });

const [entry = '', ...given] = process.argv.splice(2);
process.argv.push(...given);
const ofEditor = createRequire(entry);

// What `out/node/wrapper.js` sets for the process it starts; the parent to be watched is ourselves.
process.env.CODE_SERVER_PARENT_PID = String(process.pid);
process.env.NODE_EXEC_PATH = process.execPath;
const { parse, readConfigFile, setDefaults } = ofEditor('./cli');
const { runCodeServer } = ofEditor('./main');
const { wrapper } = ofEditor('./wrapper');

async function serve() {
  const wanted = parse(given);
  const options = await setDefaults(wanted, await readConfigFile(wanted.config));
  wrapper.preventExit();
  const server = await runCodeServer(options);
  wrapper.onDispose(() => server.dispose());
}

serve().catch((error) => {
  console.error(error);
  wrapper.exit(error);
});
