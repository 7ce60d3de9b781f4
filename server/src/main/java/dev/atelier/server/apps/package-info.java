/** What stands between browsers and the programs of Studio's apps: who may pass, and how requests go through. */
package dev.atelier.server.apps;
