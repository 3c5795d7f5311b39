// The whole way of an approval: gate, blocked, issue, comment, promoted. Registries, oras and Trivy are real; the forge
// is a local server that speaks the recorded API. As dagger/calls/approve.ts chains it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { mirror } from "../../core/acquire/mirror.js"
import { approve } from "../../core/approval/approve.js"
import { requestApproval } from "../../core/approval/request-approval.js"
import { predicateTypes } from "../../core/attestation/predicate-types.js"
import { eventsOf } from "../../core/events/events-of.js"
import { gate } from "../../core/gate/gate.js"
import type { Reference } from "../../core/oci/reference.js"
import { readOutcomes } from "../../core/outcomes/read-outcomes.js"
import { defaultApprovals } from "../../core/policy/document/approvals-schema.js"
import { defaultPolicy, type Policy } from "../../core/policy/document/policy.js"
import type { Verdict } from "../../core/policy/verdict/verdict.js"
import type { Caller } from "../../core/ports.js"
import { promote } from "../../core/promote/promote.js"
import type { PromotionResult } from "../../core/promote/promotion-result.js"
import { bot, type ForgeWorld, startForge } from "../support/forge-world.js"
import { imagesLayout, pushLayout } from "../support/parts.js"
import {
  anOperation,
  gateImage,
  interrupt,
  newRegistry,
  type OperationOptions,
  refer,
  tagDigest,
  writesOf,
} from "../support/promotion.js"
import { startRegistry, type TestRegistry } from "../support/registry.js"
import { plainRequest } from "./mirror-world.js"
import { judging, ours, signing } from "./vex-world.js"

const day = 24 * 60 * 60 * 1000

