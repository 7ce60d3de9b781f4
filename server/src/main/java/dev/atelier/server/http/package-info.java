/**
 * The one port: HTTP, TLS and CONNECT by the first bytes, then the Host header decides what a request may be, then the
 * dispatcher finds service and operation, verifies, authorises, validates and performs it.
 */
package dev.atelier.server.http;
