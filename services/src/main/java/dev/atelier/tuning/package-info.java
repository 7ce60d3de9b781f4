/**
 * Hyperparameter tuning jobs: their states ({@link dev.atelier.tuning.TuningState}), what is stored of them and of
 * their trials, and how trials become training jobs. Owns the tables {@code tuning_*}; what to try next is decided by
 * {@link dev.atelier.tuning.search}.
 */
package dev.atelier.tuning;
