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
  ])("is not in %s", (header) => {
    expect(findNextLink(header)).toBeUndefined()
  })
})
