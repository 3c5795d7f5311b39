// Referrers in memory: any, and those that carry an in-toto statement.
import { blobOf, manifestOf, type TestDescriptor, type TestManifest, testMediaTypes } from "./build-manifest.js"

export type StatementOptions = {
  readonly predicateType: string
  readonly predicate: unknown
  readonly dsse?: boolean
  readonly statementSubject?: string
}

/** A referrer that carries an in-toto statement about its subject, bare or in an (unsigned) envelope. */
export function aStatement(subject: TestDescriptor, options: StatementOptions): TestManifest {
  const { predicateType, predicate, dsse = false, statementSubject = subject.digest } = options
  const about = [{ name: "app", digest: { sha256: statementSubject.replace("sha256:", "") } }]
  const statement = JSON.stringify({
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType,
    subject: about,
    predicate,
  })
  const payload = Buffer.from(statement).toString("base64")
  const envelope = { payloadType: testMediaTypes.inToto, payload, signatures: [{ keyid: "", sig: "AA==" }] }
  const artifactType = dsse ? testMediaTypes.dsse : testMediaTypes.inToto
  const annotations = { "in-toto.io/predicate-type": predicateType }
  const content = dsse ? JSON.stringify(envelope) : statement
  return aReferrer(subject, { artifactType, annotations, layers: [{ mediaType: artifactType, content, annotations }] })
}

export type ReferrerOptions = {
  /** Absent: the config's media type is the type, as old clients have it. */
  readonly artifactType?: string
  readonly configMediaType?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly layers?: readonly {
    readonly mediaType: string
    readonly content: Buffer | string
    readonly annotations?: Readonly<Record<string, string>>
  }[]
}

export function aReferrer(subject: TestDescriptor, options: ReferrerOptions): TestManifest {
  const { artifactType, configMediaType = testMediaTypes.empty, annotations, layers = [] } = options
  const config = blobOf(configMediaType, "{}")
  const blobs = layers.map(({ mediaType, content }) => blobOf(mediaType, content))
  const described = blobs.map((blob, i) => ({ ...blob.descriptor, annotations: layers[i]?.annotations }))
  const { mediaType, digest, size } = subject
  const content = {
    schemaVersion: 2,
    mediaType: testMediaTypes.manifest,
    ...(artifactType && { artifactType }),
    config: config.descriptor,
    layers: described,
    subject: { mediaType, digest, size },
    ...(annotations && { annotations }),
  }
  return manifestOf(testMediaTypes.manifest, content, [config, ...blobs])
}
