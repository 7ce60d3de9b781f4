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
  private static final Pattern VERSION = Pattern.compile("^(\\d{1,9}(?:\\.\\d{1,9})*)(?:-|$)");
  private static final Pattern PYTHON = Pattern.compile("-py(3)(\\d{1,3})(?:-|$)");
  private static final Pattern NAMED_PYTHON = Pattern.compile("sagemaker-(?:base-python|data-science)-(3)(\\d+)");
  private static final Pattern PYTHON_2 = Pattern.compile("-(py2\\d?)(?:-|$)");
  private static final Pattern GPU = Pattern.compile("-(gpu)(?:-|$)");

  static Optional<ImageUri> parse(String uri) {
    Matcher matcher = FORM.matcher(uri);
    return matcher.matches()
        ? Optional.of(new ImageUri(matcher.group(2), matcher.group(3) == null ? "latest" : matcher.group(3)))
        : Optional.empty();
  }

  /** The framework's version at the beginning of the tag, as in {@code 1.2-1-cpu-py3}. */
  Optional<Version> version() {
    return found(VERSION).map(Version::of);
  }

  /** The version of a library in the middle of the tag, as {@code 4.26.0} of {@code 1.13.1-transformers4.26.0-cpu}. */
  Optional<Version> version(String library) {
    return found(Pattern.compile("-" + Pattern.quote(library) + "(\\d{1,9}(?:\\.\\d{1,9})*)(?:-|$)")).map(Version::of);
  }

  /** The Python of the tag, as {@code 3.8}, where it names a minor version; some repositories name it in its place. */
  Optional<String> python() {
    Matcher matcher = PYTHON.matcher(tag);
    Matcher named = NAMED_PYTHON.matcher(repository);
    return matcher.find() ? Optional.of(matcher.group(1) + "." + matcher.group(2))
        : named.matches() ? Optional.of(named.group(1) + "." + named.group(2)) : Optional.empty();
  }

  /** Whether it is the repository that names the Python. */
  boolean namesPython() {
    return NAMED_PYTHON.matcher(repository).matches();
  }

  /** Whether what it asks for is Python 2. */
  boolean ofPython2() {
    return found(PYTHON_2).isPresent();
  }

  /** Whether it is the one of several builds that is for GPUs. */
  boolean forGpus() {
    return found(GPU).isPresent();
  }

  private Optional<String> found(Pattern pattern) {
    Matcher matcher = pattern.matcher(tag);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
