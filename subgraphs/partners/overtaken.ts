/**
 * Others were faster: they have recorded some of the same, spent of a budget, or given activities to another
 * member. Nothing of it may stand: all is done again on what there is now.
 */
export class Overtaken extends Error {}
