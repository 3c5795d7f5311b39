// Every document that we attach is written in canonical JSON, so that equal evidence has equal digests.
export { canonicalJson } from "../findings/canonical-json.js"
