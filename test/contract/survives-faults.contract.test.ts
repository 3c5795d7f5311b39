// Mirror and promotion through something that goes wrong, between the real tools and the real registries: all is there,
// or a named failure and no tag without its evidence; and a run without mishaps completes it.
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { CsscError } from "../../core/errors.js"
import type { Held } from "../support/held-state.js"
import { image, SurvivalWorld, verbs } from "./survival-world.js"

const minutes = 60_000

describe.each(["api", "distribution"] as const)("through a proxy that goes wrong, on %s", (kind) => {
  let world: SurvivalWorld
  beforeAll(async () => {
    world = await SurvivalWorld.start(kind)
  })
  afterAll(() => world.stop())

  describe.each(verbs)("%s", (verb) => {
    let calm: Held
    beforeAll(async () => {
      await world.run(verb, `calm/${verb}`)
      calm = await world.held(`calm/${verb}`)
    })

    it("leaves the whole image with all that belongs to it when nothing goes wrong", () => {
      expect([calm.tag, calm.missing]).toEqual([image.digest, []])
      expect(calm.attached.length).toBeGreaterThan(5)
    })

    // Percent of requests that go wrong, and the seed that says which.
    it.each([
      [10, 101],
      [8, 110],
      [12, 112],
      [14, 106],
      [40, 5],
      [40, 15],
    ])(
      "with %d of a hundred requests (seed %d) loses nothing, or fails by name",
      async (percent, seed) => {
        const repository = `${verb}/seed${seed}`
        world.proxy.misbehave(seed, percent)
        const failure = await world.run(verb, repository).then(
          () => undefined,
          (error: unknown) => error,
        )
        const met = [...world.proxy.met]
        world.proxy.behave()
        expect(met.length).toBeGreaterThan(0)
        const held = await world.held(repository)
        if (failure === undefined) expect({ met, held }).toEqual({ met, held: calm })
        else expect({ met, failure }).toEqual({ met, failure: expect.any(CsscError) })
        // Whatever happened: a tag that is there has everything.
        if (held.tag !== undefined) expect({ met, held }).toEqual({ met, held: calm })
        await world.run(verb, repository)
        expect({ met, held: await world.held(repository) }).toEqual({ met, held: calm })
      },
      2 * minutes,
    )
  })
})
