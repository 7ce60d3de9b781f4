/**
 * The console's host: its pages, its sessions, and AWS's protocols for who is signed in. Nothing here is reached by any
 * other host name, and no cookie is read anywhere else.
 */
package dev.atelier.server.console;
