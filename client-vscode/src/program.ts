// Where the `specwright` program is. Looks only; starts nothing.

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join, relative, resolve } from "node:path";

export type Found = { readonly program: string } | { readonly missing: string };

const WINDOWS = process.platform === "win32";
const NAME = WINDOWS ? "specwright.exe" : "specwright";
const IN_VENV = join(".venv", WINDOWS ? "Scripts" : "bin", NAME);
const INSTALL = "Install it with `pipx install specwright`, or into the folder's .venv, or name it in the setting specwright.path.";

/** The program that the setting names, else the one on the search path, else the one in a folder's .venv. */
export function findProgram(setting: string, folders: readonly string[], searchPath: string): Found {
  if (setting !== "") {
    const program = absolute(setting, folders);
    return isProgram(program) ? { program } : { missing: `${program}, named by specwright.path, is no program.` };
  }
  const onPath = searchPath.split(delimiter).filter(isAbsolute);
  const places = [...onPath.map((folder) => join(folder, NAME)), ...folders.map((folder) => join(folder, IN_VENV))];
  const program = places.find(isProgram);
  return program === undefined ? { missing: `The program specwright was not found. ${INSTALL}` } : { program };
}

/** The same for folders that are not trusted: nothing that lies in one of them, whoever names it. */
export function findOutside(setting: string, folders: readonly string[], searchPath: string): Found {
  const outside = searchPath.split(delimiter).filter((place) => !folders.some((folder) => isBelow(folder, join(place, NAME))));
  const found = findProgram(setting, [], outside.join(delimiter));
  if ("program" in found && folders.some((folder) => isBelow(folder, found.program))) {
    return { missing: `${found.program} lies in a folder that you don't trust.` };
  }
  return found;
}

function isBelow(folder: string, path: string): boolean {
  const within = relative(real(folder), real(path));
  return !isAbsolute(within) && within.split(/[\\/]/)[0] !== "..";
}

/** Where links lead; a place that is not there leads nowhere else. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function absolute(setting: string, folders: readonly string[]): string {
  if (setting.startsWith("~/")) {
    return join(homedir(), setting.slice(2));
  }
  return resolve(folders[0] ?? homedir(), setting);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
