/** The API of the Tidepool on this host, as its owner asks it. */
import { type Client, type Config, createClient } from '@tidepool/core';
import type { Credentials } from '../home/secrets.ts';

export function localApi(config: Config, { user, password }: Credentials): Client {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return createClient({ baseUrl: localAddress(config), headers: { authorization } });
}

/** Where this host itself reaches the page, whatever else Caddy listens on. */
export function localAddress({ bind, ports }: Config): string {
  const everywhere = bind === '0.0.0.0' || bind === '::' || bind === '127.0.0.1';
  const host = bind.includes(':') ? `[${bind}]` : bind;
  return `http://${everywhere ? 'localhost' : host}:${ports.app}`;
}
