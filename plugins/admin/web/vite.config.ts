import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const kWorthIt = 1024;

/** Text is compressed once, here: to who accepts gzip, the server sends what lies beside a file. The page itself is not among
 *  it: the server puts its base into it. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!/^assets\/.*\.(js|css|svg)$/.test(name)) continue;
      const content = readFileSync(join(dir, name));
      if (content.length >= kWorthIt) writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
    }
  },
};

// The page is served below whatever path a proxy puts in front, so that every address in it is relative; and under a
// policy that allows this server's files only, so that nothing is put inline, not even small images.
export default defineConfig({
  base: './',
  plugins: [react(), compressed],
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
