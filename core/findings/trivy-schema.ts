// The parts of Trivy's JSON report that are judged or shown; the rest is not read here, but the raw report is stored.
// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/types/report.go (a nil slice of Go may come as null)
import { z } from "zod"

/** A report has one result per lock file or OS package database. */
export const maxResults = 20_000
/** Findings of one result; the biggest real images have a few thousand. */
export const maxFindingsPerResult = 100_000
/** Packages of one result; the biggest real SBOMs have some ten thousand. */
export const maxPackagesPerResult = 500_000

const text = z.string().max(8192)
const longText = z.string().max(65_536)
const identifierSchema = z.object({ PURL: text.nullish() }).nullish()

const packageSchema = z.object({
  Name: text.nullish(),
  Version: text.nullish(),
  Release: text.nullish(),
  Epoch: z.int().nullish(),
  SrcName: text.nullish(),
  SrcVersion: text.nullish(),
  SrcRelease: text.nullish(),
  SrcEpoch: z.int().nullish(),
  Arch: text.nullish(),
  Modularitylabel: text.nullish(),
  Identifier: identifierSchema,
  Repository: z.object({ Class: text.nullish() }).nullish(),
})

export const vulnerabilitySchema = z.object({
  VulnerabilityID: z.string().min(1).max(256),
  VendorIDs: z.array(z.string().max(256)).max(100).nullish(),
  PkgName: z.string().min(1).max(8192),
  PkgIdentifier: identifierSchema,
  InstalledVersion: text.nullish(),
  FixedVersion: text.nullish(),
  Status: text.nullish(),
  Severity: text.nullish(),
  Title: longText.nullish(),
  PrimaryURL: text.nullish(),
})

const modifiedSchema = z.object({
  Type: text,
  Status: text.nullish(),
  Statement: longText.nullish(),
  Source: text.nullish(),
  Finding: z.unknown(),
})

const resultSchema = z.object({
  Target: text.nullish(),
  Class: text.nullish(),
  Type: text.nullish(),
  Packages: z.array(packageSchema).max(maxPackagesPerResult).nullish(),
  Vulnerabilities: z.array(vulnerabilitySchema).max(maxFindingsPerResult).nullish(),
  ExperimentalModifiedFindings: z.array(modifiedSchema).max(maxFindingsPerResult).nullish(),
})

const osSchema = z.object({ Family: text.nullish(), Name: text.nullish(), EOSL: z.boolean().nullish() })

const metadataSchema = z.object({
  OS: osSchema.nullish(),
  RepoDigests: z.array(text).max(1000).nullish(),
  ImageConfig: z.object({ os: text.nullish(), architecture: text.nullish(), variant: text.nullish() }).nullish(),
})

export const trivyReportSchema = z.object({
  SchemaVersion: z.literal(2),
  Trivy: z.object({ Version: text.nullish() }).nullish(),
  CreatedAt: text.nullish(),
  ArtifactName: text.nullish(),
  ArtifactType: text.nullish(),
  Metadata: metadataSchema.nullish(),
  Results: z.array(resultSchema).max(maxResults).nullish(),
})

export type TrivyDocument = z.infer<typeof trivyReportSchema>
export type TrivyPackage = z.infer<typeof packageSchema>
export type TrivyResult = z.infer<typeof resultSchema>
export type TrivyVulnerability = z.infer<typeof vulnerabilitySchema>
export type TrivyModifiedFinding = z.infer<typeof modifiedSchema>
