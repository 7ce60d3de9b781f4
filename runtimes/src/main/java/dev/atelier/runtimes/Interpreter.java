package dev.atelier.runtimes;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A Python that environments are built with.
 *
 * @param version the minor version, such as {@code 3.11}
 * @param executable on this machine
 * @param folder the installation's folder, where it lies outside {@code /usr}, which sandboxes see as it is
 * @param own whether it is the machine's own Python 3
 */
record Interpreter(String version, Path executable, Optional<Path> folder, boolean own) {}
