/**
 * The machine's apt sources, in both of their forms (sources.list(5)), and the one that we add. It is derived from the
 * source that the release itself comes from, so that mirrors, keys and options of this machine hold for it too.
 */
export interface AptSource {
  readonly enabled: boolean;
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Every other field, by its deb822 name, as it stands: `Signed-By`, `Architectures`, `Trusted` and so on. */
  readonly options: Readonly<Record<string, string>>;
}

/** @param path decides the form: `.sources` is deb822, everything else one line per source */
export function parseAptSources(path: string, text: string): AptSource[] {
  return path.endsWith('.sources') ? parseStanzas(text) : parseLines(text);
}

export function offersSuite(sources: readonly AptSource[], suite: string): boolean {
  return sources.some((source) => isBinary(source) && source.suites.includes(suite) && hasMain(source));
}

/** A source file for another suite of the release's own archive; null where no source of the release is known. */
export function deriveSource(sources: readonly AptSource[], release: string, suite: string): string | null {
  const own = sources.find((source) => isBinary(source) && source.suites.includes(release) && hasMain(source));
  if (own === undefined) return null;
  const options = Object.entries(own.options).map(([name, value]) => `${name}: ${value}`);
  return [
    '# Made by `tidepool setup incus`; `tidepool setup incus --undo` removes it.',
    'Types: deb',
    `URIs: ${own.uris.join(' ')}`,
    `Suites: ${suite}`,
    'Components: main',
    ...options,
    '',
  ].join('\n');
}

function isBinary({ enabled, types }: AptSource): boolean {
  return enabled && types.includes('deb');
}

function hasMain({ components }: AptSource): boolean {
  return components.includes('main');
}

function parseStanzas(text: string): AptSource[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const stanzas = lines.join('\n').split(/\n\s*\n/);
  return stanzas.filter((stanza) => stanza.trim() !== '').map(parseStanza);
}

/** Names of fields are the same in any case; a value goes on in lines that begin with a space. */
function parseStanza(stanza: string): AptSource {
  const fields = new Map<string, { name: string; value: string }>();
  for (const field of stanza.trim().split(/\n(?![ \t])/)) {
    const colon = field.indexOf(':');
    if (colon === -1) continue;
    const name = field.slice(0, colon).trim();
    fields.set(name.toLowerCase(), { name, value: field.slice(colon + 1).trim() });
  }
  const words = (name: string) => (fields.get(name)?.value ?? '').split(/\s+/).filter(Boolean);
  const own = new Set(['enabled', 'types', 'uris', 'suites', 'components']);
  const others = [...fields].filter(([name]) => !own.has(name) && !name.startsWith('x-'));
  return {
    enabled: !['no', 'false', '0'].includes((fields.get('enabled')?.value ?? 'yes').toLowerCase()),
    types: words('types'),
    uris: words('uris'),
    suites: words('suites'),
    components: words('components'),
    options: Object.fromEntries(others.map(([, { name, value }]) => [name, value])),
  };
}

/** The options of the one-line form that are named otherwise in deb822; the rest differ in capitals only. */
const longNames: Readonly<Record<string, string>> = {
  arch: 'Architectures',
  lang: 'Languages',
  target: 'Targets',
};

function parseLines(text: string): AptSource[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return lines.filter((line) => line !== '').flatMap(parseLine);
}

function parseLine(line: string): AptSource[] {
  const found = /^(deb(?:-src)?)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line);
  if (found === null) return [];
  const [, type = '', options = '', uri = '', suite = '', components = ''] = found;
  return [
    {
      enabled: true,
      types: [type],
      uris: [uri],
      suites: [suite],
      components: components.split(/\s+/).filter(Boolean),
      options: Object.fromEntries(options.split(/\s+/).filter(Boolean).flatMap(parseOption)),
    },
  ];
}

/** `arch=amd64,i386` → `Architectures: amd64 i386`. Forms such as `arch+=` change a default that the release sets itself. */
function parseOption(option: string): [string, string][] {
  const equals = option.indexOf('=');
  const name = option.slice(0, equals);
  if (equals < 1 || !/^[a-z-]+$/.test(name)) return [];
  const capitals = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  return [[longNames[name] ?? capitals, option.slice(equals + 1).replaceAll(',', ' ')]];
}
