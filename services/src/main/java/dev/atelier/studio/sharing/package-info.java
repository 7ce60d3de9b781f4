/** Notebooks that are shared within a domain as they are at a moment. */
package dev.atelier.studio.sharing;
