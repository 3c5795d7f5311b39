// Three kinds of tests, told apart by the end of their file name: what needs nothing but Node, what needs the real
// tools and registries on this machine, and what needs a Dagger engine. `--project unit` runs one kind alone.
import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

const contract = "test/**/*.contract.test.ts"
const engine = "test/**/*.engine.test.ts"
const minutes = 60_000
// As many files at once as there are processors (vitest would leave one idle, half of two), within what the registries
// and scanners of the contract tests take of the memory.
const maxWorkers = Math.min(availableParallelism(), 8)

export default defineConfig({
  // Tests run the sources; what the engine runs is the bundle of them (scripts/build.mjs).
  ssr: { resolve: { conditions: ["source", "node"] } },
  test: {
    maxWorkers,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [contract, engine],
          // These files share nothing that they change, so each worker loads what they import once.
          isolate: false,
          // Not a measure: contract tests and checks run beside them.
          testTimeout: minutes,
        },
      },
      {
        // At the same time as the unit tests: they wait for other programs, mostly.
        extends: true,
        test: { name: "contract", include: [contract], testTimeout: minutes, hookTimeout: 2 * minutes },
      },
      {
        // One after the other, and nothing beside them: there is one engine.
        extends: true,
        test: {
          name: "engine",
          include: [engine],
          fileParallelism: false,
          testTimeout: 10 * minutes,
          hookTimeout: 10 * minutes,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
