// What can go wrong: of two formats the one that is not used is told twice, or as another than the one that was used; a
// problem of the one is lost, or stops an image in the other's name.
import { describe, expect, it } from "vitest"
import { besideFirst, insteadOfFirst } from "../../../core/assess/other-sbom-format.js"
import { type SignatureFact, unsigned } from "../../../core/attestation/signature.js"
import type { Problem } from "../../../core/findings/assessment.js"
import { digestOf } from "../../../core/oci/digest.js"
import { parseSbom } from "../../../core/sbom/sbom.js"
import type { SelectedSbom } from "../../../core/sbom/sbom-candidate.js"
import type { SbomChoice } from "../../../core/sbom/select-sbom.js"
import { cyclonedxOf, spdxOf } from "../../support/build-sbom.js"

const byAcme: SignatureFact = { status: "verified", publisher: "acme", key: "k" }
const isTrusted = ({ status }: SignatureFact) => status === "verified"
const problem = (code: Problem["code"], signature?: SignatureFact): Problem => ({
  ...{ code, message: `${code} of ${signature?.status ?? "the registry"}` },
  ...(signature === undefined ? {} : { signature }),
})
const fact = (name: string, signature = unsigned) => ({ referrer: digestOf(name), blob: digestOf(name), signature })

function said(name: string, of: typeof cyclonedxOf, purl: string): SelectedSbom {
  const { predicate, predicateType } = of([purl])
  const sbom = parseSbom(predicate)
  const source = { predicateType, envelope: "statement", format: sbom.format, components: 1, ...fact(name) } as const
  return { source, sbom, document: predicate }
}
const safe = "pkg:npm/minimist@1.2.8"
const first = said("first", cyclonedxOf, safe)
const choice = (more: Partial<SbomChoice> = {}): SbomChoice => ({ others: [], problems: [], ...more })

describe("two formats of one platform's SBOM", () => {
  it("are told once each, and the one that is used is no other", () => {
    const other = said("other", spdxOf, safe)
    const found = choice({ selected: first, others: [fact("junk"), fact("other")] })
    const instead = insteadOfFirst(found, choice({ selected: other, others: [fact("junk")] }))
    expect(instead).toEqual({ selected: other, others: [fact("junk"), fact("first")], problems: [] })
    const more = said("other", spdxOf, "pkg:npm/ms@2.1.3")
    const beside = besideFirst(found, choice({ selected: more, others: [fact("junk"), fact("first")] }), isTrusted)
    expect(beside.others).toEqual([{ ...fact("other"), scanned: true }, fact("junk")])
    expect(beside.selected?.beside).toEqual([more])
  })

  it("keep what is wrong with either; that the first is missing is nothing beside the other", () => {
    const both = [problem("SBOM_UNREADABLE", unsigned), problem("SBOM_UNREADABLE")]
    const found = choice({ problems: [...both, problem("SBOM_MISSING")] })
    const other = choice({ selected: said("other", spdxOf, safe), problems: both })
    expect(insteadOfFirst(found, other).problems).toEqual(both)
  })

  it("stop the image by the second when somebody trusted signed what is wrong, or nobody knows who did", () => {
    const problems = [
      ...[problem("SBOM_EMPTY", unsigned), problem("SBOM_MISSING"), problem("SBOM_EMPTY", byAcme)],
      ...[problem("REFERRERS_UNREADABLE"), problem("SBOM_AMBIGUOUS", unsigned)],
    ]
    const told = besideFirst(choice({ selected: first }), choice({ problems }), isTrusted).problems
    expect(told.map(({ code, signature }) => `${code} ${signature?.status ?? "-"}`)).toEqual([
      ...["SBOM_EMPTY verified", "REFERRERS_UNREADABLE -", "SBOM_AMBIGUOUS unsigned"],
    ])
    expect(told[2]?.message).toContain(`--predicate-type cyclonedx to be judged by SBOM ${digestOf("first")} alone`)
  })

  it("take nothing of the second that nobody trusted signed where the first cannot be used", () => {
    const found = choice({ problems: [problem("SBOM_EMPTY", unsigned)] })
    const other = choice({ selected: said("other", spdxOf, safe), problems: [problem("SBOM_AMBIGUOUS", unsigned)] })
    expect(besideFirst(found, other, isTrusted)).toEqual({ ...found, others: [fact("other")] })
  })
})
