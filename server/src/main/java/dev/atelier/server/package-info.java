/** The program: commands of the launcher, the wiring of all parts by hand, start and end of the server. */
package dev.atelier.server;
