/** ElasticMQ's jars, fetched from Maven Central once and kept in a cache that homes and clones share. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { elasticMqVersion } from './release.ts';

/** Milliseconds that the download may take: 37 MB. */
const patience = 600_000;

/** @param cache such as `~/.cache/tidepool` */
export function jarsDirectory(cache: string): string {
  return join(cache, `elasticmq-${elasticMqVersion}`);
}

/**
 * Safe when two do it at once: each into a directory of its own, and the first to rename it to the final name wins. What
 * one that was killed left behind is removed by the next.
 */
export async function fetchJars(cache: string, signal: AbortSignal): Promise<string> {
  const jars = jarsDirectory(cache);
  if (existsSync(jars)) return jars;
  await mkdir(cache, { recursive: true });
  await removeLeftovers(jars);
  const work = await mkdtemp(`${jars}.part-${process.pid}-`);
  try {
    await writeFile(join(work, 'pom.xml'), pom);
    const args = ['-q', '-B', '-f', join(work, 'pom.xml'), 'dependency:copy-dependencies', '-DoutputDirectory=lib'];
    await promisify(execFile)('mvn', args, { timeout: patience, signal });
    await rename(join(work, 'lib'), jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return jars;
}

async function removeLeftovers(jars: string): Promise<void> {
  const prefix = `${basename(jars)}.part-`;
  for (const name of await readdir(dirname(jars))) {
    if (!name.startsWith(prefix) || isProcess(Number.parseInt(name.slice(prefix.length), 10))) continue;
    await rm(join(dirname(jars), name), { recursive: true, force: true });
  }
}

/** Whether there is a process of that number, ours or another's. */
function isProcess(pid: number): boolean {
  if (Number.isNaN(pid)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    return true;
  }
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tidepool</groupId>
  <artifactId>elasticmq-of-tidepool</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.elasticmq</groupId>
      <artifactId>elasticmq-server_2.13</artifactId>
      <version>${elasticMqVersion}</version>
    </dependency>
  </dependencies>
</project>
`;
