// Measured by hand, never part of `npm test`: `npm run bench` says what there is.
import { defineConfig } from "vitest/config"

export default defineConfig({
  ssr: { resolve: { conditions: ["source", "node"] } },
  test: {
    include: ["test/bench/**/*.bench.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
})
