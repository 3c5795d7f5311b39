// The packages of a report's result, with the versions that they are compared by.
import type { ListedPackage } from "./looked-up.js"
import type { TrivyPackage, TrivyResult } from "./trivy-schema.js"

export function listPackages(result: TrivyResult): ListedPackage[] {
  return (result.Packages ?? []).map((item) => ({
    name: item.Name ?? "",
    version: item.Version ?? "",
    installed: format(item.Epoch, item.Version, item.Release),
    purl: item.Identifier?.PURL ?? "",
    resultClass: result.Class ?? "",
    resultType: result.Type ?? "",
    repository: item.Repository?.Class ?? "",
    arch: item.Arch ?? "",
    modularity: item.Modularitylabel ?? "",
    ...sourceOf(item),
  }))
}

function sourceOf(item: TrivyPackage): Pick<ListedPackage, "source"> {
  const name = item.SrcName ?? ""
  return name === "" ? {} : { source: { name, version: format(item.SrcEpoch, item.SrcVersion, item.SrcRelease) } }
}

type Part = string | null | undefined

// https://github.com/aquasecurity/trivy/blob/v0.73.0/pkg/scan/utils/util.go
function format(epoch: number | null | undefined, version: Part, release: Part): string {
  const whole = (release ?? "") === "" ? (version ?? "") : `${version ?? ""}-${release}`
  return (epoch ?? 0) === 0 ? whole : `${epoch}:${whole}`
}
