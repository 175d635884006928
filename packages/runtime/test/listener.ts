/**
 * Listens on TCP and UDP port ARGV[2], at every address, and writes a line for whatever arrives. With ARGV[3] it answers
 * DNS at that address too, every question with ARGV[4]. Run by `lan.ts`.
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [port = '0', resolver, answer] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const listening: Promise<unknown>[] = [];

const tcp = createServer((socket) => {
  say(`tcp ${port} at ${socket.localAddress?.replace('::ffff:', '')}`);
  socket.on('error', () => socket.destroy());
  socket.end('hello\n');
});
listening.push(new Promise((resolve) => tcp.listen(Number(port), '::', () => resolve(null))));

const udp = createSocket({ type: 'udp6' }, (data) => say(`udp ${port} ${data}`));
listening.push(new Promise((resolve) => udp.bind(Number(port), '::', () => resolve(null))));

if (resolver !== undefined && answer !== undefined) {
  const dns = createSocket({ type: 'udp4' }, (query, from) => {
    say('dns');
    dns.send(addressAnswer(query, answer), from.port, from.address);
  });
  listening.push(new Promise((resolve) => dns.bind(53, resolver, () => resolve(null))));
  const dnsByTcp = createServer((socket) => socket.on('error', () => {}).end(() => say('dns by tcp')));
  listening.push(new Promise((resolve) => dnsByTcp.listen(53, resolver, () => resolve(null))));
}

await Promise.all(listening);
say('ready');

/** The question back, with one A record where it asks for A (RFC 1035, 4.1), else with none. */
function addressAnswer(query: Buffer, address: string): Buffer {
  let end = 12;
  while ((query[end] ?? 0) !== 0) end += (query[end] ?? 0) + 1;
  const question = query.subarray(12, end + 5);
  const asksForAddress = query.readUInt16BE(end + 1) === 1;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(asksForAddress ? 1 : 0, 6);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([header, question, ...(asksForAddress ? [record] : [])]);
}
