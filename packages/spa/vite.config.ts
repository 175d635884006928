/** The page's build: served under `/app/`, every asset with its hash, nothing inlined, so that a strict CSP holds. */
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { brotliCopies } from './brotli-copies.ts';
import { firstLoadBudget } from './first-load-budget.ts';
import { preloadStart } from './preload-start.ts';

export default defineConfig(({ command, mode }) => {
  // Whoever builds: under a test runner's own setting React would be built for development, and half as large again.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    base: '/app/',
    // Tests of the page build it with the mode `test`, and look at it without Caddy.
    plugins: [
      react(),
      withoutJsonSchema(),
      withoutEval(),
      preloadStart('/src/start.tsx'),
      firstLoadBudget(130_000),
      ...(mode === 'production' ? [brotliCopies()] : []),
    ],
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // firstLoadBudget shows them, sorted by when they are fetched.
      reportCompressedSize: false,
      rolldownOptions: {
        output: { codeSplitting: { groups: parts } },
        // The schemas of core are built by calls at module level: without this, all of them stay, used or not.
        treeshake: { moduleSideEffects: (id) => !id.includes('/packages/core/') },
      },
    },
    // `npm run dev` beside a running Tidepool: its API with the browser's own sign-in.
    server: { proxy: { '/api': { target: 'http://localhost:8080', changeOrigin: true } } },
  };
});

/**
 * What would be dozens of small files, because later parts share it in many ways. Each is with all that it imports, but for
 * what an earlier one has.
 */
const parts = [
  { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\/|preload-helper/, priority: 3 },
  { name: 'start', test: /\/src\/start\.tsx$/, priority: 2 },
  { name: 'schemas', test: /node_modules\/zod\/|core\/src\/(events|problem)\.ts$/, priority: 1 },
];

/** zod would compile its parsers with `new Function`, which our CSP forbids and reports. It has to know before any schema is made. */
function withoutEval(): Plugin {
  return {
    name: 'without-eval',
    transform: {
      filter: { id: /\/zod\/v4\/core\/core\.js$/ },
      handler: (code) => {
        const without = code.replace('.__zod_globalConfig = {}', '.__zod_globalConfig = { jitless: true }');
        if (without === code) throw new Error('zod has changed: look at withoutEval in vite.config.ts');
        return { code: without, map: null };
      },
    },
  };
}

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
