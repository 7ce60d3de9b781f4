/**
 * Programs of the built-in algorithm images. They know the container contract (folders under {@code /opt/ml}, signals,
 * port 8080) and nothing else of Atelier. What every algorithm shares lies here; each algorithm has a package.
 */
package dev.atelier.algorithms;
