import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { planDeletion } from "../../../core/delete/plan-deletion.js"
import { d } from "./deletion-builders.js"

describe("planDeletion, for any repository", () => {
  const name = fc.constantFrom(..."abcdefgh")
  const node = fc.record({ digest: name, children: fc.array(name, { maxLength: 3 }), subject: fc.option(name) })
  const repository = fc.record({
    nodes: fc.uniqueArray(node, { selector: ({ digest }) => digest }),
    tags: fc.uniqueArray(fc.record({ tag: fc.constantFrom("t1", "t2", "t3", "t4"), digest: name }), {
      selector: ({ tag }) => tag,
    }),
    options: fc.record({ referrers: fc.boolean(), includeChildren: fc.boolean() }),
  })

  it("deletes nothing that another tag reaches, and does not depend on the order of its input", () => {
    let planned = 0
    fc.assert(
      fc.property(repository, ({ nodes, tags: entries, options }) => {
        const own = entries.find(({ tag }) => tag === "t1")
        fc.pre(own !== undefined)
        const all = nodes.map(({ digest, children, subject }) => ({
          digest: d(digest),
          children: children.map(d),
          ...(subject === null ? {} : { subject: d(subject) }),
        }))
        const pointed = entries.map(({ tag, digest }) => ({ tag, digest: d(digest) }))
        const input = { target: { tag: "t1", digest: d(own.digest) }, manifests: all, ...options }
        const plan = planDeletion({ ...input, repository: { kind: "manifest", tags: pointed } })
        const reversed = { kind: "manifest" as const, tags: [...pointed].reverse() }
        expect(planDeletion({ ...input, manifests: [...all].reverse(), repository: reversed })).toEqual(plan)
        if (plan.kind !== "delete") return
        planned++
        const pending = pointed.filter(({ tag }) => tag !== "t1").map(({ digest }) => digest)
        const reached = new Set(pending)
        for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
          const children = all.find(({ digest }) => digest === next)?.children ?? []
          const referrers = all.filter(({ subject }) => subject === next).map(({ digest }) => digest)
          for (const digest of [...children, ...referrers]) {
            if (!reached.has(digest)) pending.push(digest)
            reached.add(digest)
          }
        }
        expect(plan.steps.filter(({ digest }) => reached.has(digest))).toEqual([])
      }),
      { numRuns: 3000 },
    )
    expect(planned).toBeGreaterThan(50)
  })
})
