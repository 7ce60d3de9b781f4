package dev.atelier.runtimes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Sentences on what an image's tag asks for, or AWS's image of that tag has, and the runtime here has not. */
final class Differences {
  private final ImageUri uri;
  private final List<String> sentences = new ArrayList<>();

  Differences(ImageUri uri) {
    this.uri = uri;
  }

  /**
   * @param asked the version in the tag
   * @param version what the runtime has; empty when it is not known or of no matter
   * @param provides that version with its framework's name
   */
  Differences framework(Optional<Version> asked, String version, String provides) {
    asked.filter(each -> !version.isEmpty() && !(version + ".").startsWith(each + "."))
        .ifPresent(each -> sentences.add(
            "The image tag " + uri.tag() + " asks for version " + each + "; this runtime has " + provides));
    return this;
  }

  /** @param image AWS's of this tag, where it is known */
  Differences python(Optional<AwsImage> image, String have) {
    String asking = uri.namesPython() ? "The image " + uri.repository() : "The image tag " + uri.tag();
    uri.python().filter(asked -> !asked.equals(have)).ifPresent(asked -> sentences.add(
        asking + " asks for Python " + asked + "; this runtime has Python " + have));
    image.filter(each -> uri.python().isEmpty() && !each.python().equals(have)).ifPresent(each -> sentences.add(
        "AWS's image " + each.tag() + " has Python " + each.python() + "; this runtime has Python " + have));
    return this;
  }

  /** @param installed the version of a package in the runtime */
  Differences packages(Optional<AwsImage> image, Function<String, Optional<String>> installed) {
    Map<String, String> theirs = new TreeMap<>();
    Map<String, String> ours = new TreeMap<>();
    image.map(AwsImage::packages).orElse(Map.of()).forEach((name, version) -> {
      String have = installed.apply(name).orElse("none");
      if (!have.equals(version)) {
        theirs.put(name, version);
        ours.put(name, have);
      }
    });
    if (!theirs.isEmpty()) {
      sentences.add("AWS's image " + image.orElseThrow().tag() + " has " + listed(theirs) + "; this runtime has "
          + listed(ours));
    }
    return this;
  }

  /** @param cuda whether the runtime has what programs on GPUs need */
  Differences device(boolean cuda) {
    if (uri.forGpus() && !cuda) {
      sentences.add("The image tag " + uri.tag() + " asks for a build for GPUs; this runtime is for processors alone");
    }
    return this;
  }

  private static String listed(Map<String, String> versions) {
    return String.join(", ", versions.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).toList());
  }

  List<String> sentences() {
    return List.copyOf(sentences);
  }
}
