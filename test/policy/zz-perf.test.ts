import { it } from "vitest"
import { evaluate } from "/work/main/src/policy/evaluate.js"
import { defaultPolicy } from "/work/main/src/policy/policy.js"
import { aFinding, anAssessment, aPlatform, aScan, now } from "/work/main/test/policy/build-assessment.js"
const many = <T>(make: (at: number) => T) => Array.from({ length: 10000 }, (_, at) => make(at))
const run = (name: string, exceptions: any[], scan: any) => it(name, () => {
  const t = Date.now()
  const v = evaluate(anAssessment([aPlatform("linux/amd64", { scan: aScan(scan) })]), { ...defaultPolicy(), exceptions }, { now })
  console.log(name, Date.now() - t, "ms", v.passed)
}, 600000)
const e = (more: object) => ({ images: [], platforms: [], reason: "r", ...more })
run("same id, all packages", many((at) => e({ id: "CVE-2026-1", reason: `r${at}` })), { findings: many((at) => aFinding({ purl: `pkg:npm/p${at}@1` })) })
run("same id, wild", many((at) => e({ id: "CVE-2026-1", package: `pkg:npm/p${at}*` })), { findings: many((at) => aFinding({ purl: `pkg:npm/p${at}@1` })) })
run("packages, wild", many((at) => e({ package: `pkg:npm/*p${at}*` })), { unassessed: many((at) => ({ purl: `pkg:npm/p${at}@1`, name: "p", version: "1" })) })
run("platforms", many((at) => e({ id: "CVE-2026-1", platforms: ["linux/arm64"], reason: `r${at}` })), { findings: many((at) => aFinding({ purl: `pkg:npm/p${at}@1` })) })
