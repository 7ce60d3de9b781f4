/** From an image URI to something a sandbox can run: the catalogue, its recipes, and cached environments. */
package dev.atelier.runtimes;
