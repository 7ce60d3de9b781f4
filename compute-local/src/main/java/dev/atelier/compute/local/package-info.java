/**
 * Runs every host of a workload as a bubblewrap sandbox of this machine. One folder per host holds all that is known of
 * it, so that a new server adopts what an old one started; a small keeper process beside each sandbox carries its log
 * and its connections.
 */
package dev.atelier.compute.local;
