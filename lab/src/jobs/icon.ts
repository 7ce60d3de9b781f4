import { LabIcon } from "@jupyterlab/ui-components";

/** A sheet of a calendar: what runs at a time of its own. */
export const jobIcon = new LabIcon({
  name: "atelier:notebook-job",
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
    <path class="jp-icon3 jp-icon-selectable" fill="#616161"
      d="M7 2h2v2h6V2h2v2h3v18H4V4h3zm11 8H6v10h12zM6 6v2h12V6zm4 5.5 5 3.5-5 3.5z"/>
  </svg>`,
});
