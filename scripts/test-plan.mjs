// What `npm test` is asked for: its arguments are vitest's.

/** Kinds of tests, as the projects of vitest.config.ts. */
export const kinds = ["unit", "contract", "engine"]

/**
 * @param args the arguments after `npm test --`
 * @returns `all`: nothing was left out; `watch`: run again at each change; `kinds` that can run; `args` for vitest
 */
export function planOf(args) {
  const asked = args.flatMap((arg, at) =>
    arg === "--project" ? [args[at + 1]] : (arg.match(/^--project=(.*)/)?.[1] ?? []),
  )
  const watch = args.some((arg) => ["--watch", "-w"].includes(arg))
  return {
    all: args.length === 0,
    watch,
    kinds: asked.length === 0 ? kinds : kinds.filter((kind) => asked.includes(kind)),
    args: watch ? args : ["run", ...args],
  }
}
