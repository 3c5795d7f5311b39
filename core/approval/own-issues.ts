// Our issues by what they are about. When two runs opened one each, the older stays and the other points to it.
import { type Account, type Forge, type Issue } from "./forge.js"
import { commentText } from "./issue-text.js"
import { keyOf } from "./mark.js"

/** The one issue of each key, after every other open one of it was closed. */
export async function closeDuplicates(forge: Forge, self: Account): Promise<ReadonlyMap<string, Issue>> {
  const known = new Map<string, Issue>()
  const issues = await forge.ownIssues()
  for (const issue of issues.toSorted((a, b) => a.number - b.number)) {
    const key = keyOf(issue, self)
    if (key === undefined) continue
    const first = known.get(key)
    if (first === undefined) known.set(key, issue)
    else if (issue.open) await closeOne(forge, issue, key, first)
  }
  return known
}

async function closeOne(forge: Forge, issue: Issue, key: string, first: Issue): Promise<void> {
  await forge.changeIssue(issue, { open: false })
  await forge.say(issue.number, commentText({ kind: "note", key }, `The same as #${first.number}: answer there.`))
}
