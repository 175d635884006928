/** Who may import whom: the table of the architecture as data, and the rules that follow from it. */
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'vite';

/** What each package may import of the others. Everything here is `@tidepool/<name>`. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  db: ['core'],
  queue: ['core'],
  runtime: ['core'],
  caddy: ['core'],
  server: ['core', 'db', 'queue'],
  worker: ['core', 'db', 'queue', 'runtime', 'caddy'],
  spa: ['core'],
  cli: ['core', 'runtime'],
};

/** Packages that a browser runs: nothing of Node in them. */
const browserPackages: readonly string[] = ['core', 'spa'];
/** What core may take from outside. */
const coreDependencies: readonly string[] = ['zod'];

/** Loaded in one file only, which says why. */
const loadedIn: Readonly<Record<string, string>> = { 'drizzle-orm': 'packages/db/src/drizzle.ts' };

export interface SourceFile {
  /** From the root of the clone: `packages/db/src/claim.ts`. */
  readonly path: string;
  readonly code: string;
}

export interface Manifest {
  /** From the root of the clone: `packages/db/package.json`. */
  readonly path: string;
  readonly dependencies: readonly string[];
}

export interface Repository {
  readonly files: readonly SourceFile[];
  readonly manifests: readonly Manifest[];
  /** What the root's package.json brings for development: tests may use it. */
  readonly devDependencies: readonly string[];
}

/** One line for each breach: where, what, and what is allowed. */
export function boundaryViolations({ files, manifests, devDependencies }: Repository): string[] {
  const declared = new Map(manifests.map(({ path, dependencies }) => [packageOf(path), dependencies]));
  return [
    ...manifests.flatMap(manifestViolations),
    ...files.flatMap((file) => {
      const own = packageOf(file.path);
      if (own === undefined) return [];
      const allowed = declared.get(own) ?? [];
      return fileViolations(file, own, isTest(file.path) ? [...allowed, ...devDependencies] : allowed);
    }),
  ];
}

function manifestViolations({ path, dependencies }: Manifest): string[] {
  const own = packageOf(path);
  if (own === undefined) return [];
  const table = mayImport[own];
  if (table === undefined)
    return [`${path}: the package «${own}» is not in the table of scripts/package-boundaries.ts`];
  return dependencies.flatMap((dependency) => {
    const other = ownName(dependency);
    if (other !== undefined && !table.includes(other)) return [`${path}: ${own} may not depend on ${dependency}`];
    if (own === 'core' && other === undefined && !coreDependencies.includes(dependency)) {
      return [`${path}: core depends on nothing but ${coreDependencies.join(', ')}, not on ${dependency}`];
    }
    return [];
  });
}

function fileViolations(file: SourceFile, own: string, dependencies: readonly string[]): string[] {
  const { specifiers, code } = read(file);
  const breaches = specifiers.flatMap((specifier) => {
    const breach = importViolation(file.path, own, specifier, dependencies);
    return breach === undefined ? [] : [`${file.path}: ${breach}`];
  });
  const readsEnvironment = /\bprocess\s*\.\s*env\b/.test(code);
  if (readsEnvironment && !isTest(file.path) && !file.path.endsWith('/src/main.ts')) {
    breaches.push(`${file.path}: only main.ts reads process.env; take what is needed as a parameter`);
  }
  return breaches;
}

function importViolation(
  path: string,
  own: string,
  specifier: string,
  dependencies: readonly string[],
): string | undefined {
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(path), specifier));
    if (!target.startsWith(`packages/${own}/`)) return `imports ${specifier}, which lies outside of its package`;
    if (target.endsWith('/src/main.ts')) return `imports ${specifier}: a main.ts is run, never imported`;
    return undefined;
  }
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return `imports ${specifier}: write node:${specifier}`;
    return browserPackages.includes(own) && !isTest(path) ? `${own} runs in a browser: no ${specifier}` : undefined;
  }
  const dependency = dependencyOf(specifier);
  const place = loadedIn[dependency];
  if (place !== undefined && path !== place) return `imports ${dependency}: take it from ${place}`;
  const other = ownName(dependency);
  if (other === undefined) {
    return dependencies.includes(dependency)
      ? undefined
      : `imports ${dependency}, which its package.json does not name`;
  }
  if (specifier !== dependency) return `imports ${specifier}: only the public index, ${dependency}`;
  if (!(mayImport[own] ?? []).includes(other)) return `${own} may not import ${dependency}`;
  return dependencies.includes(dependency) ? undefined : `imports ${dependency}, which its package.json does not name`;
}

/** The specifiers of all imports and re-exports, dynamic ones included, and the code without its comments. */
function read({ path, code }: SourceFile): { specifiers: string[]; code: string } {
  const { module, comments } = parseSync(path, code);
  const fixed = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)].flatMap(
    ({ moduleRequest }) => moduleRequest?.value ?? [],
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const literal = /^(['"`])(.+)\1$/.exec(code.slice(moduleRequest.start, moduleRequest.end))?.[2];
    return literal ?? [];
  });
  let bare = code;
  for (const { start, end } of comments) bare = bare.slice(0, start) + ' '.repeat(end - start) + bare.slice(end);
  return { specifiers: [...new Set([...fixed, ...dynamic])], code: bare };
}

/** `packages/db/src/x.ts` → `db`. */
function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1];
}

/** Tests and the suites they call, and what configures tools. */
function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/contract(-suite)?\.ts$|\/src\/contract\/[^/]+\.ts$|^packages\/[^/]+\/(test\/|[^/]+$)/.test(
    path,
  );
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

/** `@aws-sdk/client-sqs/dist` → `@aws-sdk/client-sqs`; `undici/types` → `undici`. */
function dependencyOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** `@tidepool/db` → `db`. */
function ownName(dependency: string): string | undefined {
  return /^@tidepool\/(.+)$/.exec(dependency)?.[1];
}
