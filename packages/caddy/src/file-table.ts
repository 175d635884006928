/**
 * The file table: which address a path leads to stands in the name of an empty file, looked up at each request, so that a
 * route comes and goes without a change of the config. `file-routes.ts` writes the files.
 *
 *     ROUTES/<workspace>/ide/<address>          /workspace/<workspace>/*, prefix cut
 *     ROUTES/<workspace>/<port>/<address>       /workspace/<workspace>/port/<port>/*, prefix cut
 *     ROUTES/<workspace>/<port>-kept/<address>  the same, the application sees the whole path
 */
import type { BaseConfigInput } from './base-config.ts';
import { type HttpRoute, subroute } from './caddy-json.ts';
import { type Manner, paths, toInstance } from './instance-proxy.ts';

export function fileTable(input: BaseConfigInput): readonly HttpRoute[] {
  const found = { placeholder: '{http.matchers.file.relative}', before: '/' } as const;
  const route = (place: string, manner: Manner): HttpRoute => ({
    // An address has a colon; what a file manager leaves behind has none.
    match: [{ file: { root: input.directories.routes, try_files: [`${place}/*:*`] } }],
    handle: toInstance(input, manner, found),
  });
  const port = '/{http.regexp.port.1}/{http.regexp.port.2}';
  return [
    { group: 'table', match: paths.port, handle: [subroute([route(port, 'cut'), route(`${port}-kept`, 'kept')])] },
    { group: 'table', match: paths.ide, handle: [subroute([route('/{http.regexp.ide.1}/ide', 'ide')])] },
  ];
}
