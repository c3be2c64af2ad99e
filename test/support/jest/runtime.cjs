const { createRequire } = require('node:module');
const path = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const { SourceTextModule, SyntheticModule } = require('node:vm');
const { default: JestRuntime } = require('jest-runtime');

/** Jest's own modules that keep a file's tests, and what it has expected so far. */
const keptByFile = /\/node_modules\/(jest-circus|@jest\/expect|expect)\//;

/** The packages that the worker's files have imported, by name: each is evaluated once. */
const packages = new Map();

/**
 * Loads test files: the project's modules anew for each, packages once for all files of a worker.
 * Jest's own evaluates each package again for each file.
 */
class Runtime extends JestRuntime {
  #transformer;
  #options;
  #modules = new Map();
  #sourceMaps = new Map();

  constructor(config, environment, resolver, transformer, texts, coverage, ...rest) {
    super(config, environment, resolver, transformer, texts, coverage, ...rest);
    this.#transformer = transformer;
    this.#options = { supportsStaticESM: true, supportsDynamicImport: true, ...coverage };
  }

  async unstable_importModule(file) {
    const module = this.#load(file);
    if (module.status === 'unlinked') {
      await module.link((specifier, { identifier }) => this.#resolve(specifier, identifier));
    }
    await module.evaluate();
    return module;
  }

  requireInternalModule(file) {
    for (const loaded of Object.keys(require.cache)) {
      if (keptByFile.test(loaded)) delete require.cache[loaded];
    }
    return createRequire(file)(file);
  }

  getSourceMaps() {
    return this.#sourceMaps;
  }

  #load(file) {
    const known = this.#modules.get(file);
    if (known) return known;
    const { code, sourceMapPath } = this.#transformer.transform(file, this.#options);
    if (sourceMapPath) this.#sourceMaps.set(file, sourceMapPath);
    const { href } = pathToFileURL(file);
    const module = new SourceTextModule(code, {
      identifier: file,
      initializeImportMeta: (meta) =>
        Object.assign(meta, { url: href, filename: file, dirname: path.dirname(file) }),
      importModuleDynamically: (specifier) =>
        isOurs(specifier) ? this.unstable_importModule(fileOf(specifier, file)) : import(specifier),
    });
    this.#modules.set(file, module);
    return module;
  }

  #resolve(specifier, from) {
    if (isOurs(specifier)) return this.#load(fileOf(specifier, from));
    if (specifier === '@jest/globals') {
      return exporting(specifier, this.requireModuleOrMock(from, specifier));
    }
    if (!packages.has(specifier)) {
      packages.set(
        specifier,
        import(specifier).then((namespace) => exporting(specifier, namespace)),
      );
    }
    return packages.get(specifier);
  }
}

const isOurs = (specifier) => specifier.startsWith('.');

const fileOf = (specifier, from) => fileURLToPath(new URL(specifier, pathToFileURL(from)));

function exporting(identifier, namespace) {
  const names = Object.keys(namespace);
  return new SyntheticModule(
    names,
    function exportAll() {
      for (const name of names) this.setExport(name, namespace[name]);
    },
    { identifier },
  );
}

module.exports = { __esModule: true, default: Runtime };
