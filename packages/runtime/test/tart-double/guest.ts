/**
 * What runs in a machine of the double: Tart's agent, and a stand-in for the editor that answers any request with 200 as
 * long as the share is there that the real one's boot reads. Usage: guest.ts ADDRESS AGENT_DELAY_MS IGNORES_POWEROFF
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createAgent, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AgentMessage, receive, send } from './agent-wire.ts';

const [address = '', agentDelayMs = '0', ignoresPoweroff = ''] = process.argv.slice(2);
const share = '/run/tidepool/environment';
const socket = '/run/agent/s';

process.on('SIGTERM', () => {
  if (ignoresPoweroff !== 'true') process.exit(0);
});
mkdirSync('/home/dev/project', { recursive: true });
if (existsSync(share)) {
  const name = /^TIDEPOOL_WORKSPACE="(.*)"$/m.exec(readFileSync(share, 'utf8'))?.[1];
  const editor = createServer((_, response) => response.end(`${name}\n`));
  // Somebody on this host may have the port on all addresses.
  editor.on('error', (error) => console.log(error.message));
  editor.listen(8080, address, () => console.log(`editor of ${name}`));
}
await sleep(Number(agentDelayMs));
rmSync(socket, { force: true });
createAgent(serve).listen(socket);

function serve(client: Socket): void {
  let child: ReturnType<typeof start> | null = null;
  receive(client, (message) => {
    if ('command' in message) child = start(client, message);
    if (!('input' in message)) return;
    if (message.input === '') child?.stdin?.end();
    else child?.stdin?.write(Buffer.from(message.input, 'base64'));
  });
  // Whoever asked is gone: the real agent kills the process that it started, and no other.
  client.on('error', () => {}).on('close', () => child?.kill('SIGKILL'));
}

function start(client: Socket, { command, interactive }: Extract<AgentMessage, { command: unknown }>) {
  const [program = '', ...rest] = command;
  const env = { PATH: '/run/bin:/usr/local/bin:/usr/bin:/bin', HOME: '/', GUEST_PID: String(process.pid) };
  const child = spawn(program, rest, { cwd: '/', env, stdio: [interactive ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  child.stdin?.on('error', () => {});
  const pass = (stream: typeof child.stdout, key: 'output' | 'errors') =>
    stream?.on('data', (data: Buffer) => {
      const text = data.toString('base64');
      if (send(client, key === 'output' ? { output: text } : { errors: text })) return;
      stream.pause();
      client.once('drain', () => stream.resume());
    });
  pass(child.stdout, 'output');
  pass(child.stderr, 'errors');
  child.on('error', () => send(client, { failure: `exec: "${program}": executable file not found in $PATH` }));
  // -1 where a signal ended it, as Go says.
  child.on('close', (code) => {
    send(client, { exit: code ?? -1 });
    client.end();
  });
  return child;
}
