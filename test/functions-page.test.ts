import { expect, it } from "vitest"
import { functionsPage } from "./functions-page.js"
import { introspect } from "./support/module-introspection.js"

it("is what the docstrings say", async () => {
  await expect(functionsPage(await introspect())).toMatchFileSnapshot("../docs/functions.md")
}, 60_000)
