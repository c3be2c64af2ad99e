/**
 * Imported first by every program that people run: libraries read these while they load. Errors
 * carry no stacks to clients unless told otherwise.
 */
process.env['NODE_ENV'] ??= 'production';
