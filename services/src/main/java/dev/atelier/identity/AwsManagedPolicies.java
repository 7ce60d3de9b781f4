package dev.atelier.identity;

import dev.atelier.kernel.Arn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The managed policies that belong to AWS: documents, read by the evaluator like any other. */
final class AwsManagedPolicies {
  private AwsManagedPolicies() {}

  /** The names, in order; each has its document beside this class. */
  static List<String> names() {
    return read("names.txt").orElseThrow().lines().toList();
  }

  /** The policy's name within an ARN such as {@code arn:aws:iam::aws:policy/job-function/ViewOnlyAccess}. */
  static String name(Arn arn) {
    return arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
  }

  static Optional<String> document(String name) {
    return name.matches("[A-Za-z0-9_+=,.@-]+") ? read(name + ".json") : Optional.empty();
  }

  private static Optional<String> read(String file) {
    try (InputStream in = AwsManagedPolicies.class.getResourceAsStream("managed/" + file)) {
      return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
