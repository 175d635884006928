/** `tart exec` of the double. */
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { receive, send } from './agent-wire.ts';
import { openMachine, Refusal, runner } from './machines.ts';

const noAgent =
  'Failed to connect to the VM using its control socket: connection refused, is the Tart Guest Agent running?';

/** @returns the status to exit with. @throws Refusal */
export async function execInMachine(tartHome: string, args: readonly string[]): Promise<number> {
  const interactive = args[0] === '-i';
  // Every word after the name is the command's: no "--" is taken away.
  const [name = '', ...command] = interactive ? args.slice(1) : args;
  const machine = openMachine(tartHome, name);
  if ((await runner(machine)) === null) throw new Refusal(`VM "${name}" is not running`, 2);
  const agent = await connected(join(machine.agent, 's'));
  send(agent, { command, interactive });
  if (interactive) {
    process.stdin.on('data', (data: Buffer) => send(agent, { input: data.toString('base64') }));
    process.stdin.on('end', () => send(agent, { input: '' }));
  }
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  receive(agent, (message) => {
    if ('output' in message) process.stdout.write(Buffer.from(message.output, 'base64'));
    if ('errors' in message) process.stderr.write(Buffer.from(message.errors, 'base64'));
    if ('exit' in message) resolve(message.exit & 0xff);
    if ('failure' in message) reject(new Refusal(`Error: unknown (2): ${message.failure}`));
  });
  agent.on('error', () => {}).on('close', () => setImmediate(() => reject(new Refusal('Error: unavailable (14)'))));
  return promise;
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket)).once('error', () => reject(new Refusal(noAgent)));
  });
}
