// How far ahead of us a date may be before it is one of the future: clocks of two machines differ a little.

const minute = 60 * 1000

/** What one of our own jobs, or the author of a statement, dated: from further ahead it was not made by an honest one. */
export const maxClockSkew = 5 * minute

/**
 * What strangers' machines dated: vulnerability databases, feeds, evidence. Nobody here sets their clocks, their ages are
 * counted in hours and days, and the hour gains nobody more than an hour; refusing them would stop every image at once.
 */
export const maxForeignClockSkew = 60 * minute
