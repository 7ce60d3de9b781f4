/** The way to programs that have pages of their own: who may enter, and where each program stands. */
package dev.atelier.entry;
