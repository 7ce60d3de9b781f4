/**
 * How tuning jobs choose what to try next: random and grid search, Bayesian optimisation with Gaussian processes,
 * Hyperband's brackets, the median rule. Pure: the same history and seed give the same choice; nothing here knows of
 * training jobs. Every loss is to be minimised.
 */
package dev.atelier.tuning.search;
