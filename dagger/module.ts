// What the face needs, and nothing else: the entry of the bundle (scripts/build.mjs), which it imports as #cssc.
export { fleetSchemaFile } from "../core/fleet/config/fleet-json-schema.js"
export { policySchemaFile } from "../core/policy/document/policy-json-schema.js"
export { runApply } from "./calls/fleet/apply.js"
export { runConfigImport } from "./calls/fleet/config-import.js"
export { runMerge } from "./calls/fleet/merge.js"
export { runMonitor } from "./calls/fleet/monitor.js"
export { runGitlabPipeline, runMatrix, runPlan } from "./calls/fleet/plan.js"
export { runRetention } from "./calls/fleet/retention.js"
export { runApprove } from "./calls/forge/approve.js"
export { runAttach } from "./calls/attach.js"
export { runAttest } from "./calls/attest.js"
export { runCheck, runEnforce } from "./calls/check.js"
export { runDelete } from "./calls/delete.js"
export { runDemo } from "./calls/demo.js"
export { runEndOfLife } from "./calls/end-of-life.js"
export { runEvaluate } from "./calls/evaluate.js"
export { runComment } from "./calls/forge/comment.js"
export { runEvents } from "./calls/forge/events.js"
export { runGate } from "./calls/gate.js"
export { runHistory } from "./calls/history.js"
export { runImage } from "./calls/image.js"
export { runInventory } from "./calls/inventory.js"
export { runLedger } from "./calls/ledger.js"
export { runMirror } from "./calls/mirror.js"
export { runNotify } from "./calls/forge/notify.js"
export { runOverride } from "./calls/override.js"
export { runOverrideVerdict } from "./calls/override-verdict.js"
export { runPolicyCheck } from "./calls/policy/policy-check.js"
export { runPolicyTest } from "./calls/policy/policy-test.js"
export { runProbe } from "./calls/probe.js"
export { runPromote } from "./calls/promote.js"
export { runPromoteGated } from "./calls/promote-gated.js"
export { runQuarantine } from "./calls/promote-quarantine.js"
export { runGateReport, runReport, runReportResults } from "./calls/report.js"
export { runRequestApproval } from "./calls/forge/request-approval.js"
export { runRetire } from "./calls/retire.js"
export { runScan } from "./calls/scan.js"
export { runTags } from "./calls/tags.js"
export { runVerdict } from "./calls/verdict.js"
export { runVerify } from "./calls/verify.js"
export {
  addCertificate,
  addDeleteToken,
  addDockerConfig,
  addRegistryAuth,
  addRegistryLimits,
  addRegistryService,
  setDatabase,
  setPolicy,
  setRetryDelays,
  setRun,
  setToolbox,
} from "./state/builders.js"
export { fill } from "./state/fill.js"
export { setForge } from "./state/forge-builders.js"
export { addTrustedIdentity, setKeyless } from "./state/keyless-builders.js"
export { newState } from "./state/new-state.js"
export { carry, type State } from "./state/state.js"
export { addTrustedKey, addVex, setFeed, setSigningKey, setTrustRoot } from "./state/trust-builders.js"
