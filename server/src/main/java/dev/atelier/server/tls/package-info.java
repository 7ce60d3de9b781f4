/**
 * Atelier's own certificate authority, one per data folder: it answers for AWS host names and localhost only, so that
 * clients that insist on AWS's hosts can be led here. The key never leaves the data folder.
 */
package dev.atelier.server.tls;
