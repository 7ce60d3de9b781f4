/** Notebook instances: a JupyterLab of their own on a machine of their own, with a volume that outlives it. */
package dev.atelier.notebook;
