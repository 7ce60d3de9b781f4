package dev.atelier.studio.kernels;

import java.time.Instant;
import java.util.Optional;

/**
 * A cell of a notebook that a kernel runs or ran, and whose outputs may not be in the file yet.
 *
 * @param message the id of the request
 * @param cell the cell's id in the notebook
 * @param path of the notebook, relative to the home
 * @param began where the kernel's record stood before
 */
public record Execution(String kernel, String message, String cell, String path, long began, Instant startedAt,
    Optional<Instant> finishedAt) {}
