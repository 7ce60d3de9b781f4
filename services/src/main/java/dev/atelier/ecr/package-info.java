/**
 * ECR: repositories of container images, with the layers and manifests that docker and podman push. Rows are in
 * {@code ecr_repository}, {@code ecr_layer}, {@code ecr_image} and their like; layers are objects of a store of their
 * own.
 */
package dev.atelier.ecr;
