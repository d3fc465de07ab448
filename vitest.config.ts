import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { commandFacts } from './scripts/command-facts.js';

const report = process.env.REDISCOVER_TEST_REPORT;

export default defineConfig({
  plugins: [commandFacts()],
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/setup/server.ts',
    // By itself vitest leaves one core idle: of two, half.
    maxWorkers: availableParallelism(),
    // A fresh set of modules for each of 70 files is a fifth of the suite's work; no module keeps what a test did.
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 120_000,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
