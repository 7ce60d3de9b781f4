/** The palette of charts: told apart by those who see few colours, too. */
export const COLOURS = ["#0d9488", "#b45309", "#6d28d9", "#be123c", "#1d4ed8", "#4d7c0f"];
