package dev.atelier.server.registry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a path of the protocol names. No name holds a character that would have to be encoded. */
sealed interface RegistryPath {
  Pattern NAME = Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
  Pattern FORM = Pattern.compile(
      "/v2/(?<name>.+)/(?<kind>blobs/uploads|blobs|manifests|tags|referrers)(?:/(?<rest>[^/]*))?");
  int LONGEST_NAME = 256;

  /** The registry itself: whoever may ask for it is signed in. */
  record Base() implements RegistryPath {}

  /** The names of all repositories. */
  record Catalogue() implements RegistryPath {}

  /** An address that GetDownloadUrlForLayer gave out. */
  record Download(String token) implements RegistryPath {}

  /** Where uploads begin. */
  record Uploads(String name) implements RegistryPath {}

  record Upload(String name, String id) implements RegistryPath {}

  record Blob(String name, String digest) implements RegistryPath {}

  /** @param reference a tag or a digest */
  record Manifest(String name, String reference) implements RegistryPath {}

  record Tags(String name) implements RegistryPath {}

  record Referrers(String name, String digest) implements RegistryPath {}

  /** Empty for a path that means nothing. */
  static Optional<RegistryPath> of(String path) {
    if (path.equals("/v2") || path.equals("/v2/")) {
      return Optional.of(new Base());
    }
    if (path.equals("/v2/_catalog")) {
      return Optional.of(new Catalogue());
    }
    if (path.startsWith("/v2/_layers/")) {
      return Optional.of(new Download(path.substring("/v2/_layers/".length())));
    }
    Matcher matcher = FORM.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = matcher.group("name");
    String rest = matcher.group("rest") == null ? "" : matcher.group("rest");
    return switch (matcher.group("kind")) {
      case "blobs/uploads" -> Optional.of(rest.isEmpty() ? new Uploads(name) : new Upload(name, rest));
      case "tags" -> rest.equals("list") ? Optional.of(new Tags(name)) : Optional.empty();
      case "blobs" -> some(rest, new Blob(name, rest));
      case "manifests" -> some(rest, new Manifest(name, rest));
      default -> some(rest, new Referrers(name, rest));
    };
  }

  private static Optional<RegistryPath> some(String rest, RegistryPath path) {
    return rest.isEmpty() ? Optional.empty() : Optional.of(path);
  }

  static boolean isName(String name) {
    return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
  }
}
