import { expect, test } from 'vitest';
import { portsIn } from './listening-ports.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const rest = '00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0\n';
const row = (sl: string, local: string, state: string) =>
  `${sl.padStart(4)}: ${local} ${'0'.repeat(local.length - 5)}:0000 ${state} ${rest}`;

test('what listens on 127.0.0.1, or on all addresses, is reached', () => {
  expect(portsIn(head + row('0', '0100007F:0BB8', '0A') + row('1', '00000000:1F90', '0A'))).toEqual([3000, 8080]);
});

test('what listens on another address only, or is a connection, is not', () => {
  const others = row('0', '0500A8C0:0BB8', '0A') + row('1', '0100007F:0BB9', '01') + row('12', '0200007F:0BBA', '0A');
  expect(portsIn(head + others)).toEqual([]);
});

test('of IPv6 all addresses and the mapped one are reached, and ::1 is not', () => {
  const table =
    row('0', '00000000000000000000000000000000:0BB8', '0A') +
    row('1', '0000000000000000FFFF00000100007F:0BB9', '0A') +
    row('2', '00000000000000000000000001000000:0BBA', '0A');
  expect(portsIn(head + table)).toEqual([3000, 3001]);
});

test('a table that was cut off gives its whole lines', () => {
  const whole = head + row('0', '0100007F:0BB8', '0A');
  expect(portsIn(`${whole}   1: 0100007F:0BB`)).toEqual([3000]);
});
