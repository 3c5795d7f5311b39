// Attestations as Docker Hardened Images carry them (fixtures/dhi/): one referrer per predicate, its subject the
// platform's manifest, one layer that is a bare in-toto statement, or a DSSE envelope around it.
import { createPrivateKey, sign } from "node:crypto"
import { canonical, mediaTypes } from "./oci-layout.mjs"

export const predicateTypes = {
  cyclonedx: "https://cyclonedx.org/bom/v", // and its version
  spdx: "https://spdx.dev/Document",
  openvex: "https://openvex.dev/ns/v0.2.0",
}

const statementType = "application/vnd.in-toto+json"
const envelopeType = "application/vnd.dsse.envelope.v1+json"

// Test data, signed by nobody: the Ed25519 key whose seed is 32 zero bytes.
const testKey = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32)]),
  format: "der",
  type: "pkcs8",
})

/**
 * Adds a statement about `subject` to the layout, as its referrer.
 *
 * @param subject descriptor of a manifest or an index
 * @param options `predicateType`, `predicate`, and `dsse: true` for an envelope
 */
export function attest(layout, subject, name, { predicateType, predicate, dsse = false }) {
  const statement = {
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType,
    subject: [{ name, digest: { sha256: subject.digest.replace("sha256:", "") } }],
    predicate,
  }
  const mediaType = dsse ? envelopeType : statementType
  const annotations = { "in-toto.io/predicate-type": predicateType }
  const layer = { ...layout.addJson(mediaType, dsse ? envelope(statement) : statement), annotations }
  const empty = layout.addJson(mediaTypes.empty, {})
  const referrer = layout.addJson(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: mediaType,
    config: { ...empty, data: "e30=" },
    layers: [layer],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations,
  })
  layout.list({ ...referrer, artifactType: mediaType })
}

// https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md
function envelope(statement) {
  const payload = Buffer.from(canonical(statement))
  const preAuthentication = Buffer.concat([
    Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${payload.length} `),
    payload,
  ])
  const signature = sign(null, preAuthentication, testKey).toString("base64")
  return {
    payloadType: statementType,
    payload: payload.toString("base64"),
    signatures: [{ keyid: "test", sig: signature }],
  }
}
