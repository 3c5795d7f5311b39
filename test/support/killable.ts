// A mirror or a promotion in a process of its own, so that it can be killed in the middle. The operation is the one that the
// module runs, over the tools of this machine; its arguments are a JSON file, its result is a line on standard output.
import { readFileSync } from "node:fs"
import { mirror } from "../../core/acquire/mirror.js"
import { parseReference } from "../../core/oci/reference.js"
import { promote } from "../../core/promote/promote.js"
import { type JobFile, jobOf } from "./killable-job.js"
import { anOperation } from "./promotion.js"

const job = jobOf(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as JobFile)
const operation = anOperation()
const done =
  "mirror" in job
    ? await mirror(operation, job.mirror)
    : await promote(operation, job.gated, {
        source: job.gated.image,
        target: parseReference(job.target),
        dryRun: false,
      })
process.stdout.write(`${JSON.stringify(done)}\n`)
