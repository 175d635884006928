/** What goes wrong around a start: a port that is taken, a password that was changed. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { run } from './inside.ts';
import { startTidepool, type Tidepool } from './tidepool.ts';

let tidepool: Tidepool;
beforeAll(async () => {
  tidepool = await startTidepool();
});
afterAll(() => tidepool?.dispose());

const basic = (password: string) => `Basic ${Buffer.from(`tidepool:${password}`).toString('base64')}`;

async function status(headers: Readonly<Record<string, string>>): Promise<number> {
  return (await fetch(`${tidepool.appOrigin}/api/workspaces`, { headers })).status;
}

test('a password that was changed between two starts signs everybody out', async () => {
  const cookie = await signedIn();
  expect(await status({ cookie })).toBe(200);
  expect(await status({ authorization: tidepool.authorization })).toBe(200);

  await tidepool.stop();
  await tidepool.startAgain();
  expect(await status({ cookie }), 'the same password keeps sessions').toBe(200);

  await tidepool.stop();
  await tidepool.startAgain({ TIDEPOOL_PASSWORD: 'another horse' });
  expect(await status({ cookie })).toBe(401);
  expect(await status({ authorization: tidepool.authorization })).toBe(401);
  expect(await status({ authorization: basic('another horse') })).toBe(200);
});

test('a port that another program has is named in one line, with the fix', async () => {
  await tidepool.stop();
  const other = createServer().listen(tidepool.ports.workspace, '127.0.0.1');
  await once(other, 'listening');
  try {
    const { code, stdout, stderr } = await run(process.execPath, ['packages/cli/src/main.ts', 'up'], {
      cwd: new URL('..', import.meta.url).pathname,
      env: tidepool.env,
    });
    expect(code).toBe(1);
    const named = `${stdout}${stderr}`.split('\n').filter((line) => line.includes(`${tidepool.ports.workspace}`));
    expect(named).toEqual([
      expect.stringMatching(`Port ${tidepool.ports.workspace} is taken by .+ \\(process ${process.pid}\\)\\.`),
    ]);
    expect(stderr).toMatch(/take another port: TIDEPOOL_WORKSPACE_PORT=\d+ npm start/);
    expect(await tidepool.pids(''), 'nothing was started').toEqual([]);
  } finally {
    other.close();
  }
  await tidepool.startAgain();
});

/** The session's cookie, as a browser has it after signing in. */
async function signedIn(): Promise<string> {
  const { page, context, close } = await openBrowser(tidepool);
  try {
    await page.goto(`${tidepool.appOrigin}/app/`);
    const cookie = (await context.cookies()).find(({ name }) => name === `tidepool_${tidepool.ports.app}`);
    if (cookie === undefined) throw new Error('the browser has no session');
    return `${cookie.name}=${cookie.value}`;
  } finally {
    await close();
  }
}
