// What may become of an image, as results say it.
import { z } from "zod"

export const outcomeSchema = z.enum([
  "promote",
  "blocked",
  "blocked-missing-sbom",
  "unassessed",
  "dryrun",
  "unchanged",
  "failed",
])
