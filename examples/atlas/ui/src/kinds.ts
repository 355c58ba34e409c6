// Kinds of files: their names and colours.

import type { FileKind, Kind } from "./api";

export const KIND_TITLES: Record<Kind, string> = {
  image: "Images",
  video: "Video",
  audio: "Audio",
  document: "Documents",
  code: "Code",
  archive: "Archives",
  data: "Data",
  program: "Programs",
  other: "Other",
  folder: "Folder",
  link: "Link",
  special: "Device",
};

/** What one file of a kind is called. */
export const KIND_NAMES: Record<Kind, string> = {
  ...KIND_TITLES,
  image: "Image",
  document: "Document",
  archive: "Archive",
  program: "Program",
};

export const FILE_KINDS: FileKind[] = [
  "image", "video", "audio", "document", "code", "archive", "data", "program", "other",
];

export interface Palette {
  kinds: Record<Kind, string>;
  ground: string;
  folders: string[];
  title: string;
  label: string;
  faint: string;
  rest: string;
  ring: string;
  hover: string;
}

/** Read the colours of the map from the style sheet, which knows whether it is light or dark. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const kinds = Object.fromEntries(
    Object.keys(KIND_TITLES).map((kind) => [kind, colour(`kind-${kind}`) || colour("kind-other")]),
  ) as Record<Kind, string>;
  return {
    kinds,
    ground: colour("map-ground"),
    folders: [colour("map-folder-0"), colour("map-folder-1")],
    title: colour("map-title"),
    label: colour("map-label"),
    faint: colour("map-faint"),
    rest: colour("map-rest"),
    ring: colour("map-ring"),
    hover: colour("map-hover"),
  };
}
