// A key in another spelling than the schema's is nothing to us, and something to readers that ignore case.
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { parseEnvelope } from "../../../core/attestation/dsse.js"
import { readStatement } from "../../../core/attestation/statement.js"
import { unwrap } from "../../../core/attestation/unwrap.js"
import { parseDigest } from "../../../core/oci/digest.js"
import { checkSchema } from "../../../core/oci/json.js"
import { parseManifest } from "../../../core/oci/manifest.js"
import { parseDiscovery } from "../../../core/oci/referrers.js"
import { parseSbom } from "../../../core/sbom/sbom.js"
import { readVex } from "../../../core/vex/read-vex.js"
import { expectCode } from "./fixture.js"

const digest = parseDigest(`sha256:${"1".repeat(64)}`)
const descriptor = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 2 }
const linux = { os: "linux", architecture: "amd64" }
const index = { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json" }
const image = { schemaVersion: 2, mediaType: descriptor.mediaType, config: descriptor, layers: [descriptor] }

describe("a manifest", () => {
  it.each<[string, object, RegExp]>([
    [
      "index that lists in two cases",
      { ...index, manifests: [], Manifests: [descriptor] },
      /"manifests" and "Manifests"/,
    ],
    ["index that lists in one other case", { ...index, Manifests: [descriptor] }, /"Manifests" is "manifests"/],
    ["type in another case", { ...image, MediaType: index.mediaType }, /"mediaType" and "MediaType"/],
    ["type in another case alone", { schemaVersion: 2, MediaType: index.mediaType, manifests: [] }, /"MediaType" is/],
    [
      "platform beside a platform",
      {
        ...index,
        manifests: [{ ...descriptor, platform: { os: "unknown", architecture: "unknown" }, Platform: linux }],
      },
      /manifests\[0\]: "platform" and "Platform"/,
    ],
    [
      "platform in one other case",
      { ...index, manifests: [{ ...descriptor, Platform: linux }] },
      /manifests\[0\]: "Platform"/,
    ],
    [
      "digest with a long s",
      { ...index, manifests: [{ ...descriptor, platform: { ...linux, "o\u017f": "x" } }] },
      /are one key/,
    ],
    ["layers of an index in another case", { ...index, manifests: [], Layers: [] }, /"Layers" is "layers"/],
    ["layers in another case", { ...image, LAYERS: [] }, /"layers" and "LAYERS"/],
    ["subject in another case", { ...image, Subject: descriptor }, /"Subject" is "subject"/],
    ["artifact type in another case", { ...image, ArtifactType: "x" }, /"ArtifactType" is "artifactType"/],
  ])("is refused: %s", (_, value, message) => {
    expectCode(() => parseManifest(JSON.stringify(value), { reference: "r/a" }), "MANIFEST_INVALID", message)
  })

  it.each(['"size":2.0', '"size":2e0', '"size":-0', '"size":9007199254740993', '"size":2,"size":2'])(
    "is refused with %s",
    (size) => {
      const text = JSON.stringify({ ...index, manifests: [descriptor] }).replace('"size":2', size)
      expectCode(() => parseManifest(text, { reference: "r/a" }), "MANIFEST_INVALID", /in two ways/)
    },
  )

  it("may have keys that nobody takes for another", () => {
    const more = { ...image, "com.example.Config": 1, annotations: { Config: "a", LAYERS: "b", platform: "c" } }
    expect(parseManifest(JSON.stringify(more), { reference: "r/a" })).toMatchObject({ kind: "image" })
  })

  it("is not listed as a referrer in two ways", () => {
    const node = { ...descriptor, ArtifactType: "x" }
    const text = JSON.stringify({ ...descriptor, referrers: [node] })
    expectCode(() => parseDiscovery(text, digest), "REFERRERS_UNTRUSTED", /"ArtifactType" is "artifactType"/)
  })
})

describe("an attestation", () => {
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "a", digest: { sha256: "1".repeat(64) } }],
    predicateType: "https://spdx.dev/Document",
  }
  const envelope = { payloadType: "application/vnd.in-toto+json", payload: "e30=", signatures: [{ sig: "" }] }

  it.each<[string, object, RegExp]>([
    ["predicate", { ...statement, Predicate: {} }, /"Predicate" is "predicate"/],
    [
      "subject's digest",
      { ...statement, subject: [{ ...statement.subject[0], Digest: {} }] },
      /subject\[0\]: .*one key|subject\[0\]: "Digest"/,
    ],
  ])("is refused with its %s in another case", (_, value, message) => {
    expectCode(() => readStatement(value, "the statement"), "STATEMENT_INVALID", message)
  })

  it("is refused with a signature in another case", () => {
    const text = JSON.stringify({ ...envelope, signatures: [{ sig: "", KeyID: "x" }] })
    expectCode(() => parseEnvelope(text), "STATEMENT_INVALID", /signatures\[0\]: "KeyID" is "keyid"/)
  })

  it.each<[string, object]>([
    ["a statement that is an envelope in another case", { ...statement, PayloadType: "x", Payload: "e30=" }],
    ["an SBOM that is a statement in another case", { bomFormat: "CycloneDX", predicatetype: "x" }],
    ["an SBOM of two formats", { bomFormat: "CycloneDX", specVersion: "1.6", dsseEnvelope: {} }],
  ])("is refused: %s", (_, value) => {
    expectCode(() => unwrap(JSON.stringify(value)), "STATEMENT_INVALID", /can be read in 2 ways/)
  })

  it("may hold a predicate of a foreign type with any keys", () => {
    const predicate = { Subject: 1, _TYPE: 2, buildType: { Predicate: 3 } }
    expect(unwrap(JSON.stringify({ ...statement, predicate })).document).toEqual(predicate)
  })
})

