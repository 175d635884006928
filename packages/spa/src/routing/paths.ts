/** Every address of the page, below `/app`. The server's own pages link to the same ones. */

/** With its slash: without, the list's own address would be `/app?search=…`, which is not ours. */
export const basename = '/app/';

export const sections = ['ports', 'activity', 'logs', 'settings'] as const;
export type Section = (typeof sections)[number];

export const paths = {
  home: () => '/',
  create: () => '/new',
  host: () => '/host',
  workspace: (name: string) => `/workspaces/${encodeURIComponent(name)}`,
  section: (name: string, section: Section) => `/workspaces/${encodeURIComponent(name)}/${section}`,
  /** The steps of the job at work. */
  watch: (name: string) => `/workspaces/${encodeURIComponent(name)}/watch`,
};
