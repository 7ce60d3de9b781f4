/**
 * Training jobs: their states and transitions ({@link dev.atelier.training.TrainingState}), what is stored of them, and
 * how one is run. Owns the tables {@code training_*}; the history there is SecondaryStatusTransitions.
 */
package dev.atelier.training;
