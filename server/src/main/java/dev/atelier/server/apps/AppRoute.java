package dev.atelier.server.apps;

import java.nio.file.Path;

/**
 * Where an app's program listens.
 *
 * @param socket the unix socket that leads into its sandbox
 * @param token what the program takes as proof that the request passed through here
 */
public record AppRoute(Path socket, String token) {}
