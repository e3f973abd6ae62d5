import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The page is served below whatever path a proxy puts in front, so that every address in it is relative; and under a
// policy that allows this server's files only, so that nothing is put inline, not even small images.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: process.env.FERMATA_WEB_OUT ?? 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    cssCodeSplit: false, // a page that is loaded after the archive was away would be without its styles
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: true,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/dicom-web': 'http://127.0.0.1:8080' } },
  test: { include: ['tests/unit/**/*.test.ts'] },
});
