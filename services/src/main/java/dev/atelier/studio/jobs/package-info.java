/** Notebooks that run as training jobs, now or by a schedule. */
package dev.atelier.studio.jobs;
