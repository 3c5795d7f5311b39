// Three kinds of tests, told apart by the end of their file name: what needs nothing but Node, what needs the real
// tools and registries on this machine, and what needs a Dagger engine. `--project unit` runs one kind alone.
import { defineConfig } from "vitest/config"

const contract = "test/**/*.contract.test.ts"
const engine = "test/**/*.engine.test.ts"
const minutes = 60_000
/** Tests run the sources; what the engine runs is the bundle of them (scripts/build.mjs). */
const ssr = { resolve: { conditions: ["source", "node"] } }

export default defineConfig({
  test: {
    projects: [
      { ssr, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [contract, engine], testTimeout: 20_000 } },
      {
        ssr,
        test: {
          name: "contract",
          include: [contract],
          sequence: { groupOrder: 1 },
          testTimeout: minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        ssr,
        test: {
          name: "engine",
          include: [engine],
          fileParallelism: false,
          testTimeout: 10 * minutes,
          hookTimeout: 10 * minutes,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
