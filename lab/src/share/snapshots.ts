import type { INotebookContent } from "@jupyterlab/nbformat";
import { ask } from "../own-api";

const SNAPSHOTS = "/studio-api/snapshots";
/** The part of a page's address that names the snapshot to open. */
const ASKED = "atelier-snapshot";

export interface Checkout {
  remote?: string;
  branch: string;
  commit?: string;
}

/** A notebook as it was when somebody shared it. */
export interface Snapshot {
  id: string;
  name: string;
  owner: string;
  created: string;
  instanceType?: string;
  image?: string;
  git?: Checkout;
  notebook: INotebookContent;
}

export interface Shared {
  id: string;
  url: string;
  created: string;
}

export interface Wish {
  path: string;
  includeOutput: boolean;
  includeGit: boolean;
}

export function share(wish: Wish): Promise<Shared> {
  return ask("POST", SNAPSHOTS, wish);
}

export function snapshot(id: string): Promise<Snapshot> {
  return ask("GET", `${SNAPSHOTS}/${encodeURIComponent(id)}`);
}

/** Lays a copy into the home and tells its path. */
export async function copy(id: string): Promise<string> {
  return (await ask<{ path: string }>("POST", `${SNAPSHOTS}/${encodeURIComponent(id)}/copy`, {})).path;
}

/** The snapshot that an address asks for, and the address without it. */
export function asked(address: string): { id: string; rest: string } | undefined {
  const url = new URL(address);
  const id = url.searchParams.get(ASKED);
  if (!id) {
    return undefined;
  }
  url.searchParams.delete(ASKED);
  return { id, rest: url.toString() };
}

/** A notebook that nobody can edit and that may run nothing: it is somebody else's. */
export function readOnly(notebook: INotebookContent): INotebookContent {
  const cells = notebook.cells.map((cell) => {
    const { trusted: _, ...metadata } = cell.metadata as Record<string, unknown>;
    return { ...cell, metadata: { ...metadata, editable: false, deletable: false } };
  });
  // a notebook that never ran says in its kernel alone what language it is in
  const language = notebook.metadata.kernelspec?.["language"];
  const metadata = { language_info: { name: typeof language === "string" ? language : "python" }, ...notebook.metadata };
  return { ...notebook, metadata, cells: cells as INotebookContent["cells"] };
}