describe("an SBOM", () => {
  const cyclonedx = { bomFormat: "CycloneDX", specVersion: "1.6", components: [{ type: "library", name: "a" }] }
  const spdx = { spdxVersion: "SPDX-2.3", packages: [{ SPDXID: "SPDXRef-a", name: "a" }] }
  const [component, entry] = [cyclonedx.components[0], spdx.packages[0]]

  it.each<[string, object]>([
    ["components", { ...cyclonedx, components: undefined, Components: [] }],
    ["a component's name", { ...cyclonedx, components: [{ ...component, Name: "b" }] }],
    ["a component's purl", { ...cyclonedx, components: [{ ...component, PURL: "pkg:npm/b@1" }] }],
    ["a component's properties", { ...cyclonedx, components: [{ ...component, Properties: [] }] }],
    ["a property's value", { ...cyclonedx, components: [{ ...component, properties: [{ name: "a", Value: "b" }] }] }],
    [
      "a nested component's reference",
      { ...cyclonedx, components: [{ ...component, components: [{ ...component, "BOM-ref": "a" }] }] },
    ],
    ["the root's type", { ...cyclonedx, metadata: { component: { ...component, Type: "container" } } }],
    ["the metadata", { ...cyclonedx, Metadata: {} }],
    ["a dependency", { ...cyclonedx, dependencies: [{ ref: "a", DependsOn: [] }] }],
    ["the other format", { ...cyclonedx, SPDXversion: "SPDX-2.3" }],
    ["packages", { ...spdx, Packages: [] }],
    ["a package's version", { ...spdx, packages: [{ ...entry, VersionInfo: "1" }] }],
    ["a package's id", { ...spdx, packages: [{ ...entry, spdxid: "SPDXRef-OperatingSystem" }] }],
    ["a package's source", { ...spdx, packages: [{ ...entry, SourceInfo: "built package from: x 1" }] }],
    ["a package's purl", { ...spdx, packages: [{ ...entry, externalRefs: [{ ReferenceLocator: "pkg:npm/b@1" }] }] }],
    ["a package's notes", { ...spdx, packages: [{ ...entry, Annotations: [{ comment: "SrcName: b" }] }] }],
    ["a relation", { ...spdx, relationships: [{ SpdxElementId: "a" }] }],
    ["its creators", { ...spdx, creationInfo: { Creators: ["Tool: trivy"] } }],
  ])("is refused with %s in another case", (_, document) => {
    expectCode(() => parseSbom(document), "SBOM_INVALID", /can be read in two ways|to readers that ignore case/)
  })
})

describe("a VEX document", () => {
  const openvex = {
    ...{ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "a", author: "b", timestamp: "2026-01-01T00:00:00Z" },
    statements: [{ vulnerability: { name: "CVE-1" }, products: [{ "@id": "pkg:npm/a@1" }], status: "affected" }],
  }
  const [statement] = openvex.statements

  it.each<[string, object, RegExp]>([
    ["a status", { ...openvex, statements: [{ ...statement, Status: "fixed" }] }, /"Status" is "status"/],
    [
      "products",
      { ...openvex, statements: [{ ...statement, products: [{ "@ID": "pkg:npm/b@1" }] }] },
      /"@ID" is "@id"/,
    ],
    ["a vulnerability", { ...openvex, statements: [{ ...statement, Vulnerability: {} }] }, /"Vulnerability" is/],
    ["another format", { ...openvex, BomFormat: "CycloneDX" }, /two ways: as openvex and cyclonedx/],
  ])("is refused with %s in another case", (_, document, message) => {
    expectCode(() => readVex(document), "VEX_INVALID", message)
  })
})

describe("any schema", () => {
  const inner = z.object({ name: z.string().optional() })
  const reach = {
    list: z.array(inner),
    map: z.record(z.string(), inner),
    either: z.union([z.string(), inner]),
    changed: z
      .preprocess(
        (value) => value,
        inner.refine(() => true),
      )
      .transform((value) => value),
    absent: inner.nullish(),
    fallback: inner.default({}),
    later: z.lazy(() => inner),
    deep: z.object({ nested: z.array(z.array(inner.nullable())) }),
  }
  it.each<[keyof typeof reach, unknown, string]>([
    ["list", [{}, { Name: 1 }], "list[1]"],
    ["map", { a: { Name: 1 } }, "map.a"],
    ["either", { Name: 1 }, "either"],
    ["changed", { Name: 1 }, "changed"],
    ["absent", { Name: 1 }, "absent"],
    ["fallback", { Name: 1 }, "fallback"],
    ["later", { Name: 1 }, "later"],
    ["deep", { nested: [[null, { Name: 1 }]] }, "deep.nested[0][1]"],
  ])("is followed through its %s", (field, value, path) => {
    const schema = z.object({ [field]: reach[field] })
    expectCode(
      () => checkSchema(schema, { [field]: value }, "SBOM_INVALID", "it"),
      "SBOM_INVALID",
      `it can be read in two ways: ${path}: "Name" is "name" to readers that ignore case`,
    )
  })

  it("takes what is no object for nothing that it knows", () => {
    expect(checkSchema(z.unknown(), { Name: 1 }, "SBOM_INVALID", "it")).toEqual({ Name: 1 })
  })
})
