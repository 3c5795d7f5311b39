// The images of the tests where the hermetic engine finds them, under the names by which the tests know them.
import { join } from "node:path"
import { registryImage, toolboxImage } from "./images.mjs"
import { serveImages } from "./local-registry.mjs"
import { registryProgram } from "./tools.mjs"

/** Builds and serves the images; returns the variables that hold their pinned references. */
export async function localImages(tools) {
  const images = {
    "cssc/toolbox": await toolboxImage(tools),
    "cssc/registry": await registryImage(await registryProgram()),
  }
  const references = await serveImages(join(tools, "crane"), images)
  return { CSSC_TOOLBOX: references["cssc/toolbox"], CSSC_REGISTRY_IMAGE: references["cssc/registry"] }
}
