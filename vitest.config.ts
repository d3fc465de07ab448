import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const report = process.env.REDISCOVER_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/setup/server.ts',
    // By itself vitest leaves one core idle: of two, half.
    maxWorkers: availableParallelism(),
    testTimeout: 20_000,
    hookTimeout: 120_000,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
