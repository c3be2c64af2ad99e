/** State of a module of ours. */
export const counter = { count: 0 };
