/** The protocol that docker and podman speak to a registry (github.com/opencontainers/distribution-spec, 1.1). */
package dev.atelier.server.registry;
