/** Names in `index.html` what the entry imports at once though dynamically, so that it is fetched beside it, not behind it. */
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

/** @param module the end of the path of what the entry imports */
export function preloadStart(module: string): Plugin {
  let base = '/';
  return {
    name: 'tidepool:preload-start',
    apply: 'build',
    configResolved: (config) => {
      base = config.base;
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) =>
        scriptsOf(bundle, module)
          .map((fileName) => `${base}${fileName}`)
          .filter((href) => !html.includes(`"${href}"`))
          .map((href): HtmlTagDescriptor => {
            return { tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href }, injectTo: 'head' };
          }),
    },
  };
}

function scriptsOf(bundle: Rolldown.OutputBundle, module: string): readonly string[] {
  const parts = Object.values(bundle).filter((part) => part.type === 'chunk');
  const start = parts.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(module)));
  if (!start) throw new Error(`The build has no part with ${module}.`);
  const found = new Set<string>();
  const add = (fileName: string): void => {
    if (found.has(fileName)) return;
    found.add(fileName);
    for (const each of parts.find((part) => part.fileName === fileName)?.imports ?? []) add(each);
  };
  add(start.fileName);
  return [...found];
}
