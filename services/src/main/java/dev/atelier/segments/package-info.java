/** Files of compressed frames with a sparse index, which only grow: what logs and metrics keep their data in. */
package dev.atelier.segments;
