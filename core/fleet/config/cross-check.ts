// What no entry shows alone: two that write one repository, circles, and names that nothing stands for. All at once.
import { repositoryName } from "../../oci/reference.js"
import { byTarget, isInCircle, upstream } from "./chains.js"
import type { FleetFile } from "./fleet-schema.js"

export type CrossProblem = { readonly path: readonly PropertyKey[]; readonly message: string }

type Entry = FleetFile["mirrors"][number] | FleetFile["promotions"][number]
type Placed = Pick<Entry, "source" | "target"> & { readonly list: "mirrors" | "promotions"; readonly at: number }

export function crossCheck(file: FleetFile): readonly CrossProblem[] {
  const place = (list: Placed["list"]) => file[list].map(({ source, target }, at) => ({ source, target, list, at }))
  const placed: readonly Placed[] = [...place("mirrors"), ...place("promotions")]
  return [
    ...(placed.length === 0
      ? [{ path: [], message: "has neither mirrors nor promotions: there is nothing to do" }]
      : []),
    ...repeatedRegistries(file),
    ...sameEnds(placed),
    ...sharedTargets(placed),
    ...circles(placed),
    ...unknownPolicies(file),
    ...platformChoices(file),
  ]
}

function repeatedRegistries({ registries }: FleetFile): CrossProblem[] {
  const first = (name: string) => registries.findIndex((one) => one.name === name)
  return registries.flatMap(({ name }, at) =>
    first(name) === at ? [] : [{ path: ["registries", at, "name"], message: `${name} is there already` }],
  )
}

function sameEnds(placed: readonly Placed[]): CrossProblem[] {
  return placed
    .filter(({ source, target }) => repositoryName(source) === repositoryName(target))
    .map(({ list, at }) => ({ path: [list, at, "target"], message: "is the source itself" }))
}

// Even with other tags: the history of a mirror and the evidence of a promotion belong to the repository.
function sharedTargets(placed: readonly Placed[]): CrossProblem[] {
  const first = new Map<string, Placed>()
  return placed.flatMap((one) => {
    const name = repositoryName(one.target)
    const other = first.get(name)
    if (other === undefined) {
      first.set(name, one)
      return []
    }
    const message = `${name} is the target of ${other.list}[${other.at}] already: one entry for each target repository`
    return [{ path: [one.list, one.at, "target"], message }]
  })
}

function circles(placed: readonly Placed[]): CrossProblem[] {
  const targets = byTarget(placed)
  const isOwn = ({ source, target }: Placed) => repositoryName(source) === repositoryName(target)
  return placed
    .filter((one) => targets.get(repositoryName(one.target)) === one && !isOwn(one) && isInCircle(one, targets))
    .map((one) => {
      const way = upstream(one, targets).map(({ source }) => repositoryName(source))
      const circle = [repositoryName(one.target), ...way].toReversed().join(" → ")
      return { path: [one.list, one.at], message: `goes in a circle: ${circle}` }
    })
}

function unknownPolicies({ policies, promotions, defaults }: FleetFile): CrossProblem[] {
  const named = [
    { path: ["defaults", "promotions", "policy"], policy: defaults.promotions?.policy },
    ...promotions.map(({ policy }, at) => ({ path: ["promotions", at, "policy"], policy })),
  ]
  const names = Object.keys(policies)
  const known = names.length === 0 ? "policies names none" : `policies has ${names.slice(0, 10).join(", ")}`
  return named.flatMap(({ path, policy }) =>
    policy === undefined || Object.hasOwn(policies, policy) ? [] : [{ path, message: `names no policy: ${known}` }],
  )
}

function platformChoices({ mirrors, defaults }: FleetFile): CrossProblem[] {
  return mirrors.flatMap((one, at) => {
    const { platforms = [], newDigest = false } = { ...defaults.mirrors, ...one }
    if (platforms.length === 0 || newDigest) return []
    const message =
      "make another image with another digest, which no signature of the publisher covers: say new-digest: true if that is meant"
    return [{ path: ["mirrors", at, "platforms"], message }]
  })
}
