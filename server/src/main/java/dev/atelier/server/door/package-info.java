/**
 * A sandbox's way out: a unix socket of its own, on which the API, its role's credentials and the egress proxy answer.
 * Whoever speaks there is that sandbox and nobody else.
 */
package dev.atelier.server.door;
