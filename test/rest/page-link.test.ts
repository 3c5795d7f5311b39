// Where a listing goes on: a page that is not found hides what is on it.
import { describe, expect, it } from "vitest"
import { findNextLink } from "../../rest/page-link.js"

describe("the next page", () => {
  it.each([
    '</v2/a/tags/list?last=b>; rel="next"',
    "</v2/a/tags/list?last=b>; rel=next",
    "</v2/a/tags/list?last=b>;REL=Next",
    '</v2/a/tags/list?last=b>; rel="next last"',
    '</v2/a/tags/list?last=b>; rel="prefetch  next"',
    "</v2/a/tags/list?last=b>; rel='next'",
    '</v2/a/tags/list?last=b>; title="b, c; d"; rel="next"',
    '</other>; rel="prev", </v2/a/tags/list?last=b>; rel="next"',
    '</v2/a/tags/list?last=b>; rel="next", </other>; rel="last"',
    // Quay wrote it so (heroku/docker-registry-client#11).
    '/v2/a/tags/list?last=b; rel="next"',
    '/other; rel="last", /v2/a/tags/list?last=b; rel="next"',
    "/other;rel=prev,/v2/a/tags/list?last=b;rel=next",
    '/v2/a/tags/list?last=b; rel="next", /other; rel="last"',
    '/other, /v2/a/tags/list?last=b; rel="next"',
    '/other; title="a, b; c", /v2/a/tags/list?last=b; rel="next"',
  ])("is found in %s", (header) => {
    expect(findNextLink(header)).toBe("/v2/a/tags/list?last=b")
  })

  it.each([
    undefined,
    "",
    '</other>; rel="prev"',
    '</other>; rel="nextish"',
    "</other>",
    '</other>; rel="last"; next=1',
    '/other; rel="last", /more; rel="prev"',
    "/other, /more",
  ])("is not in %s", (header) => {
    expect(findNextLink(header)).toBeUndefined()
  })

  it("has the commas that its URL has, with brackets and without", () => {
    for (const link of ["</v2/_catalog?last=a,b>; rel=next", "/v2/_catalog?last=a,b; rel=next"])
      expect(findNextLink(link)).toBe("/v2/_catalog?last=a,b")
  })

  it("is looked for in linear time", () => {
    const started = performance.now()
    for (const end of [";", '; a="', " b", ",", ""]) findNextLink("a".repeat(100_000) + end)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
