// JUnit XML, for the test view of a CI: a suite for each image, a case for each platform and for each reason that stops it.
// There is no standard; the schema that is published is Ant's, which every CI reads.
import { create } from "xmlbuilder2"
import { visible } from "../clean-line.js"
import type { PlatformVerdict, Reason } from "../policy/verdict/verdict.js"
import type { Report, ReportedImage } from "./report.js"

const maxTextLength = 10_000
/** XML has no place for these, however they are escaped. */
const noXml = /[\ufffe\uffff]/g

type Problem = { readonly kind: "failure" | "error"; readonly type: string; readonly message: string }
type TestCase = { readonly name: string; readonly problem?: Problem }

export function toJunit(report: Report): string {
  const suites = report.images.map((image) => ({ image, cases: casesOf(image) }))
  const root = create({ version: "1.0", encoding: "UTF-8" }).ele("testsuites")
  suites.forEach(({ image, cases }, id) => {
    const name = clean(image.name)
    const number = (kind: Problem["kind"]) => String(cases.filter(({ problem }) => problem?.kind === kind).length)
    const suite = root.ele("testsuite", {
      ...{ name, package: name, id: String(id), hostname: "localhost", time: "0" },
      timestamp: report.generatedAt.slice(0, 19),
      ...{ tests: String(cases.length), failures: number("failure"), errors: number("error") },
    })
    const properties = suite.ele("properties")
    properties.ele("property", { name: "outcome", value: image.outcome })
    if (image.digest !== undefined) properties.ele("property", { name: "digest", value: image.digest })
    for (const { name: title, problem } of cases) {
      const element = suite.ele("testcase", { name: clean(title), classname: name, time: "0" })
      if (problem === undefined) continue
      element
        .ele(problem.kind, { type: problem.type, message: clean(problem.message).slice(0, 500) })
        .txt(clean(problem.message))
    }
    suite.ele("system-out")
    suite.ele("system-err")
  })
  return root.end({ prettyPrint: true }) + "\n"
}

function casesOf(image: ReportedImage): TestCase[] {
  if (image.outcome === "failed") return [{ name: "run", problem: error(image.note ?? "it failed") }]
  const { verdict } = image
  if (verdict === undefined) return scannedCases(image)
  const reasons = verdict.reasons.filter(({ effect }) => effect === "block")
  return [...verdict.platforms.map((row) => platformCase(row, reasons)), ...reasons.map(reasonCase)]
}

function scannedCases({ assessment }: ReportedImage): TestCase[] {
  return (assessment?.platforms ?? []).map(({ platform, problems }) => {
    const text = problems.map(({ message }) => message).join("; ")
    return text === "" ? { name: platform } : { name: platform, problem: error(text) }
  })
}

function platformCase({ platform, blocking }: PlatformVerdict, reasons: readonly Reason[]): TestCase {
  const own = reasons.filter((reason) => reason.platform === platform)
  if (blocking.length + own.length === 0) return { name: platform }
  const codes = [...new Set(own.map(({ code }) => code))].join(", ")
  const message = blocking.length === 0 ? codes : `${blocking.length} blocking: ${blocking.join(", ")}`
  return { name: platform, problem: { kind: "failure", type: "blocked", message } }
}

function reasonCase({ code, platform = "image", message }: Reason): TestCase {
  return { name: `${code}: ${platform}`, problem: { kind: "failure", type: code, message } }
}

function error(message: string): Problem {
  return { kind: "error", type: "failed", message }
}

function clean(text: string): string {
  return visible(text).replace(noXml, " ").slice(0, maxTextLength)
}
