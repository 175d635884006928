/** The `tidepool` command. */
import { TidepoolError } from '@tidepool/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { cloneSource } from './commands/clone-source.ts';
import { create } from './commands/create.ts';
import { createTerminal, readConfig } from './commands/environment.ts';
import { exec } from './commands/exec.ts';
import { findingsTable } from './commands/findings.ts';
import { type ImageCommand, imageBuild, imageList, imageRemove } from './commands/image.ts';
import { jobs } from './commands/jobs.ts';
import { type ListQuery, ls } from './commands/ls.ts';
import { type SetupOptions, setup } from './commands/setup.ts';
import { up } from './commands/up.ts';
import { type ImageRuntime, imageRuntimes } from './images/image-target.ts';
import { lookBeforeStart } from './images/look-before-start.ts';

const terminal = createTerminal(process.stdout, process.stderr);

const program = new Command('tidepool')
  .description('A private cloud IDE on one host.')
  .showHelpAfterError('See `tidepool --help` for what there is.')
  .addHelpText('after', '\nEverything else is set by environment variables: docs/configuration.md.')
  .enablePositionalOptions()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program
  .command('up')
  .description('make this machine ready, start Tidepool and keep it running (what `npm start` does)')
  .addHelpText('after', '\nExamples:\n  tidepool up\n  TIDEPOOL_HOME=/srv/tidepool TIDEPOOL_APP_PORT=9000 tidepool up')
  .action(async () => {
    const ending = new AbortController();
    const hurry = new AbortController();
    // run.sh has the kernel send this when npm is gone. While we are ending we go on; else we were meant to be killed.
    process.on('SIGUSR2', () => ending.signal.aborted || process.exit(1));
    // npm passes a Ctrl-C on that the terminal has sent already: what comes at once is the same one.
    let asked = Number.POSITIVE_INFINITY;
    const end = () => {
      if (!ending.signal.aborted) asked = performance.now();
      else if (performance.now() - asked > 300) hurry.abort();
      ending.abort();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
    process.exit(
      await up({
        config: readConfig(process.env),
        env: process.env,
        terminal,
        ending: ending.signal,
        hurry: hurry.signal,
      }),
    );
  });

program
  .command('doctor')
  .description('say what this machine has and lacks, and change nothing')
  .option('--json', 'as JSON')
  .addHelpText('after', '\nEnds with 1 where something is missing that Tidepool cannot start without.')
  .action(async ({ json }: { readonly json?: true }) => {
    const config = readConfig(process.env);
    const findings = await lookBeforeStart(config, AbortSignal.timeout(60_000));
    process.stdout.write(`${json ? JSON.stringify(findings, null, 2) : findingsTable(findings)}\n`);
    process.exit(findings.some(({ status }) => status === 'failed') ? 1 : 0);
  });

program
  .command('setup')
  .description('make a runtime ready for Tidepool')
  .command('incus')
  .description("install and start Incus where it is missing, and make the pool, bridge and project that are Tidepool's")
  .option('--check', 'say what is there and what is missing, and change nothing')
  .option('--json', 'with --check: as JSON')
  .option('--undo', 'take away what the set-up made, and nothing else')
  .option('-y, --yes', 'do not ask')
  .option('--dir <directory>', "the daemon's directory (default: INCUS_DIR, or /var/lib/incus)")
  .option('--pool-size <GiB>', 'of a new pool (default: a third of the free disk, 20 to 200)')
  .option('--subnet <range>', 'addresses of a new bridge (default: the first free one from 10.77.0.0/22 on)')
  .addHelpText(
    'after',
    '\nIt says what it will change, and asks. Run again it goes on from where it is.\nExamples:\n  tidepool setup incus\n  tidepool setup incus --yes --pool-size 50 --subnet 10.80.0.0/22\n  tidepool setup incus --check\n\nMore, also about an Incus on another machine: docs/incus.md.',
  )
  .action(async ({ dir, ...options }: SetupOptions & { readonly dir?: string }) => {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
    const env = dir === undefined ? process.env : { ...process.env, INCUS_DIR: dir, TIDEPOOL_INCUS_URL: undefined };
    process.exit(await setup({ config: readConfig(env), env, options, terminal, signal: interrupted.signal }));
  });

const image = program.command('image').description('what workspaces are made of: build, list, remove');

/** Every image command has it. */
const ofRuntime = () =>
  new Option('--runtime <runtime>', 'for which runtime (default: the one that this home has)').choices(imageRuntimes);

image
  .command('build')
  .description('build the image that new workspaces are made from; where it is built, nothing is done')
  .argument('[name]', 'of the image', 'workspace')
  .addOption(ofRuntime())
  .addHelpText(
    'after',
    '\nAn interrupted build goes on where it was. It counts when it was tried: it boots, and the editor answers.\nExamples:\n  tidepool image build\n  tidepool image build --runtime incus',
  )
  .action(async (name: string, options: ImageOptions) => process.exit(await imageBuild(imageCommand(options), name)));

image
  .command('ls')
  .description('list the images that are there, and the workspaces made of each')
  .addOption(ofRuntime())
  .option('--json', 'as JSON')
  .action(async (options: ImageOptions) => process.exit(await imageList(imageCommand(options), options.json ?? false)));

image
  .command('rm')
  .description('remove an image of which no workspace is made')
  .argument('<reference>', 'such as workspace@0123456789ab, as `tidepool image ls` shows it')
  .addOption(ofRuntime())
  .option('--force', 'also the one that new workspaces are made from')
  .action(async (reference: string, options: ImageOptions) =>
    process.exit(await imageRemove(imageCommand(options), reference, options.force ?? false)),
  );

interface ImageOptions {
  readonly runtime?: ImageRuntime;
  readonly json?: true;
  readonly force?: true;
}

function imageCommand({ runtime }: ImageOptions): ImageCommand {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => interrupted.abort());
  const config = readConfig(process.env);
  return { config, env: process.env, runtime: runtime ?? null, terminal, signal: interrupted.signal };
}

