/** Jupyter's messages over ZeroMQ and WebSockets. */
package dev.atelier.jupyter;
