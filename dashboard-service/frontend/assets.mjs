// Puts the npm packages of the pages where Quarkus serves them. Run by Maven: node assets.mjs <folder>
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILES = { "htmx.org/dist/htmx.min.js": "htmx.min.js" };

const target = process.argv[2];
if (!target) {
  console.error("assets.mjs: name the folder to write to");
  process.exit(2);
}
const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
const stamp = join("node_modules", ".datman-stamp");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { stdio: "inherit" });
  writeFileSync(stamp, wanted);
}
mkdirSync(target, { recursive: true });
for (const [source, name] of Object.entries(FILES)) {
  copyFileSync(join("node_modules", source), join(target, name));
}
