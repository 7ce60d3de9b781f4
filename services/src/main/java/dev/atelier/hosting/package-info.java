/**
 * Models, endpoint configurations, endpoints and their invocation. An endpoint is InService when the server process of its
 * every host has answered {@code /ping} with 200, and not before. Owns the tables {@code hosting_*}.
 */
package dev.atelier.hosting;
