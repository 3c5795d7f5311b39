// What the face needs, and nothing else: the entry of the bundle (scripts/build.mjs), which it imports as #cssc.
export { referrersNote } from "../core/acquire/mirror-result.js"
export { renderHistory } from "../core/acquire/render-history.js"
export { renderMirror } from "../core/acquire/render-mirror.js"
export { renderAttachment } from "../core/attach/render-attachment.js"
export { renderDeletion } from "../core/delete/render-deletion.js"
export { counts } from "../core/evidence/render/verdict-counts.js"
export { renderImage } from "../core/image/render-image.js"
export { renderLifecycle } from "../core/lifecycle/render-lifecycle.js"
export { policySchemaFile } from "../core/policy/document/policy-json-schema.js"
export { type Verdict } from "../core/policy/verdict/verdict.js"
export { renderVerification } from "../core/verify/render-verification.js"
export { runAttest } from "./calls/attest.js"
export { runCheck } from "./calls/check.js"
export { runDemo } from "./calls/demo.js"
export { runEndOfLife } from "./calls/end-of-life.js"
export { runEvaluate } from "./calls/evaluate.js"
export { runReport } from "./calls/gate-state.js"
export { parsePlatforms, runGate, runScan } from "./calls/gate.js"
export { ledgerFile } from "./calls/ledger-file.js"
export { runAttach, runDelete, runHistory, runInspect, runMirror, runTags } from "./calls/mirror.js"
export { runOverride, runOverrideVerdict } from "./calls/override.js"
export { runPolicyCheck, runPolicyTest } from "./calls/policy-code.js"
export { runPromoteVerdict } from "./calls/promote-verdict.js"
export { runPromote, runQuarantine } from "./calls/promote.js"
export { toJson } from "./calls/report-files.js"
export { runRetire } from "./calls/retire.js"
export { tagSelection } from "./calls/tag-selection.js"
export { runVerify } from "./calls/verify.js"
export {
  addCertificate,
  addDeleteToken,
  addDockerConfig,
  addRegistryAuth,
  addRegistryService,
  emptyState,
  setDatabase,
  setPolicy,
  setRetryDelays,
  setRun,
  setShorthands,
  setToolbox,
} from "./state/builders.js"
export { carry, type State } from "./state/state.js"
export { addTrustedKey, addVex, setFeed, setSigningKey, setTrustRoot } from "./state/trust-builders.js"
