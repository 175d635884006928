/** The page's build: served under `/app/`, every asset with its hash, nothing inlined, so that a strict CSP holds. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/app/',
  plugins: [react()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The schemas of core are built by calls at module level: without this, all of them stay, used or not.
      treeshake: { moduleSideEffects: (id) => !id.includes('/packages/core/') },
    },
  },
  // `npm run dev` beside a running Tidepool: its API with the browser's own sign-in.
  server: { proxy: { '/api': { target: 'http://localhost:8080', changeOrigin: true } } },
});
