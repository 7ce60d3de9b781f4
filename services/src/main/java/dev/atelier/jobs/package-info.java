/**
 * What every kind of job needs: instance types, capacity, the store as a job's role sees it, the way of a job's output
 * into the logs, and archives of what a job leaves behind.
 */
package dev.atelier.jobs;