program
  .command('ls')
  .description('list the workspaces, with what they take, when they were used and their ports')
  .option('--status <statuses>', 'those in one of these, such as running,error')
  .option('--search <text>', "part of a name, an image or a port's label; or a port's number")
  .addOption(new Option('--sort <order>', 'by what (default: name)').choices(['name', 'lastUsed', '-lastUsed']))
  .option('--json', 'as JSON, all that the API says of them')
  .addHelpText(
    'after',
    '\nlastUsed begins with those that were never used, then the least recently used; -lastUsed is the other way round.\nExamples:\n  tidepool ls --status running --sort lastUsed\n  tidepool ls --search web --json',
  )
  .action(({ json = false, ...query }: ListQuery & { readonly json?: boolean }) =>
    ls({ config: readConfig(process.env), query, json, terminal }),
  );

program
  .command('jobs')
  .description('list what was asked for last, and what became of it')
  .option('--failed', 'only what failed, with the reason')
  .option('--json', 'as JSON, all that the API says of them')
  .action(({ failed = false, json = false }: { readonly failed?: boolean; readonly json?: boolean }) =>
    jobs({ config: readConfig(process.env), failed, json, terminal }),
  );

program
  .command('create')
  .description('make a workspace and start it; ends when it runs')
  .argument('<name>', 'of the workspace')
  .option('--git <url>', 'a Git repository to begin with, by https://; without user or token')
  .option('--ref <ref>', 'with --git: a branch, a tag or a commit (default: what the repository has as its own)')
  .option('--cpus <count>', 'cores', wholeNumber)
  .option('--memory <MiB>', 'memory', wholeNumber)
  .option('--disk <GiB>', 'disk, where the runtime limits it', wholeNumber)
  .option('--image <name>', 'made from which image (default: workspace)')
  .addHelpText(
    'after',
    '\nExamples:\n  tidepool create web-app\n  tidepool create web-app --git https://example.org/team/project.git --ref develop',
  )
  .action(async (name: string, { git, ref, cpus, memory, disk, image }: NewOptions, self: Command) => {
    if (ref !== undefined && git === undefined) self.error("error: option '--ref <ref>' needs '--git <url>'");
    const source = git === undefined ? undefined : { git, ref };
    const body = { name, source, cpus, memoryMiB: memory, diskGiB: disk, image };
    process.exit(await create({ config: readConfig(process.env), body, terminal }));
  });

interface NewOptions {
  readonly git?: string;
  readonly ref?: string;
  readonly cpus?: number;
  readonly memory?: number;
  readonly disk?: number;
  readonly image?: string;
}

program
  .command('clone-source')
  .description('clone the repository that a running workspace was to begin with, where that failed')
  .argument('<name>', "the workspace's name or id")
  .action(async (name: string) => process.exit(await cloneSource({ config: readConfig(process.env), name, terminal })));

program
  .command('exec')
  .description("run a command in a running workspace, as its user, in its project's folder")
  .argument('<name>', "the workspace's name or id")
  .argument('<command...>', 'the command, behind --')
  // What begins with a hyphen behind the name is the command's own.
  .passThroughOptions()
  .addHelpText(
    'after',
    '\nExamples:\n  tidepool exec web-app -- git status\n  tidepool exec web-app -- sh -c "cat > notes.txt" < notes.txt',
  )
  .action(async (name: string, words: string[], _options: unknown, self: Command) => {
    // Passed on as it stands, so the -- before the command is among them.
    const command = words[0] === '--' ? words.slice(1) : words;
    if (command.length === 0) self.error("error: missing required argument 'command'");
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
    const { stdin, stdout, stderr } = process;
    const streams = { stdin, stdout, stderr };
    process.exit(await exec({ config: readConfig(process.env), name, command, streams, signal: interrupted.signal }));
  });

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof TidepoolError)) throw error;
  terminal.complain(`${error.message}\n${error.fix}`);
  process.exit(1);
}
