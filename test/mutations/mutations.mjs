// Checks that must not go: each is taken out of a copy of the source, and the test named with it must then fail.
const promote = "core/promote/promote.ts"
const planted = "test/contract/promote-planted.contract.test.ts"

/** `find` stands once in `file`. */
export const mutations = [
  {
    name: "the one reading: keys that stand twice, or in two cases, are taken as we take them",
    file: "core/oci/json.ts",
    find: "  if (second !== undefined) throw",
    replace: '  if (second?.why === "") throw',
    test: "test/contract/one-reading.contract.test.ts",
    testName: "blocks when the only SBOM has a second list that the scanner would read",
  },
  {
    name: "what was looked up: a package under another name than its purl's counts as assessed",
    file: "core/findings/looked-up.ts",
    find: "  return nameProblem(item) ??",
    replace: "  return (nameProblem(item) && undefined) ??",
    test: "test/contract/unassessed.contract.test.ts",
    testName: "blocks a package that is looked up under another name than its purl's",
  },
  {
    name: "the digest pin: the tag is resolved again at promotion",
    file: promote,
    find: "  const { source, target } = request\n  const [before",
    replace: `  const { target } = request
  const { registry: host, repository, tag = "" } = request.source
  const source = { ...request.source, digest: (await registry.resolve({ registry: host, repository, tag })) ?? request.source.digest }
  const [before`,
    test: planted,
    testName: "promotes what was judged when the source's tag moves",
  },
  {
    name: "the subject check: an SBOM about another digest is taken",
    file: "core/sbom/read-candidate.ts",
    find: "if (foreign) return",
    replace: "if (foreign === wanted.predicateType) return",
    test: "test/contract/scan-odd.contract.test.ts",
    testName: "blocks when the statement is about another digest",
  },
  {
    name: "evidence before tag: the tag moves right after the copy",
    file: promote,
    find: "  const evidence = await attachProof(",
    replace: "  await moveTag(registry, target, source.digest, before)\n  const evidence = await attachProof(",
    test: "test/contract/promote-faults.contract.test.ts",
    testName: "moves the tag with the very last write",
  },
  {
    name: "the check of planted evidence: all attachments come along",
    file: "core/promote/refuse-attachment.ts",
    find: "  if (own !== undefined) return",
    replace: '  if (own === "") return',
    test: planted,
    testName: "stays behind when it is planted openly",
  },
  {
    name: "the read-back: nobody looks at the target before the tag moves",
    file: promote,
    find: "    await requireOnlyExpected(",
    replace: "    if (requireOnlyExpected === undefined) await requireOnlyExpected(",
    test: planted,
    testName: "is refused when a stranger attaches it to the target",
  },
  {
    name: "the memory of the read-back: what a stopped run carried along counts as there before",
    file: "core/promote/bring-over.ts",
    find: "if (!settled) requireNothingPlanted(",
    replace: "if (settled) requireNothingPlanted(",
    test: planted,
    testName: "is refused when it slips in during the copy, and again",
  },
  {
    name: "the race for the tag: a faster promotion is overwritten",
    file: "core/promote/move-tag.ts",
    find: "  if (now !== before)",
    replace: "  if (now !== before && now === digest)",
    test: planted,
    testName: "names a lost race for the target's tag",
  },
  {
    name: "the tombstone: a retired image is promoted again",
    file: promote,
    find: "if (tombstone !== undefined)",
    replace: 'if (tombstone?.reason === "")',
    test: "test/contract/retired.contract.test.ts",
    testName: "is not promoted again, while its tag still stands for it",
  },
  {
    name: "the signing key: it signs a summary that somebody wrote into a file",
    file: "core/attach/attach.ts",
    find: "ownPredicateTypes.has(statement.predicateType)",
    replace: 'statement.predicateType === ""',
    test: "test/contract/attest.contract.test.ts",
    testName: "does not sign a https://slsa.dev/verification_summary/v1 that comes from a file",
  },
  {
    name: "the consumer's proof: a summary for another repository counts",
    file: "core/attach/find-summaries.ts",
    find: "summary.resourceUri !== resource",
    replace: 'resource === ""',
    test: "test/contract/signed-evidence.contract.test.ts",
    testName: "proves nothing by another key, for another repository, or after a while",
  },
]