describe.each(["github", "gitlab"] as const)("an approval on %s", (kind) => {
  let at: TestRegistry
  let forge: ForgeWorld
  let blocked: Verdict
  let number = 0
  let quarantine: string
  let golden: string
  beforeAll(async () => {
    at = await startRegistry("api")
  })
  afterAll(() => at.stop())
  beforeEach(async () => {
    number += 1
    quarantine = `quarantine/app${number}`
    golden = `golden/app${number}`
    forge = await startForge(kind)
    await push("vulnerable")
    blocked = (await gateImage(refer(at, `${quarantine}:1`))).verdict
    await ask()
    await at.resetRequests()
  })
  afterEach(() => forge.close())

  // As a mirror leaves it: with provenance that says which run acquired it.
  const push = async (tag: string, by: Caller = signing(ours)) => {
    await pushLayout(await imagesLayout(), tag, { registry: at, repository: `upstream/app${number}`, tag: "1" })
    const [from, to] = [refer(at, `upstream/app${number}:1`), refer(at, `${quarantine}:1`)]
    await mirror({ ...anOperation({ context: by }) }, { ...plainRequest, provenance: true, source: from, target: to })
  }
  const ask = (document: object = blocked) =>
    requestApproval(
      forge.forge,
      readOutcomes(
        JSON.stringify(document),
        "verdict.json",
        `${refer(at, quarantine).registry}/${quarantine}:1@${blocked.image.digest}`,
      ),
      {
        ...{ role: "maintain", runUrl: "", actor: "ada", run: "daily", crashed: false, now: new Date() },
      },
    )
  const until = (days = 30) => new Date(Date.now() + days * day).toISOString().slice(0, 10)
  const words = (ids: readonly string[] = blocked.remaining, days = 30) =>
    `/cssc approve ${ids.join(" ")} until ${until(days)} because the fix is coming`
  const write = (text = words(), by = "mia") => forge.store.write(by, 1, text)
  const said = () => forge.store.bodiesOf(bot, 1)

  const run = (
    comment: number,
    changes: Partial<Pick<OperationOptions, "policy" | "registry" | "context">> & {
      dryRun?: boolean
      issue?: number
    } = {},
  ) => {
    const { dryRun = false, issue = 1, ...given } = changes
    const operation = anOperation({ context: judging, ...given })
    const to = (image: Reference) => ({ ...refer(at, golden), ...(image.tag === undefined ? {} : { tag: image.tag }) })
    const request = { issue, comment, source: refer(at, quarantine), dryRun, target: to }
    return approve<PromotionResult>(forge.again(), operation, request, {
      gate: (image) =>
        gate(operation, {
          image,
          method: "sbom",
          predicateType: predicateTypes.cyclonedx,
          vex: [],
          baseline: to(image),
        }),
      promote: (gated, target) => promote(operation, gated, { source: gated.image, target, dryRun }),
    })
  }
  const nothing = async () => {
    expect(await writesOf(at)).toEqual([])
    expect(await tagDigest(at, `${golden}:1`)).toBeUndefined()
  }

  it("promotes the digest with an override that names the approver and the comment, and ends well again", async () => {
    const comment = write()
    const { outcome, promotion } = await run(comment)
    expect(outcome).toBe("promoted")
    expect(promotion?.verdict.override).toMatchObject({
      ...{
        state: "used",
        approver: `mia (${kind}, maintain)`,
        reason: "the fix is coming",
        digest: blocked.image.digest,
      },
      reference: expect.stringMatching(new RegExp(`^http://127.0.0.1.*${comment}$`)),
    })
    expect(await tagDigest(at, `${golden}:1`)).toBe(blocked.image.digest)
    expect(forge.store.issues[0]).toMatchObject({ labels: ["promotion-approved"], open: false })
    const before = said()
    await at.resetRequests()
    expect(await run(comment)).toMatchObject({ outcome: "unchanged" })
    expect(await writesOf(at)).toEqual([])
    expect(said()).toEqual(before)
    const types = eventsOf(readOutcomes(JSON.stringify(promotion), "result.json")).map(({ type }) => type)
    expect(types).toEqual(expect.arrayContaining(["dev.cssc.image.promoted.v1", "dev.cssc.image.overridden.v1"]))
  })

  it("is not asked for again by the next run, which blocks the image as before", async () => {
    await run(write())
    expect(await ask()).toMatchObject([{ done: "left" }, {}])
  })

  it("of a stranger or of the one who asked promotes nothing", async () => {
    for (const by of ["stranger", "wil", "ada", "robot[bot]"])
      await expect(run(write(words(), by))).rejects.toMatchObject({ code: "APPROVAL_REFUSED" })
    await nothing()
  })

  it("of whoever acquired the image promotes nothing, and may deny it", async () => {
    quarantine = `quarantine/other${number}`
    await push("vulnerable", { ...signing(ours), run: { ...signing(ours).run, actor: "mia" } })
    blocked = (await gateImage(refer(at, `${quarantine}:1`))).verdict
    await ask()
    await at.resetRequests()
    await expect(run(forge.store.write("mia", 2, words()), { issue: 2 })).rejects.toThrow(/its author acquired/)
    await nothing()
    expect(forge.store.bodiesOf(bot, 2).at(-1)).toContain("its author acquired the image")
    const deny = forge.store.write("mia", 2, "/cssc deny because no")
    expect(await run(deny, { issue: 2 })).toMatchObject({ outcome: "denied" })
  })

  it("of an image that nobody knows who acquired promotes nothing, unless the policy allows it", async () => {
    const comment = write()
    const unsigned = { context: { ...judging, keys: [] } }
    await expect(run(comment, unsigned)).rejects.toThrow(/nothing that we signed says who acquired/)
    await nothing()
    const policy = policyOf({ unknownAcquirer: "allow" })
    expect(await run(comment, { ...unsigned, policy })).toMatchObject({ outcome: "promoted" })
  })

  it("that does not name all that blocks promotes nothing, and says what is missing", async () => {
    const [first = "", second = ""] = blocked.remaining
    await expect(run(write(words([first])))).rejects.toThrow(/does not name all that blocks/)
    await nothing()
    expect(said().at(-1)).toContain(second)
    expect(forge.store.issues[0]).toMatchObject({ labels: ["promotion-pending"], open: true })
  })

  it("that names what does not block promotes nothing", async () => {
    await expect(run(write(words([...blocked.remaining, "CVE-1999-1"])))).rejects.toThrow(/not among what blocks/)
    await nothing()
  })

  it.each([
    ["further ahead than 90 days", 92, defaultPolicy],
    ["further ahead than the policy allows", 10, () => policyOf({ max: 7 * day })],
    ["past", -1, defaultPolicy],
  ])("whose end is %s promotes nothing, and nothing is scanned", async (_, days, policy) => {
    await expect(run(write(words(blocked.remaining, days)), { policy: policy() })).rejects.toThrow(/its end is/)
    await nothing()
  })

  it("after the tag became another image promotes nothing: nobody was asked about that one", async () => {
    const comment = write()
    await push("no-sbom")
    await at.resetRequests()
    await expect(run(comment)).rejects.toThrow(/the tag is another image by now/)
    await nothing()
  })

  it("that is edited or denied while the gate works promotes nothing", async () => {
    const comment = write()
    const meanwhile = interrupt(newRegistry(), "resolve", "after", () => {
      forge.store.edit(comment, words().replace("because", "because not"))
      return Promise.resolve()
    })
    await expect(run(comment, { registry: meanwhile })).rejects.toThrow(/was edited/)
    await nothing()
    const second = write()
    const deny = write("/cssc deny because I was wrong", "mia")
    const denied = interrupt(newRegistry(), "resolve", "after", () => run(deny))
    await expect(run(second, { registry: denied })).rejects.toThrow(/something else was decided/)
    await nothing()
    expect(forge.store.issues[0]).toMatchObject({ labels: ["promotion-denied"] })
  })

  it("whose forge fails while the gate works promotes nothing, and does when it is repeated", async () => {
    const comment = write()
    const out = interrupt(newRegistry(), "resolve", "after", () => {
      forge.interrupt(...[1, 2, 3].map(() => ({ status: 503, match: /^GET/ })))
      return Promise.resolve()
    })
    await expect(run(comment, { registry: out })).rejects.toMatchObject({ code: "FORGE_UNAVAILABLE" })
    await nothing()
    expect(await run(comment)).toMatchObject({ outcome: "promoted" })
  })

  it("that was promoted while nothing could be noted is noted by a repetition", async () => {
    const comment = write()
    forge.interrupt(...[1, 2, 3].map(() => ({ status: 502, match: /^POST .*(comments|notes)$/ })))
    await expect(run(comment)).rejects.toMatchObject({ code: "FORGE_UNAVAILABLE" })
    expect(await tagDigest(at, `${golden}:1`)).toBe(blocked.image.digest)
    expect(await run(comment)).toMatchObject({ outcome: "unchanged" })
    expect(forge.store.issues[0]).toMatchObject({ labels: ["promotion-approved"], open: false })
  })

  it("to deny closes the issue, and the same digest is not asked about again", async () => {
    expect(await run(write("/cssc deny because no"))).toMatchObject({ outcome: "denied" })
    expect(forge.store.issues[0]).toMatchObject({ labels: ["promotion-denied"], open: false })
    expect(await ask()).toMatchObject([{ done: "left" }, {}])
    await nothing()
  })

  it("that is only tried writes nothing, in the registry and in the issue", async () => {
    const before = said().length
    expect(await run(write(), { dryRun: true })).toMatchObject({ outcome: "dryrun" })
    await expect(run(write("/cssc approve x"), { dryRun: true })).rejects.toThrow(/not of the form/)
    await nothing()
    expect(said()).toHaveLength(before)
  })

  it("of an image that is blocked for another reason too promotes nothing", async () => {
    const strict = {
      ...defaultPolicy(),
      evidence: { ...defaultPolicy().evidence, required: ["https://slsa.dev/provenance/v1"] },
    }
    await expect(run(write(), { policy: strict })).rejects.toThrow(/no approval lifts/)
    await nothing()
  })
})

function policyOf(changes: Partial<typeof defaultApprovals>): Policy {
  return { ...defaultPolicy(), approvals: { ...defaultApprovals, ...changes } }
}
