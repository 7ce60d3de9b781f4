package dev.atelier.runtimes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of an image's name that decide what it is; account and region do not.
 *
 * @param repository without registry host, such as {@code sagemaker-xgboost}
 * @param tag without digest; {@code latest} when none is given
 */
record ImageUri(String repository, String tag) {
  private static final Pattern FORM = Pattern.compile("(?:([^/]+\\.[^/]+|[^/]+:\\d+|localhost)/)?([^:@]+)(?::([^@]+))?(?:@.+)?");
  private static final Pattern VERSION = Pattern.compile("^(\\d+(?:\\.\\d+)*)(?:-|$)");

  static Optional<ImageUri> parse(String uri) {
    Matcher matcher = FORM.matcher(uri);
    return matcher.matches()
        ? Optional.of(new ImageUri(matcher.group(2), matcher.group(3) == null ? "latest" : matcher.group(3)))
        : Optional.empty();
  }

  /** The framework's version at the beginning of the tag, as in {@code 1.2-1-cpu-py3}. */
  Optional<String> version() {
    Matcher matcher = VERSION.matcher(tag);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** The Python that the repository is called after, as {@code 3.10} of {@code sagemaker-base-python-310}. */
  Optional<String> pythonOfRepository() {
    Matcher matcher = Pattern.compile("-(3)(\\d{1,2})$").matcher(repository);
    return matcher.find() ? Optional.of(matcher.group(1) + "." + matcher.group(2)) : Optional.empty();
  }

  /** The Python of the tag, as {@code 3.8}, where it names a minor version. */
  Optional<String> python() {
    Matcher matcher = Pattern.compile("-py(\\d)(\\d+)(?:-|$)").matcher(tag);
    return matcher.find() ? Optional.of(matcher.group(1) + "." + matcher.group(2)) : Optional.empty();
  }
}
