/** How ElasticMQ is run: by Java from its jars, or in a container. Either reads the one configuration. */
import { join } from 'node:path';
import { elasticMqConfig, elasticMqImage } from './release.ts';

export type ElasticMqEngine =
  /** `jars`: the directory that they are in. */
  | { readonly kind: 'java'; readonly jars: string }
  /** `user`: who owns the data, as `uid:gid`; the image's own user could not write there. */
  | { readonly kind: 'docker'; readonly container: string; readonly user: string };

export interface ElasticMqPlace {
  /** Absolute; where it keeps its messages. */
  readonly data: string;
  /** On 127.0.0.1. */
  readonly port: number;
}

/** 128 MiB of heap are plenty for nudges, and the quick one of Java's two compilers: so it starts in half the time. */
const machine = ['-Xmx128m', '-XX:TieredStopAtLevel=1'];

export function engineCommand(engine: ElasticMqEngine, { data, port }: ElasticMqPlace): readonly [string, ...string[]] {
  if (engine.kind === 'java') {
    const settings = [`-Dconfig.file=${elasticMqConfig}`, `-DELASTICMQ_PORT=${port}`, `-DELASTICMQ_DATA=${data}`];
    return ['java', ...machine, ...settings, '-cp', join(engine.jars, '*'), 'org.elasticmq.server.Main'];
  }
  return [
    'docker',
    'run',
    '--rm',
    ...['--name', engine.container],
    ...['--user', engine.user],
    ...['--publish', `127.0.0.1:${port}:9324`],
    // The container's own loopback would be reached by nobody.
    ...['--env', 'ELASTICMQ_BIND=0.0.0.0'],
    ...['--env', `JAVA_OPTS=${machine.join(' ')}`],
    ...['--mount', `type=bind,source=${elasticMqConfig},target=/opt/elasticmq.conf,readonly`],
    ...['--mount', `type=bind,source=${data},target=/data`],
    elasticMqImage,
  ];
}
