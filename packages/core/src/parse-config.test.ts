import { expect, test } from 'vitest';
import { TidepoolError } from './errors.ts';
import { parseConfig } from './parse-config.ts';

const laptop = { cwd: '/srv/clone', homeDirectory: '/home/ada', isRoot: false, totalMemoryMiB: 16_384 };

test('with nothing set, everything has its documented default', () => {
  const config = parseConfig({}, laptop);
  expect(config.home).toBe('/home/ada/.tidepool');
  expect(config.paths.images).toBe('/home/ada/.tidepool/images');
  expect(config.caddy.admin).toBe('unix//home/ada/.tidepool/caddy/admin.sock');
  expect(config.ports).toEqual({ app: 8080, workspace: 8081, api: 7163, guest: 7164 });
  expect(config.bind).toBe('127.0.0.1');
  expect(config.budgetMiB).toBe(14_336);
});

test('as root the home is that of a system service', () => {
  expect(parseConfig({}, { ...laptop, isRoot: true }).home).toBe('/var/lib/tidepool');
});

test.each([
  ['pool', '/srv/clone/pool'],
  ['~/pool', '/home/ada/pool'],
  ['../pool/', '/srv/pool'],
  ['/a/./b//../c', '/a/c'],
])('the home %s becomes absolute: %s', (given, home) => {
  const config = parseConfig({ TIDEPOOL_HOME: given }, laptop);
  expect(config.home).toBe(home);
  expect(config.paths.database).toBe(`${home}/tidepool.db`);
});

test('an empty variable is an unset one', () => {
  expect(parseConfig({ TIDEPOOL_QUEUE_URL: '', TIDEPOOL_HOME: '' }, laptop).queue.url).toBeNull();
});

test.each([
  ['TIDEPOOL_APP_PORT', '80800'],
  ['TIDEPOOL_APP_PORT', 'http'],
  ['TIDEPOOL_APP_PORT', '0'],
  ['TIDEPOOL_BIND', 'localhost'],
  ['TIDEPOOL_RUNTIME', 'docker'],
  ['TIDEPOOL_ROUTES', 'etcd'],
  ['TIDEPOOL_PASSWORD', 'short'],
  ['TIDEPOOL_MEMORY_MIB', '4G'],
  ['TIDEPOOL_APP_ORIGIN', 'https://ide.example.org/app'],
  ['TIDEPOOL_CADDY_ADMIN', '0.0.0.0:2019'],
  ['TIDEPOOL_TART', 'bin/tart'],
  ['TIDEPOOL_TART_IMAGE', 'debian'],
  ['TIDEPOOL_LEASE_SECONDS', 'soon'],
  ['TIDEPOOL_RECONCILE_SECONDS', '0'],
  ['TIDEPOOL_USAGE_SECONDS', '0.0001'],
  ['TIDEPOOL_SWEEP_SECONDS', '2600000'],
  ['TIDEPOOL_HOME', '/srv/{env.HOME}'],
  ['TIDEPOOL_IMAGES', '/srv/ima*ges'],
  ['TIDEPOOL_INCUS_URL', 'http://office.example.org:8443'],
  ['TIDEPOOL_INCUS_NETWORK', 'a-bridge-with-a-long-name'],
  ['TIDEPOOL_INCUS_SUBNET', '10.77.0.1'],
  ['TIDEPOOL_INCUS_SUBNET', '8.8.8.8/8'],
  ['TIDEPOOL_INCUS_TYPE', 'docker'],
  ['TIDEPOOL_QUEUE_URL', 'elasticmq'],
  ['TIDEPOOL_QUEUE_URL', 'sqs://127.0.0.1:9324'],
  ['TIDEPOOL_QUEUE_URL', 'https://key:100%secret@sqs.eu-west-1.amazonaws.com'],
])('%s=%s stops the start, names the variable and gives an example', (name, value) => {
  const attempt = () => parseConfig({ [name]: value }, laptop);
  expect(attempt).toThrow(TidepoolError);
  expect(attempt).toThrow(new RegExp(`^${name} must be .{10,}`));
});

test.each([
  [{}, '/var/lib/incus/unix.socket'],
  [{ INCUS_DIR: '/srv/incus' }, '/srv/incus/unix.socket'],
  [{ INCUS_DIR: '/srv/incus', TIDEPOOL_INCUS_URL: 'unix:///run/other.socket' }, '/run/other.socket'],
])('with %j Incus is asked at %s', (env, socket) => {
  expect(parseConfig(env, laptop).incus.place).toEqual({ kind: 'unix', socket });
});

test('an Incus elsewhere needs certificates, whose paths become absolute', () => {
  const env = {
    TIDEPOOL_INCUS_URL: 'https://office.example.org:8443/',
    TIDEPOOL_INCUS_CERT: 'c',
    TIDEPOOL_INCUS_KEY: 'k',
  };
  expect(() => parseConfig(env, laptop)).toThrow(/^TIDEPOOL_INCUS_SERVER_CERT must be/);
  expect(parseConfig({ ...env, TIDEPOOL_INCUS_SERVER_CERT: '~/s' }, laptop).incus.place).toEqual({
    kind: 'https',
    url: 'https://office.example.org:8443',
    cert: '/srv/clone/c',
    key: '/srv/clone/k',
    serverCert: '/home/ada/s',
  });
});

test('two listeners on one port are refused, both named', () => {
  expect(() => parseConfig({ TIDEPOOL_API_PORT: '8081' }, laptop)).toThrow(
    /TIDEPOOL_API_PORT.*TIDEPOOL_WORKSPACE_PORT/,
  );
});

test('every wrong variable is named at once', () => {
  expect(() => parseConfig({ TIDEPOOL_BIND: 'x', TIDEPOOL_RUNTIME: 'y' }, laptop)).toThrow(
    /TIDEPOOL_RUNTIME.*TIDEPOOL_BIND/s,
  );
});
