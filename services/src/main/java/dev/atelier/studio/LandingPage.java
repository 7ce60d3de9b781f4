package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a presigned URL of a domain leads, as {@code LandingUri} says it: {@code app:JupyterLab:lab/tree/work} or {@code
 * studio::}.
 *
 * @param appType the app; empty for the one that the owner has
 * @param path below the app's own; empty for its first page
 */
record LandingPage(Optional<String> appType, String path) {
  private static final Pattern FORM = Pattern.compile("(?:studio:|app:([A-Za-z]+)):(.*)");
  private static final Pattern PATH = Pattern.compile("(?!/)[^\\\\\\s\\p{Cntrl}]*");

  /** Reads a LandingUri. Throws ValidationException. */
  static LandingPage of(Optional<String> uri) {
    if (uri.isEmpty()) {
      return new LandingPage(Optional.empty(), "");
    }
    Matcher parts = FORM.matcher(uri.get());
    if (!parts.matches() || !PATH.matcher(parts.group(2)).matches()
        || (parts.group(2) + "/").matches("(.*/)?\\.{1,2}/.*")) {
      throw Fault.validation("The LandingUri " + uri.get() + " is not valid. It is studio::path or app:AppType:path, "
          + "with a path that is relative.");
    }
    return new LandingPage(Optional.ofNullable(parts.group(1)), parts.group(2));
  }

  /** The path on the app's host. */
  String at(AppKind kind) {
    return kind.basePath() + (path.isEmpty() || appType.isEmpty() ? "lab" : path);
  }
}
