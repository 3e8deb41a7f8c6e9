import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { fakeApi } from './dev/fake-api-plugin.ts';

/** The service to talk to in development; without it the small fake of dev/ answers. */
const service = process.env.NIGHTJAR_URL;

/** As the service sends it: Mantine puts its variables into a style element. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

export default defineConfig({
  plugins: [react(), ...(service ? [] : [fakeApi()])],
  build: {
    target: 'es2023',
    sourcemap: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
  preview: {
    port: 5741,
    headers: { 'Content-Security-Policy': CONTENT_SECURITY_POLICY },
  },
  server: {
    port: 5740,
    proxy: service
      ? Object.fromEntries(
          ['/api', '/v3', '/swagger-ui', '/actuator'].map((path) => [
            path,
            { target: service, changeOrigin: true },
          ]),
        )
      : {},
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    css: false,
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
