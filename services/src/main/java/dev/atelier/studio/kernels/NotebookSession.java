package dev.atelier.studio.kernels;

import dev.atelier.kernel.Arn;

/**
 * What joins a document with a kernel.
 *
 * @param owner the ARN of the profile or space
 * @param path of the document, relative to the home
 * @param name that a client shows
 * @param type such as {@code notebook} or {@code console}
 * @param kernel the kernel's id
 */
public record NotebookSession(String id, Arn owner, String path, String name, String type, String kernel) {}
