// What we attach or push: one document with its types and annotations.

/** One document to attach to a subject, or to push under a tag. */
export type Artifact = {
  readonly artifactType: string
  readonly fileName: string
  readonly mediaType: string
  readonly content: string
  readonly annotations: Readonly<Record<string, string>>
  readonly layerAnnotations?: Readonly<Record<string, string>>
  /** A config with content of its own; without it the empty config of OCI 1.1 is used. */
  readonly config?: { readonly mediaType: string; readonly content: string }
}
