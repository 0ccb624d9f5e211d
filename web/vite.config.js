import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// The pages go into the wheel. Names of assets carry their content's hash, so that a build of the same sources gives
// the same files, and browsers may keep them for ever.
export default defineConfig({
  base: './',
  // "tree": templates are built node by node, never through innerHTML, so the policy `trusted-types 'none'` holds.
  plugins: [svelte({ compilerOptions: { fragments: 'tree' } })],
  build: {
    outDir: '../src/tocsin/console/pages',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { index: 'index.html', director: 'director.html', editor: 'editor.html', replay: 'replay.html' } },
  },
  test: { include: ['tests/**/*.test.ts'], environment: 'node' },
});
