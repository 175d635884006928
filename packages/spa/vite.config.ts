/** The page's build: served under `/app/`, every asset with its hash, nothing inlined, so that a strict CSP holds. */
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { brotliCopies } from './brotli-copies.ts';
import { firstLoadBudget } from './first-load-budget.ts';

export default defineConfig(({ command, mode }) => {
  // Whoever builds: under a test runner's own setting React would be built for development, and half as large again.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    base: '/app/',
    // Tests of the page build it with the mode `test`, and look at it without Caddy.
    plugins: [
      react(),
      withoutJsonSchema(),
      firstLoadBudget(150_000),
      ...(mode === 'production' ? [brotliCopies()] : []),
    ],
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // firstLoadBudget shows them, sorted by when they are fetched.
      reportCompressedSize: false,
      rolldownOptions: {
        // The schemas of core are built by calls at module level: without this, all of them stay, used or not.
        treeshake: { moduleSideEffects: (id) => !id.includes('/packages/core/') },
      },
    },
    // `npm run dev` beside a running Tidepool: its API with the browser's own sign-in.
    server: { proxy: { '/api': { target: 'http://localhost:8080', changeOrigin: true } } },
  };
});

/**
 * Each zod schema can write itself down as JSON Schema. Only the server does that, for OpenAPI; to the page it is 5 kB of
 * the first load, which no bundler can see to be unused, because every schema points to it.
 */
function withoutJsonSchema(): Plugin {
  return {
    name: 'without-json-schema',
    transform: {
      filter: { id: /\/zod\/v4\/classic\/schemas\.js$/ },
      handler: (code) => {
        const without = code
          .replaceAll(/inst\._zod\.processJSONSchema = .*;/g, '')
          .replaceAll(/create(Standard|To)JSONSchemaMethod\([^)]*\)/g, 'undefined');
        if (without === code) throw new Error('zod has changed: look at withoutJsonSchema in vite.config.ts');
        return { code: without, map: null };
      },
    },
  };
}
