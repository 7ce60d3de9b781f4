/** The server's configuration: the file's keys, their defaults and meaning. */
package dev.atelier.server.config;
