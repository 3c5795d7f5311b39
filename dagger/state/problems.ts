// Bad input is told whole: every check runs before any problem is thrown, so that nobody mends one mistake per call.
import { CsscError } from "../../core/errors.js"

class SeveralProblems extends CsscError {
  constructor(readonly problems: readonly CsscError[]) {
    const codes = new Set(problems.map(({ code }) => code))
    const [only = "ARGUMENT_INVALID", ...others] = codes
    const list = problems.map(({ message, reason }) => (others.length === 0 ? reason : message))
    super(others.length === 0 ? only : "ARGUMENT_INVALID", `${problems.length} problems: ${list.join("; ")}`)
  }
}

/** Runs all checks; throws what one of them threw, or one error that lists the problems of all. */
export function checkAll(checks: readonly (() => unknown)[]): void {
  const problems = checks.flatMap((check) => {
    try {
      check()
      return []
    } catch (error) {
      return problemsIn(error)
    }
  })
  raise(problems)
}

type Values<Readers> = { [Name in keyof Readers]: Readers[Name] extends () => infer Value ? Awaited<Value> : never }

/** The values of all readers by their names; throws like `checkAll`. */
export async function readAll<Readers extends Readonly<Record<string, () => unknown>>>(
  readers: Readers,
): Promise<Values<Readers>> {
  const names = Object.keys(readers)
  const settled = await Promise.allSettled(Object.values(readers).map(async (read) => read()))
  raise(settled.flatMap((result) => (result.status === "rejected" ? problemsIn(result.reason) : [])))
  const values = settled.map((result, place) => [names[place], "value" in result ? result.value : undefined])
  return Object.fromEntries(values) as Values<Readers>
}

// What was not thrown on purpose is no problem of the input.
function problemsIn(error: unknown): readonly CsscError[] {
  if (error instanceof SeveralProblems) return error.problems
  if (error instanceof CsscError) return [error]
  throw error
}

// One mistake may be found by two readers: it is told once.
function raise(problems: readonly CsscError[]): void {
  const different = [...new Map(problems.map((problem) => [problem.message, problem])).values()]
  const [first, ...others] = different
  if (first !== undefined) throw others.length === 0 ? first : new SeveralProblems(different)
}
