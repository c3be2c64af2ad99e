const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Test files run in the worker's own realm, one after the other: each leaves its globals as it found them. */
class Environment {
  global = globalThis;
  fakeTimers = null;
  fakeTimersModern;
  moduleMocker = new ModuleMocker(globalThis);
  #restore = [restoring(globalThis), restoring(process.env), restoringProcess()];

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  getVmContext() {
    return null;
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    for (const restore of this.#restore) restore();
  }
}

/** @returns puts back what the object has now, and takes away what it got since */
function restoring(object) {
  const before = Object.getOwnPropertyDescriptors(object);
  return () => {
    for (const key of Reflect.ownKeys(object)) {
      if (!Object.hasOwn(before, key)) Reflect.deleteProperty(object, key);
    }
    for (const key of Reflect.ownKeys(before)) Reflect.defineProperty(object, key, before[key]);
  };
}

/** @returns takes away what jest puts before the process's own for each file */
function restoringProcess() {
  const { exit, getBuiltinModule } = Object.getOwnPropertyDescriptors(process);
  return () => Object.defineProperties(process, { exit, getBuiltinModule });
}

module.exports = Environment;
