/**
 * Imported first by every program that people run: libraries read these while they load. Errors
 * carry no stacks to clients, and nothing reports to a maker of libraries, unless told otherwise.
 */
process.env['NODE_ENV'] ??= 'production';
process.env['APOLLO_TELEMETRY_DISABLED'] ??= 'true';
