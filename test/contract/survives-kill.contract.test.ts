// The process that runs an operation, and the tools that it runs, are killed in the middle: at a request that a seed says,
// before the registry sees it or after. Run again, the registry holds what a run without a kill would have left.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { numbers } from "../support/fault-proxy.js"
import type { Held } from "../support/held-state.js"
import { Killables } from "../support/killable-job.js"
import { image, SurvivalWorld, verbs } from "./survival-world.js"

const minutes = 60_000
/** Four lots of five: twenty kills. */
const seeds = [1, 6, 11, 16, 21]

let killables: Killables
beforeAll(async () => {
  killables = await Killables.make()
})
afterAll(() => killables.remove())

describe.each(["api", "distribution"] as const)("killed, on %s", (kind) => {
  let world: SurvivalWorld
  beforeAll(async () => {
    world = await SurvivalWorld.start(kind)
  })
  afterAll(() => world.stop())

  describe.each(verbs)("%s", (verb) => {
    let calm: Held
    let requests: number
    beforeAll(async () => {
      world.proxy.behave()
      const done = await killables.run(`calm-${verb}-${kind}`, world.job(verb, `calm/${verb}`))
      requests = world.proxy.count
      expect(done).toMatchObject({ killed: false, stderr: "" })
      calm = await world.held(`calm/${verb}`)
      expect(calm).toMatchObject({ tag: image.digest, missing: [] })
    })

    it.each(seeds)(
      "at a request that seed %d chooses, it completes the next time, and says nothing twice",
      async (seed) => {
        const repository = `${verb}/seed${seed}`
        const [place, side] = numbers(`${kind} ${verb} ${seed}`)
        const at = Math.floor(place * requests)
        const when = side < 0.5 ? "before" : "after"
        const where = `${when} request ${at} of ${requests}`
        const done = await killables.run(`${verb}-${kind}-${seed}`, world.job(verb, repository), (kill) =>
          world.proxy.strikeAt({ at, when, then: kill }),
        )
        world.proxy.behave()
        expect({ where, killed: done.killed, stderr: done.stderr }).toEqual({ where, killed: true, stderr: "" })
        const left = await world.held(repository)
        if (left.tag !== undefined) expect({ where, left }).toEqual({ where, left: calm })
        await world.run(verb, repository)
        expect({ where, held: await world.held(repository) }).toEqual({ where, held: calm })
      },
      minutes,
    )
  })
})
