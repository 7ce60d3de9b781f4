import { applyDensity, applyMode, Density, Mode } from "@cloudscape-design/global-styles";
import type { Settings } from "./settings";

/** How the user wants it: the character itself is a sheet that the build made. */
export function show(settings: Settings): void {
  const dark =
    settings.theme === "dark" ||
    (settings.theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
  applyDensity(settings.density === "compact" ? Density.Compact : Density.Comfortable);
  document.documentElement.lang = settings.language;
}
