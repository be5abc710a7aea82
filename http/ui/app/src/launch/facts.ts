import { baseUrl } from "../page";
import { type Estimate, stageNames } from "./stages";

/// What the server knows of a repository beside the launch itself. None of it is needed: where it is not there, the
/// page shows less.

async function ask(path: string, signal: AbortSignal): Promise<Record<string, unknown> | null> {
  try {
    const answer = await fetch(`${baseUrl}${path}`, { signal });
    if (!answer.ok) return null;
    const read: unknown = await answer.json();
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** How long the stages took in earlier launches; null where none is known. */
export async function askEstimate(spec: string, signal: AbortSignal): Promise<Estimate | null> {
  const read = await ask(`api/estimate/${spec}`, signal);
  if (typeof read?.seconds !== "object" || read.seconds === null) return null;
  const seconds = read.seconds as Record<string, unknown>;
  const estimate: Estimate = {};
  for (const name of stageNames) {
    const one = seconds[name];
    if (typeof one === "number" && Number.isFinite(one)) estimate[name] = one;
  }
  return Object.keys(estimate).length > 0 ? estimate : null;
}

export interface Readme {
  name: string;
  text: string;
  /** Where the repository's site shows its files, with a slash at the end; "" where that is not known. */
  files: string;
  cut: boolean;
}

/** The repository's own description, as our server fetched it. */
export async function askReadme(spec: string, signal: AbortSignal): Promise<Readme | null> {
  const read = await ask(`api/preview/${spec}`, signal);
  if (typeof read?.text !== "string" || read.text.trim() === "") return null;
  return { name: String(read.name ?? "README"), text: read.text, files: String(read.files ?? ""), cut: read.cut === true };
}
