// Benchmarks: measured by hand, never part of `npm test`. `npm run -s bench` needs a reachable engine:
// eval "$(npm run -s engine -- env)"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/bench/**/*.bench.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
})
