import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { signInDocument } from './sign-in-document.ts';

const conditions = ['@sandport/source', 'module', 'browser', 'development|production'];

/** The page is built beside the server that serves it. While it is written, its calls go to a server that runs already. */
export default defineConfig({
  base: '/admin/',
  plugins: [react(), signInDocument({ conditions })],
  resolve: {
    // The form library would turn descriptions into markup. Ours are plain text, and the page is lighter without.
    alias: { 'markdown-to-jsx/react': fileURLToPath(new URL('src/pages/providers/form/plain-markup.ts', import.meta.url)) },
    conditions,
  },
  // Whose code is in the page is said beside it, with their licences.
  build: { outDir: '../dist/page', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, license: { fileName: 'THIRD-PARTY.txt' } },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:7420' } },
});
