/** Hosts of workloads as containers of Podman or Docker. */
package dev.atelier.compute.oci;
